import { formatDuration } from '@yaolian/kernel';
import type { Platform } from './platform.ts';
import { blockedPortTroubles } from './start/start-trouble.ts';
import { version } from './version.ts';

/** What is printed when the platform runs: where everything listens, the first password, what to try next. */
export function welcomeText(platform: Welcome): string {
  const { config, dataFolder, adminPassword, enrolment, server } = platform;
  const rows = [...peopleRows(platform), ...protocolRows(platform)];
  rows.push(['Data', dataFolder]);
  rows.push(['Profile', `${config.profile}; enrolment ${enrolment.mode}: ${whoRegisters[enrolment.mode]}`]);
  if (server.size > 0) rows.push(['Restored', restoredText(server)]);
  const table = rows.map(([title, text]) => `  ${title.padEnd(12)}${text}`).join('\n');
  const parts = [`Yaolian ${version} runs.`, table];
  if (adminPassword !== undefined) parts.push(passwordText(adminPassword));
  parts.push(nextSteps(platform));
  return `${parts.join('\n\n')}\n\nCtrl-C stops it (at most ${formatDuration(config['stop.drain'])}).\n`;
}

/** What the text is made of. */
export interface Welcome
  extends Pick<Platform, 'config' | 'listening' | 'udpAdapter' | 'dataFolder' | 'adminPassword'> {
  readonly enrolment: Pick<Platform['enrolment'], 'mode'>;
  readonly server: Pick<Platform['server'], 'size' | 'observationCount'>;
}

type Row = readonly [title: string, text: string];

const whoRegisters = {
  open: 'every terminal may register',
  'allow-list': 'terminals on the allow-list may register',
} as const;

function restoredText({ size, observationCount }: Welcome['server']): string {
  const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
  return `${counted(size, 'registration')}, ${counted(observationCount, 'observation')}`;
}

/** What people open in a browser, and programs call. */
function peopleRows({ config, listening }: Welcome): Row[] {
  const [plain, ...others] = listening.filter(({ service }) => service === 'http').map(({ url }) => reachable(url));
  if (plain === undefined) return [];
  const rows: Row[] = [['Console', `${plain}/ (open it in a browser, sign in as "admin")`]];
  for (const trouble of blockedPortTroubles(config)) rows.push(['', trouble]);
  const domain = config['ra.domain'];
  if (domain !== undefined) rows.push(['Home', `${plain}/home (for owners of devices, who register at ${domain})`]);
  rows.push(['REST', `${plain}/api/v1 (described by ${plain}/openapi.json)`]);
  for (const url of others) rows.push(['', `${url} (all of these over HTTPS)`]);
  if (domain !== undefined && others.length === 0 && isLoopback(plain)) {
    rows.push(['', 'From this machine alone: --http-tls-port 8443 opens them to phones, over HTTPS']);
  }
  return rows;
}

/** What terminals and XMPP clients connect to. */
function protocolRows({ config, listening, udpAdapter }: Welcome): Row[] {
  const rows = listening.filter(({ service }) => service !== 'http');
  return rows.map(({ service, url }, index) => {
    const isRepeated = rows[index - 1]?.service === service;
    const isClosed = /^coap(\+\w+)?:/.test(url) && !config['coap.nosec'];
    const where = describeUrl(url, udpAdapter) + (isClosed ? ', for discovery and OSCORE alone: NoSec is off' : '');
    return [isRepeated ? '' : (serviceTitles[service] ?? service), where];
  });
}

const serviceTitles: Readonly<Record<string, string>> = {
  dm: 'Terminals',
  bootstrap: 'Bootstrap',
  xmpp: 'Messages',
  servers: 'Servers',
};

const transports: Readonly<Record<string, string>> = {
  coaps: 'CoAP with DTLS',
  'coap+tcp': 'CoAP',
  'coaps+tcp': 'CoAP with TLS',
  'coap+ws': 'CoAP over WebSocket',
  'coaps+ws': 'CoAP over WebSocket with TLS',
  mqtt: 'LwM2M over the MQTT broker there',
  mqtts: 'LwM2M over the MQTT broker there, with TLS',
  xmpp: 'XMPP with STARTTLS',
  xmpps: 'XMPP with TLS',
  'xmpp-component': 'components',
  stun: 'STUN',
  https: 'HTTPS with certificates of both sides, for application servers',
};

function describeUrl(url: string, udpAdapter: string): string {
  const port = url.slice(url.lastIndexOf(':') + 1);
  const isEverywhere = /[/:](\[::\]|0\.0\.0\.0):\d+$/.test(url);
  const scheme = url.slice(0, url.indexOf(':'));
  const kind = transports[scheme] ?? `CoAP, ${udpAdapter}`;
  const protocol = scheme.includes('+') || scheme.startsWith('xmpp') || scheme === 'https' ? 'TCP' : 'UDP';
  const where = isEverywhere ? `${protocol} port ${port} on every address` : url;
  return `${where} (${kind})`;
}

function passwordText(password: string): string {
  const lost = 'Change it in the console under Settings; when it is lost, --reset-admin-password makes another.';
  return `The password of "admin", shown only now:\n\n    ${password}\n\n${lost}`;
}

function nextSteps({ config, listening }: Welcome): string {
  const http = reachable(listening.find(({ service }) => service === 'http')?.url ?? '');
  return [
    `Next, open ${http}/, sign in and press "Add a simulated device"; or in another terminal:`,
    `  npx yaolian login ${http}`,
    ...(config['coap.nosec'] ? openTerminal(config.profile, listening) : secureTerminal(listening)),
  ].join('\n');
}

function openTerminal(profile: string, listening: Welcome['listening']): readonly string[] {
  const coap = reachable(listening.find(({ service }) => service === 'dm')?.url ?? '');
  return [`  npx yaolian terminal --server ${coap}${profile === 'plain' ? ' --endpoint my-first-device' : ''}`];
}

/** Without NoSec a terminal needs a key first. */
function secureTerminal(listening: Welcome['listening']): readonly string[] {
  const secure = listening.find(({ url }) => url.startsWith('coaps'));
  if (!secure) return [];
  const name = 'my-first-device';
  return [
    `  npx yaolian credentials add ${name}`,
    `  npx yaolian terminal --server ${reachable(secure.url)} --endpoint ${name} --psk-identity ${name} --psk-key <that key>`,
  ];
}

/** "Every address" is no address to go to: this machine's own stands for it. */
function reachable(url: string): string {
  return url.replace('//[::]:', '//127.0.0.1:').replace('//0.0.0.0:', '//127.0.0.1:');
}

function isLoopback(url: string): boolean {
  return /^http:\/\/(127\.|\[::1\]|localhost)/.test(url);
}
