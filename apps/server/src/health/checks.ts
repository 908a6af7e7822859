import {
  fillIn,
  type HealthFindingCode,
  type HealthPart,
  type HealthState,
  healthFindings,
  healthStates,
  type JsonHealthCheck,
} from '@yaolian/contract';
import { toMilliseconds, toSeconds } from '@yaolian/kernel';
import type { CertificateFacts, DescriptorUse } from '@yaolian/node-runtime';
import type { StorageCondition } from '@yaolian/storage';
import type { Config, SettingName } from '../config/settings.ts';
import type { BrokerCondition } from '../mqtt/mqtt-publisher.ts';

type Values = JsonHealthCheck['values'];
export type HealthLimits = Pick<Config, Extract<keyof Config, `health.${string}`>>;

const dayMilliseconds = 86_400_000;

/** One check: without a finding it is well. */
function check(part: HealthPart, values: Values, finding?: HealthFindingCode, subject?: string) {
  const about = { part, ...(subject === undefined ? {} : { subject }), values };
  if (finding === undefined) return { ...about, state: 'ok' as const };
  const { state, detail, advice } = healthFindings[finding];
  const told = { ...values, ...(subject === undefined ? {} : { subject }) };
  return { ...about, state, finding, detail: fillIn(detail, told), advice: fillIn(advice, told) };
}

/** The worst of all. */
export function worstOf(checks: readonly JsonHealthCheck[]): HealthState {
  return healthStates.findLast((state) => checks.some((one) => one.state === state)) ?? 'ok';
}

/** Disk, transactions and the size of the database. @param maxDatabase bytes; undefined: what the disk has */
export function checkStorage(
  condition: StorageCondition,
  limits: HealthLimits,
  maxDatabase: number | undefined,
): readonly JsonHealthCheck[] {
  const { lastSeconds, failure, databaseBytes: sizeBytes, freeBytes, diskBytes: totalBytes } = condition;
  const least = limits['health.min-disk'];
  const disk = freeBytes < least / 10 ? 'disk-full' : freeBytes < least ? 'disk-low' : undefined;
  const isLarge = maxDatabase !== undefined && sizeBytes >= (maxDatabase * limits['health.full']) / 100;
  const isSlow = lastSeconds !== undefined && lastSeconds > toSeconds(limits['health.max-commit']);
  const values = {
    sizeBytes,
    ...(maxDatabase === undefined ? {} : { limitBytes: maxDatabase }),
    ...(lastSeconds === undefined ? {} : { seconds: lastSeconds }),
    ...(failure === undefined ? {} : { reason: failure }),
  };
  const storage =
    failure !== undefined ? 'commits-fail' : isLarge ? 'database-large' : isSlow ? 'commits-slow' : undefined;
  return [check('storage', values, storage), check('disk', { freeBytes, totalBytes }, disk)];
}

export interface ListenerUse {
  readonly url: string;
  /** What is open of what may be; undefined where nothing is counted. */
  readonly use?: { readonly used: number; readonly limit: number; readonly setting: string };
  /** Seconds that the answer to a ping took, or why there was none. */
  readonly ping?: number | string;
}

export function checkListener({ url, use, ping }: ListenerUse, limits: HealthLimits): JsonHealthCheck {
  if (typeof ping === 'string') return check('listener', { reason: ping }, 'listener-silent', url);
  const answer = ping === undefined ? {} : { pingSeconds: ping };
  if (use === undefined) return check('listener', answer, undefined, url);
  const { used, limit } = use;
  return check('listener', { ...use, ...answer }, fullness(used, limit, limits, 'listener-busy', 'listener-full'), url);
}

export function checkQueue(used: number, limit: number, limits: HealthLimits): JsonHealthCheck {
  return check('queue', { used, limit }, fullness(used, limit, limits, 'queue-long', 'queue-full'));
}

/** @param isOpen whether whoever is not on the allow-list may register; else the bound keeps nobody out */
export function checkDevices(used: number, limit: number, isOpen: boolean, limits: HealthLimits): JsonHealthCheck {
  return check(
    'devices',
    { used, limit },
    isOpen ? fullness(used, limit, limits, 'devices-many', 'devices-full') : undefined,
  );
}

function fullness<B extends HealthFindingCode, F extends HealthFindingCode>(
  used: number,
  limit: number,
  limits: HealthLimits,
  busy: B,
  full: F,
): B | F | undefined {
  if (used >= limit) return full;
  return used >= (limit * limits['health.full']) / 100 ? busy : undefined;
}

export function checkLoop(seconds: number, limits: HealthLimits): JsonHealthCheck {
  const isLate = seconds > toSeconds(limits['health.max-loop-delay']);
  return check('event-loop', { seconds }, isLate ? 'loop-late' : undefined);
}

export function checkMemory(
  { resident, heap, heapLimit }: { readonly resident: number; readonly heap: number; readonly heapLimit: number },
  limits: HealthLimits,
): JsonHealthCheck {
  const isShort = heap >= (heapLimit * limits['health.full']) / 100;
  const values = { residentBytes: resident, usedBytes: heap, limitBytes: heapLimit };
  return check('memory', values, isShort ? 'heap-short' : undefined);
}

/** @param use the most of a moment ago */
export function checkDescriptors(use: DescriptorUse, limits: HealthLimits): JsonHealthCheck {
  const { used, limit } = use;
  const finding = fullness(used, limit, limits, 'descriptors-few', 'descriptors-none');
  return check('descriptors', { used, limit }, finding);
}

