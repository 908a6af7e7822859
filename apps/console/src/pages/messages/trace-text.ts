import { fieldInChinese, traceFields } from '../../catalogue/trace-fields.ts';
import { traceInChinese } from '../../catalogue/trace-words.ts';
import { modelNames } from '../../platform/model-names.ts';
import { language } from '../../platform/text.ts';

/** A title or a note of the trace in the language of the page. */
export function traceText(text: string): string {
  return language.value === 'zh' ? traceInChinese(text) : text;
}

/** The name of a field; that of an option, a path or a resource is the same in every language. */
export function fieldName(name: string): string {
  if (language.value !== 'zh') return name;
  // Of a value, as of a path: `/3303/0/5700 Temperature / 0 / Sensor Value`
  if (name.startsWith('/')) return modelNames().path(name.split(' ', 1)[0]!);
  return Object.hasOwn(traceFields, name) ? traceFields[name]! : name;
}

/** What a field says. What it holds of the peer's own text stays as it is. */
export function fieldValue(name: string, value: string): string {
  if (language.value !== 'zh') return value;
  // `/3303/0/5700 Temperature / 0 / Sensor Value`
  if (name === 'Path') return modelNames().path(value.split(' ', 1)[0]!);
  return fieldInChinese(name, value);
}
