import { because, type JsonSetting, routes } from '@yaolian/contract';
import type { Log } from '@yaolian/kernel';
import { type LiveSettings, liveSettings, type SettingRefusal } from '../config/live-settings.ts';
import { flagOf, type SettingName, settingNames, settingOf, variableOf } from '../config/settings.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';

export interface SettingServices {
  readonly settings: LiveSettings;
  readonly log: Log;
}

/** What the platform runs with, and what of it is changed while it does. */
export function addSettingRoutes(table: RouteTable, { settings, log }: SettingServices): void {
  const change = async (text: string, value: string | number | boolean | undefined, operator: string) => {
    const name = requireName(text);
    const changed = await settings.change(name, value);
    if (!changed.ok) throw refusalOf(name, changed.error);
    const shown = toJson(name, settings);
    log.info('setting changed', { setting: name, value: shown.value, operator });
    return shown;
  };
  table.add(routes.listSettings, () => ({ items: settingNames.map((name) => toJson(name, settings)) }));
  table.add(routes.showSetting, ({ params }) => toJson(requireName(params.setting), settings));
  table.add(routes.changeSetting, ({ params, body, actor }) => change(params.setting, body.value, actor!.operator));
  table.add(routes.resetSetting, ({ params, actor }) => change(params.setting, undefined, actor!.operator));
}

function requireName(text: string): SettingName {
  const name = settingNames.find((one) => one === text);
  if (name) return name;
  throw new Refusal('not-found', because('setting-unknown', { name: text }));
}

function refusalOf(name: SettingName, refusal: SettingRefusal): Refusal {
  if (refusal === 'not-live') return new Refusal('conflict', because('setting-needs-start', { name }));
  if (refusal === 'fixed') return new Refusal('conflict', because('setting-fixed', { name }));
  const { range = '', example } = settingOf(name);
  const detail = `${name} must be ${refusal.right}.`;
  return new Refusal('invalid-value', { ...because('setting-unfit', { name, range, example }), detail });
}

function toJson(name: SettingName, settings: LiveSettings): JsonSetting {
  const setting = settingOf(name);
  const value = setting.write(settings.config[name]);
  const preset = setting.write(setting.default);
  const isLive = liveSettings.includes(name);
  return {
    name,
    ...(value === undefined || setting.isSecret ? {} : { value }),
    ...(preset === undefined ? {} : { default: preset }),
    changed: value !== preset,
    secret: setting.isSecret === true,
    live: isLive,
    origin: settings.originOf(name),
    ...(isLive ? { example: setting.example, ...(setting.range === undefined ? {} : { range: setting.range }) } : {}),
    description: setting.description,
    flag: flagOf(name),
    variable: variableOf(name),
  };
}
