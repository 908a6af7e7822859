import { type JsonSetting, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { settingTexts } from '../../catalogue/setting-texts.ts';
import { useLoad } from '../../platform/load.ts';
import { call, callTagged, type Tagged, unlessChanged, useMay } from '../../platform/session.ts';
import { hasText, language, useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone, tellFailure } from '../../ui/notices.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { SettingsNav } from './settings-nav.tsx';

/** What the platform was started with; what is not the default stands out. */
export function LimitsPage() {
  const t = useText();
  const { data, error, reload } = useLoad((signal) => call(routes.listSettings, { signal }), []);
  const [search, setSearch] = useState('');
  const [onlyChanged, setOnlyChanged] = useState(false);
  const fits = (setting: JsonSetting) =>
    (setting.changed || !onlyChanged) &&
    `${setting.name} ${describe(setting).text}`.toLowerCase().includes(search.trim().toLowerCase());
  const found = data?.items.filter(fits) ?? [];
  return (
    <>
      <PageTitle text={t('limits.title')} />
      <SettingsNav current="/settings/limits" />
      <p class="hint">{t('limits.lead')}</p>
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="loading">{t('common.loading')}</p>}
      {data && (
        <>
          <div class="toolbar">
            <label class="field narrow">
              <span>{t('limits.search')}</span>
              <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
            </label>
            <label class="check">
              <input
                type="checkbox"
                checked={onlyChanged}
                onChange={(event) => setOnlyChanged(event.currentTarget.checked)}
              />
              {t('limits.changed')}
            </label>
          </div>
          {found.length === 0 ? (
            <p class="empty">{t(onlyChanged && search.trim() === '' ? 'limits.all-default' : 'limits.none')}</p>
          ) : (
            <SettingGroups settings={found} isOpen={onlyChanged || search.trim() !== ''} onChange={reload} />
          )}
        </>
      )}
    </>
  );
}

/** What it does, in the language of the page; one that has no text there, as the platform says it. */
function describe({ name, description }: JsonSetting): { readonly text: string; readonly lang?: 'en' } {
  const text = language.value === 'zh' ? settingTexts[name] : undefined;
  return text === undefined ? { text: description, lang: 'en' } : { text };
}

interface SettingsProps {
  readonly settings: readonly JsonSetting[];
  readonly onChange: () => void;
}

/** Closed, they are seen together; what was looked for is open. */
function SettingGroups({ settings, isOpen, onChange }: SettingsProps & { readonly isOpen: boolean }) {
  const t = useText();
  const groups = Map.groupBy(settings, groupOf);
  return (
    <div class="settings">
      {[...groups].map(([group, members]) => {
        const changed = members.filter((one) => one.changed).length;
        const key = `limits.group.${group}`;
        return (
          <details key={`${group} ${isOpen}`} class="card flush" open={isOpen}>
            <summary>
              <h2>{hasText(key) ? t(key) : group}</h2>
              <small>
                {t('limits.group.count', { count: members.length })}
                {changed > 0 && ` · ${t('limits.group.changed', { count: changed })}`}
              </small>
            </summary>
            <SettingsTable settings={members} onChange={onChange} />
          </details>
        );
      })}
    </div>
  );
}

/** The first word of its name. */
function groupOf({ name }: JsonSetting): string {
  return name.includes('.') ? name.split('.')[0]! : 'general';
}

function SettingsTable({ settings, onChange }: SettingsProps) {
  const t = useText();
  const may = useMay('admin');
  const [changing, setChanging] = useState<Tagged<JsonSetting>>();
  // As it is now, whatever the page shows.
  const edit = (setting: string) => () =>
    callTagged(routes.showSetting, { params: { setting } }).then(setChanging).catch(tellFailure);
  const shown = (value: JsonSetting['value']) => (value === undefined ? t('limits.unset') : String(value));
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('limits.name')}</th>
            <th scope="col">{t('limits.value')}</th>
            <th scope="col">{t('limits.default')}</th>
          </tr>
        </thead>
        <tbody>
          {settings.map((setting) => (
            <tr key={setting.name}>
              <td class="setting">
                <code>{setting.name}</code>
                <Description setting={setting} />
              </td>
              <td>
                {setting.changed ? (
                  <strong>{setting.secret ? t('limits.hidden') : shown(setting.value)}</strong>
                ) : (
                  shown(setting.value)
                )}
                {setting.live && setting.origin === 'start' && <small>{t('limits.fixed')}</small>}
                {setting.live && setting.origin !== 'start' && may && (
                  <button
                    type="button"
                    class="quiet"
                    aria-label={t('limits.change', { name: setting.name })}
                    onClick={edit(setting.name)}
                  >
                    {t('limits.change.action')}
                  </button>
                )}
              </td>
              <td>{shown(setting.default)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {changing && <ChangeDialog edited={changing} onChange={onChange} onClose={() => setChanging(undefined)} />}
    </>
  );
}

function ChangeDialog({
  edited,
  onChange,
  onClose,
}: {
  readonly edited: Tagged<JsonSetting>;
  readonly onChange: () => void;
  readonly onClose: () => void;
}) {
  const t = useText();
  const { value: setting, tag } = edited;
  const { name, range = '', example = '' } = setting;
  const preset = String(setting.default ?? '');
  const [value, setValue] = useState(String(setting.value ?? ''));
  const change = async () => {
    const params = { setting: name };
    const isReset = value.trim() === preset;
    const changed = isReset
      ? await call(routes.resetSetting, { params, ...unlessChanged(tag) })
      : await call(routes.changeSetting, { params, body: { value: value.trim() }, ...unlessChanged(tag) });
    tellDone(t('limits.changed.done', { name, value: String(changed.value ?? t('limits.unset')) }));
    onChange();
  };
  return (
    <Dialog title={t('limits.change', { name })} action={t('limits.change.action')} onAction={change} onClose={onClose}>
      <Description setting={setting} />
      <label class="field">
        <span>{t('limits.value')}</span>
        <input value={value} maxLength={200} onInput={(event) => setValue(event.currentTarget.value)} />
        <small>{t('limits.change.hint', { range, example })}</small>
      </label>
      <button type="button" class="quiet" disabled={value.trim() === preset} onClick={() => setValue(preset)}>
        {t('limits.reset')}
      </button>
      <p class="hint">{t('limits.change.less')}</p>
    </Dialog>
  );
}

function Description({ setting }: { readonly setting: JsonSetting }) {
  const { text, lang } = describe(setting);
  return <small lang={lang}>{text}</small>;
}
