import type { Setting } from './setting.ts';
import { coapSettings } from './settings/coap.ts';
import { healthSettings } from './settings/health.ts';
import { httpSettings } from './settings/http.ts';
import { lwm2mSettings } from './settings/lwm2m.ts';
import { mqttSettings } from './settings/mqtt.ts';
import { processSettings } from './settings/process.ts';
import { raSettings } from './settings/ra.ts';
import { servicesSettings } from './settings/services.ts';
import { startSettings } from './settings/start.ts';
import { storageSettings } from './settings/storage.ts';
import { tlsSettings } from './settings/tls.ts';
import { xmppSettings } from './settings/xmpp.ts';

/**
 * Every setting of the platform, once. `coap.port` is `coap: { port: … }` in the file, YAOLIAN_COAP_PORT in the
 * environment and --coap-port on the command line. The help and the checks come from here.
 */
export const settings = {
  ...startSettings,
  ...coapSettings,
  ...xmppSettings,
  ...tlsSettings,
  ...lwm2mSettings,
  ...servicesSettings,
  ...mqttSettings,
  ...raSettings,
  ...httpSettings,
  ...storageSettings,
  ...healthSettings,
  ...processSettings,
} as const;

export type SettingName = keyof typeof settings;

type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** Every setting with its value. */
export type Config = { readonly [K in SettingName]: ValueOf<(typeof settings)[K]> };

export const settingNames = Object.keys(settings) as SettingName[];

/** A setting as the code that treats all alike sees it. */
export function settingOf(name: SettingName): Setting<unknown> {
  return settings[name] as unknown as Setting<unknown>;
}

export function flagOf(name: SettingName): string {
  return `--${name.replaceAll('.', '-')}`;
}

export function variableOf(name: SettingName): string {
  return `YAOLIAN_${name.replaceAll(/[.-]/g, '_').toUpperCase()}`;
}

export function defaultConfig(): Config {
  return Object.fromEntries(settingNames.map((name) => [name, settingOf(name).default])) as unknown as Config;
}
