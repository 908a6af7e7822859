import { stringify } from 'yaml';
import { actionFlags } from './arguments-layer.ts';
import type { LoadedConfig } from './load.ts';
import { flagOf, type SettingName, settingNames, settingOf, variableOf } from './settings.ts';

/** The help, made from the settings. */
export function helpText(program: string): string {
  const groups = new Map<string, SettingName[]>();
  for (const name of settingNames) {
    const group = name.includes('.') ? name.split('.')[0]! : 'general';
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  const parts = [
    `Usage: ${program} [flags]\n\nStarts the platform: terminals over CoAP, people and programs over HTTP.`,
    ...[...groups].map(([group, names]) => `${titles[group] ?? group}\n${names.map(settingHelp).join('\n')}`),
    `Other flags\n  --config <file>\n      Configuration file (YAML). Default: yaolian.yaml in the data folder, if it is there\n${Object.entries(
      actionFlags,
    )
      .map(([flag, description]) => `  ${flag}\n      ${description}`)
      .join('\n')}`,
    precedence,
    `Examples\n${examples.map(([line, why]) => `  # ${why}\n  ${program} ${line}`).join('\n')}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

const titles: Readonly<Record<string, string>> = {
  general: 'General',
  coap: 'Terminals (CoAP)',
  xmpp: 'Message server (XMPP)',
  tls: 'Certificates (TLS)',
  lwm2m: 'LwM2M',
  'china-mobile': 'China Mobile, profiles B and C',
  firmware: 'Firmware',
  trace: 'Message traces',
  try: 'Simulated devices of the console',
  webhooks: 'Webhooks',
  mqtt: 'Publishing to an MQTT broker',
  ra: 'Remote Access (IGRS RA)',
  http: 'REST and console (HTTP)',
  storage: 'Storage',
  health: 'Health: from when on the platform says that it is not well',
  secrets: 'Secrets',
  audit: 'Audit trail',
  history: 'History',
  log: 'Log',
  stop: 'Stopping',
};

const precedence = `Where settings come from, the strongest last
  the file        http: { port: 8081 }
  environment     YAOLIAN_HTTP_PORT=8081
  flags           --http-port 8081`;

const examples: readonly (readonly [string, string])[] = [
  ['--data-dir /var/lib/yaolian', 'keep everything in one folder'],
  ['--http-host 0.0.0.0 --http-port 80', 'let other machines reach REST (put TLS in front of it)'],
  ['--profile china-mobile-a --enrolment allow-list', 'China Mobile terminals, only the ones allowed'],
  ['--coap-bootstrap-port 5783', 'a second port for bootstrap'],
  ['--print-config', 'see what is set, and where'],
];

function settingHelp(name: SettingName): string {
  const setting = settingOf(name);
  const flag = setting.isSwitch ? `${flagOf(name)} | ${flagOf(name).replace('--', '--no-')}` : flagOf(name);
  const value = setting.placeholder === '' ? '' : ` ${setting.placeholder}`;
  const preset = setting.write(setting.default);
  const example = setting.example === String(preset) ? '' : `; for example ${setting.example}`;
  const default_ = preset === undefined ? 'not set' : String(preset);
  return `  ${flag}${value}\n      ${setting.description}\n      ${variableOf(name)}; default ${default_}${example}`;
}

/** The configuration as a YAML file that would set it again, with where each value came from. */
export function configText(loaded: LoadedConfig): string {
  const lines: string[] = [];
  let group = '';
  for (const name of settingNames) {
    const [first, rest] = name.split('.') as [string, string | undefined];
    if (rest !== undefined && first !== group) lines.push(`${first}:`);
    group = rest === undefined ? '' : first;
    const value = settingOf(name).write(loaded.config[name]);
    const entry = `${rest === undefined ? '' : '  '}${value === undefined ? '# ' : ''}${rest ?? first}:`;
    lines.push(`${entry} ${value === undefined ? '' : stringify(value).trimEnd()} # ${loaded.origins.get(name)}`);
  }
  return `${lines.join('\n')}\n`;
}
