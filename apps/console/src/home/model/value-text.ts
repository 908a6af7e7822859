import type { JsonHomeResource, JsonValue } from '@yaolian/contract';
import { formatFullTime, formatNumber } from '../../platform/format.ts';
import type { NamesOfModel } from '../../platform/names-of-model.ts';
import { hasText, type Translate } from '../../platform/text.ts';

/** A value as text, without its unit. */
export function valueText(
  { type, path }: Pick<JsonHomeResource, 'type' | 'path'>,
  value: JsonValue,
  t: Translate,
): string {
  if (typeof value === 'boolean') {
    // 5850 is On/Off of every actuator in OMA's registry; other resources answer a question.
    const isSwitch = path.split('/')[3] === '5850';
    return t(isSwitch ? (value ? 'home.on' : 'home.off') : value ? 'common.yes' : 'common.no');
  }
  if (type === 'float' && typeof value === 'number') return formatNumber(Math.round(value * 100) / 100);
  if (typeof value === 'number') return formatNumber(value);
  if (type === 'time') return formatFullTime(value);
  return value;
}

/** What a resource is called: by the object for the value of a sensor, otherwise by itself; with what the device says that it is for. */
export function labelOf(
  { path, name, label: told }: Pick<JsonHomeResource, 'path' | 'name' | 'label'>,
  t: Translate,
  names: NamesOfModel,
): string {
  const [, object = '', instance = '0', resource = ''] = path.split('/');
  const ofObject = `object.${object}`;
  const ofResource = `resource.${resource}`;
  const isWhole = resource === '5700' || resource === '5900' || resource === '5850' || resource === '5500';
  const keys = [`resource.${object}.${resource}`, isWhole ? ofObject : '', ofResource];
  const key = keys.find(hasText);
  const label = key === undefined ? (names.resource(path, name) ?? path) : t(key);
  if (told !== undefined && isWhole) return `${label} · ${told}`;
  return instance === '0' ? label : `${label} ${Number(instance) + 1}`;
}

export function objectLabel(path: string, name: string | undefined, t: Translate, names: NamesOfModel): string {
  const [, object = '', instance = '0'] = path.split('/');
  const key = `object.${object}`;
  const label = hasText(key) ? t(key) : (names.object(Number(object), name) ?? path);
  return instance === '0' ? label : `${label} ${Number(instance) + 1}`;
}