/** @param subject where it is served: the URL, `#` and the domain for one of a domain alone; @param now milliseconds since the epoch */
export function checkCertificate(
  subject: string,
  { notBefore, notAfter }: Pick<CertificateFacts, 'notBefore' | 'notAfter'>,
  now: number,
  limits: HealthLimits,
): JsonHealthCheck {
  const days = daysLeft(notAfter, now);
  const finding = certificateFinding({ notBefore, notAfter }, now, limits);
  // What a listener shows for one domain alone is in a folder of its own.
  const from: readonly SettingName[] = subject.includes('#') ? ['xmpp.certificates'] : ['tls.certificate', 'tls.key'];
  const settings = finding === undefined ? {} : { settings: from.join(', ') };
  return check('certificate', { days, ...settings }, finding, subject);
}

const ofAuthority = {
  'certificate-ends': 'authority-ends',
  'certificate-over': 'authority-over',
  'certificate-early': 'authority-early',
} as const;

/** An authority whose certificates of terminals and clients are believed. @param now milliseconds since the epoch */
export function checkAuthority(
  { subject, notBefore, notAfter }: Pick<CertificateFacts, 'subject' | 'notBefore' | 'notAfter'>,
  now: number,
  limits: HealthLimits,
): JsonHealthCheck {
  const finding = certificateFinding({ notBefore, notAfter }, now, limits);
  return check('certificate', { days: daysLeft(notAfter, now) }, finding && ofAuthority[finding], subject);
}

/** Files whose content is looked at while the platform runs. @param reason why it is not taken; undefined: it is */
export function checkFiles(
  setting: SettingName,
  reason: string | undefined,
  subject: string = setting,
): readonly JsonHealthCheck[] {
  if (reason === undefined) return [];
  const settings = setting === 'tls.certificate' ? 'tls.certificate, tls.key' : setting;
  const finding = setting === 'tls.client-ca' ? 'authority-unfit' : 'certificate-unfit';
  return [check('certificate', { reason, settings }, finding, subject)];
}

export function certificateFinding(
  { notBefore, notAfter }: Pick<CertificateFacts, 'notBefore' | 'notAfter'>,
  now: number,
  limits: HealthLimits,
) {
  if (now > notAfter) return 'certificate-over';
  if (now < notBefore) return 'certificate-early';
  return notAfter - now < toMilliseconds(limits['health.certificate-warning']) ? 'certificate-ends' : undefined;
}

/** Whole days; negative when it is over. */
export function daysLeft(notAfter: number, now: number): number {
  return Math.floor((notAfter - now) / dayMilliseconds);
}

export function checkWebhook(hook: {
  readonly webhook: { readonly id: string; readonly url: string };
  readonly waiting: number;
  readonly dropped: number;
  readonly failure: string | undefined;
}): JsonHealthCheck {
  const { webhook, waiting, dropped, failure } = hook;
  // Only the host: path and query may be secrets, and viewers see this.
  const values = {
    receiver: new URL(webhook.url).host,
    waiting,
    dropped,
    ...(failure === undefined ? {} : { reason: failure }),
  };
  const finding = dropped > 0 ? 'webhook-dropping' : failure === undefined ? undefined : 'webhook-failing';
  return check('webhook', values, finding, webhook.id);
}

const clearSchemes: Readonly<Record<string, string>> = {
  coap: 'coaps',
  'coap+tcp': 'coaps+tcp',
  'coap+ws': 'coaps+ws',
  http: 'https',
};

/** Where settings send terminals for packages; of those that send terminals with DTLS or TLS into the clear it is said. */
export function checkPackages(config: Config): readonly JsonHealthCheck[] {
  const isSecureServed = config['coap.dtls'] || config['coap.tls'] || config['coap.wss-port'] !== undefined;
  return (['firmware.coap-base', 'firmware.http-base'] as const).flatMap((setting) => {
    const base = config[setting];
    if (base === undefined) return [];
    const scheme = base.slice(0, base.indexOf(':')).toLowerCase();
    const secure = isSecureServed ? clearSchemes[scheme] : undefined;
    const values = { scheme, ...(secure === undefined ? {} : { secure }) };
    return [check('firmware', values, secure === undefined ? undefined : 'packages-in-clear', setting)];
  });
}

/** The settings by which the platform reaches each broker: what it publishes to, and what terminals come over. */
const brokerSettings = {
  mqtt: ['mqtt.url', 'mqtt.username', 'mqtt.password-file', 'mqtt.ca-file'],
  'lwm2m.mqtt': ['lwm2m.mqtt-url', 'lwm2m.mqtt-username', 'lwm2m.mqtt-password-file', 'lwm2m.mqtt-ca-file'],
} as const satisfies Record<string, readonly SettingName[]>;

/** @param subject the URL of the broker */
export function checkBroker(
  subject: string,
  { isUp, trouble, waiting, dropped }: BrokerCondition,
  broker: keyof typeof brokerSettings,
): JsonHealthCheck {
  const away = { reason: trouble ?? 'connecting', settings: brokerSettings[broker].join(', ') };
  const values = { waiting, dropped, ...(isUp ? {} : away) };
  const finding = dropped > 0 ? 'broker-dropping' : isUp ? undefined : 'broker-away';
  return check('mqtt', values, finding, subject);
}
