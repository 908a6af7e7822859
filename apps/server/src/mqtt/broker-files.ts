import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Config } from '../config/settings.ts';
import { platformErrors } from '../errors.ts';
import { fileTrouble } from '../start/start-trouble.ts';

/** What the settings of a broker name by files. */
export interface BrokerFiles {
  readonly password: Uint8Array | undefined;
  /** PEM. */
  readonly authorities: Uint8Array | undefined;
  /** PEM: own certificate, for brokers that ask for one, with its key. */
  readonly credentials: { readonly certificate: Uint8Array; readonly key: Uint8Array } | undefined;
}

const settingsOf = (group: 'mqtt.' | 'lwm2m.mqtt-') =>
  ({
    username: `${group}username`,
    password: `${group}password-file`,
    ca: `${group}ca-file`,
    certificate: `${group}certificate-file`,
    key: `${group}key-file`,
  }) as const;

/**
 * Reads them, and finds what no connection could be made with.
 * @param group what the names of the settings begin with
 * @throws YaolianError MQTT_SETTING_BAD
 */
export async function readBrokerFiles(config: Config, group: 'mqtt.' | 'lwm2m.mqtt-'): Promise<BrokerFiles> {
  const names = settingsOf(group);
  const contentOf = async (name: 'password' | 'ca' | 'certificate' | 'key') => {
    const file = config[names[name]];
    if (file === undefined) return undefined;
    const bytes = await readFile(file).catch((error: unknown) => {
      throw platformErrors.MQTT_SETTING_BAD(names[name], fileTrouble(file, error), error);
    });
    return new Uint8Array(bytes);
  };
  const password = await contentOf('password');
  const authorities = await contentOf('ca');
  const certificate = await contentOf('certificate');
  const key = await contentOf('key');
  if (password !== undefined && config[names.username] === undefined) {
    throw platformErrors.MQTT_SETTING_BAD(names.password, `it goes with ${names.username}`);
  }
  const unless = (setting: string, why: string, check: () => void) => {
    try {
      check();
    } catch (error) {
      throw platformErrors.MQTT_SETTING_BAD(setting, why, error);
    }
  };
  if (authorities !== undefined) {
    unless(names.ca, `${config[names.ca]} holds no certificates in PEM`, () => new X509Certificate(authorities));
  }
  if (certificate === undefined && key === undefined) return { password, authorities, credentials: undefined };
  if (certificate === undefined || key === undefined) {
    throw platformErrors.MQTT_SETTING_BAD(names.certificate, `it goes with ${names.key}: give both, or none`);
  }
  const pem = `${config[names.certificate]} holds no certificates in PEM`;
  unless(names.certificate, pem, () => new X509Certificate(certificate));
  const both = `${config[names.key]} is not the key of the certificate in ${names.certificate}, or no key in PEM`;
  unless(names.key, both, () => createSecureContext({ cert: Buffer.from(certificate), key: Buffer.from(key) }));
  return { password, authorities, credentials: { certificate, key } };
}

/** A password of a file: the end of its line is none of it. */
export function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  if (bytes[end - 1] === 0x0a) end--;
  if (bytes[end - 1] === 0x0d) end--;
  return bytes.subarray(0, end);
}
