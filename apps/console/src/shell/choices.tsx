import { useStore } from '../platform/store.ts';
import { chooseLanguage, type Language, language, useText } from '../platform/text.ts';
import { chooseTheme, type Theme, theme, themes } from '../platform/theme.ts';

/** Language and theme. */
export function Choices() {
  const t = useText();
  const presentTheme = useStore(theme);
  const presentLanguage = useStore(language);
  return (
    <div class="choices">
      <select
        aria-label={t('language.label')}
        value={presentLanguage}
        onChange={(e) => chooseLanguage(e.currentTarget.value as Language)}
      >
        <option value="en">English</option>
        <option value="zh">简体中文</option>
      </select>
      <select
        aria-label={t('theme.label')}
        value={presentTheme}
        onChange={(e) => chooseTheme(e.currentTarget.value as Theme)}
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {t(`theme.${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
