import { formatDuration } from '@yaolian/kernel';
import type { Platform } from './platform.ts';
import { version } from './version.ts';

/** What is printed when the platform runs: where everything listens, the first password, what to try next. */
export function welcomeText(platform: Platform): string {
  const { config, listening, udpAdapter, dataFolder, adminPassword, enrolment, server } = platform;
  const rows = listening.map(({ service, url }, index) => {
    const isRepeated = listening[index - 1]?.service === service;
    return [isRepeated ? '' : (serviceTitles[service] ?? service), describeUrl(url, udpAdapter)];
  });
  rows.push(['Data', dataFolder]);
  rows.push(['Profile', `${config.profile}, enrolment ${enrolment.mode}`]);
  if (server.size > 0) rows.push(['Restored', `${server.size} registrations, ${server.observationCount} observations`]);
  const table = rows.map(([title, text]) => `  ${title!.padEnd(12)}${text}`).join('\n');
  const parts = [`Yaolian ${version} runs.`, table];
  if (adminPassword !== undefined) parts.push(passwordText(adminPassword));
  parts.push(nextSteps(platform));
  return `${parts.join('\n\n')}\n\nCtrl-C stops it (at most ${formatDuration(config['stop.drain'])}).\n`;
}

const serviceTitles: Readonly<Record<string, string>> = {
  dm: 'Terminals',
  bootstrap: 'Bootstrap',
  http: 'REST',
};

const transports: Readonly<Record<string, string>> = {
  'coap+tcp': 'plain TCP',
  'coaps+tcp': 'TLS',
  'coap+ws': 'WebSocket',
  'coaps+ws': 'WebSocket with TLS',
};

function describeUrl(url: string, udpAdapter: string): string {
  if (url.startsWith('http:')) return `${url}/api/v1 (described by ${url}/openapi.json)`;
  const port = url.slice(url.lastIndexOf(':') + 1);
  const isEverywhere = url.includes('//[::]:') || url.includes('//0.0.0.0:');
  const scheme = url.slice(0, url.indexOf(':'));
  const kind = transports[scheme] ?? 'UDP';
  const where = isEverywhere ? `${kind === 'UDP' ? 'UDP' : 'TCP'} port ${port} on every address` : url;
  return `${where} (${kind === 'UDP' ? `${udpAdapter} UDP` : kind})`;
}

function passwordText(password: string): string {
  return `The password of "admin", shown only now:\n\n    ${password}`;
}

function nextSteps({ config, listening }: Platform): string {
  const http = reachable(listening.find(({ service }) => service === 'http')?.url ?? '');
  const coap = reachable(listening.find(({ service }) => service === 'dm')?.url ?? '');
  return [
    'Next, in another terminal:',
    `  npx yaolian login ${http}`,
    `  npx yaolian terminal --server ${coap}${config.profile === 'plain' ? ' --endpoint my-first-device' : ''}`,
  ].join('\n');
}

/** "Every address" is no address to go to: this machine's own stands for it. */
function reachable(url: string): string {
  return url.replace('//[::]:', '//127.0.0.1:').replace('//0.0.0.0:', '//127.0.0.1:');
}
