import type { TextKey } from '../catalogue/index.ts';
import type { Text } from '../catalogue/text.ts';
import { closedIn } from './closed-in.ts';
import { keepPreference, readPreference } from './preference.ts';
import { Store, useStore } from './store.ts';

const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

export const language = new Store<Language>(readPreference('language', languages) ?? preferred());

function preferred(): Language {
  return navigator.languages
    .find((tag) => /^(en|zh)\b/i.test(tag))
    ?.toLowerCase()
    .startsWith('zh')
    ? 'zh'
    : 'en';
}

export function chooseLanguage(choice: Language): void {
  keepPreference('language', choice);
  language.set(choice);
}

function show(choice: Language): void {
  document.documentElement.lang = localeOf(choice);
}

show(language.value);
language.watch(show);

/** The tag of BCP 47. */
export function localeOf(choice: Language): string {
  return choice === 'zh' ? 'zh-CN' : 'en';
}

export type Values = Readonly<Record<string, string | number>>;
export type Translate = (key: TextKey, values?: Values) => string;

type Catalogue = Readonly<Partial<Record<TextKey, Text>>>;

let catalogue: Catalogue = {};

/** Says which texts this page has: before anything is drawn. */
export function speakFrom(texts: Catalogue): void {
  catalogue = texts;
}

/** Whether this page has a text under a name that was put together. */
export function hasText(key: string): key is TextKey {
  return Object.hasOwn(catalogue, key);
}

/** The text in the language chosen now, with `{name}` filled in. */
export function translate(key: TextKey, values: Values = {}): string {
  return filled(catalogue[key]![language.value], values);
}

/** `{count}` becomes the value, `{count:device is|devices are}` what stands before the bar where it is one, otherwise what stands behind. */
export function filled(text: string, values: Values): string {
  return text.replaceAll(
    /\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g,
    (whole, name: string, one: string | undefined, many: string | undefined) => {
      const value = values[name];
      if (value === undefined) return whole;
      return (String(value) === '1' ? one : many) ?? closedIn(String(value));
    },
  );
}

/** {@link translate} for components: they are drawn again when the language changes. */
export function useText(): Translate {
  useStore(language);
  return translate;
}
