import { type JsonSetting, routes } from '@yaolian/contract';
import { type Config, flagOf, type SettingName, settingNames, settingOf, variableOf } from '../config/settings.ts';
import type { RouteTable } from '../http/mount.ts';

export function addSettingRoutes(table: RouteTable, { config }: { readonly config: Config }): void {
  table.add(routes.listSettings, () => ({ items: settingNames.map((name) => toJson(name, config)) }));
}

function toJson(name: SettingName, config: Config): JsonSetting {
  const setting = settingOf(name);
  const value = setting.write(config[name]);
  const preset = setting.write(setting.default);
  return {
    name,
    ...(value === undefined || setting.isSecret ? {} : { value }),
    ...(preset === undefined ? {} : { default: preset }),
    changed: value !== preset,
    secret: setting.isSecret === true,
    description: setting.description,
    flag: flagOf(name),
    variable: variableOf(name),
  };
}
