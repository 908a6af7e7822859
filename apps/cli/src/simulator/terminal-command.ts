import { homedir } from 'node:os';
import { join } from 'node:path';
import { oscoreAeads, oscoreHkdfs, oscoreIdMistake } from '@yaolian/contract';
import { type Duration, decodeHex, decodeUtf8, encodeUtf8, seconds } from '@yaolian/kernel';
import { type Command, Option } from 'commander';
import { caDescription, certDescription, certKeyDescription, insecureDescription } from '../coap/request-options.ts';
import { tlsOptions } from '../coap/session.ts';
import { type Cli, type CommandRun, completeFiles, completeWith, onRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';
import { addExamples } from '../help.ts';
import type { Environment } from '../host.ts';
import { addOscoreOptions, addOscoreRederive, type OscoreOptions } from '../oscore-options.ts';
import { collectOption, durationOption, hexOption } from '../parsers.ts';
import {
  addFirmwareOptions,
  addSimulationOptions,
  type FirmwareOptions,
  firmwareOf,
  type SimulationOptions,
  simulation,
  simulatorOutput,
} from './options.ts';

interface TerminalCommandOptions extends SimulationOptions, FirmwareOptions, OscoreOptions {
  readonly firmwareJournal?: string;
  readonly bootstrapPack?: boolean;
  readonly memory?: string;
  readonly smartcard?: string;
  readonly endpoint?: string;
  readonly objects?: string;
  readonly definition?: readonly string[];
  readonly sampleEvery?: Duration;
  readonly confirmable?: boolean;
  readonly queueMode?: Duration | true;
  readonly sendEvery?: Duration;
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly pskIdentity?: string;
  readonly pskKey?: Uint8Array;
  readonly cert?: string;
  readonly certKey?: string;
  readonly oscoreStates?: string;
  readonly mqttUsername?: string;
  readonly mqttPasswordFile?: string;
  readonly renewBefore?: Duration;
  readonly profile?: 'china-mobile-a' | 'china-mobile-b' | 'china-mobile-c';
  readonly appKey?: string;
  readonly appPassword?: string;
}

export function registerTerminalCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('terminal')
    .summary('run one simulated terminal')
    .description(
      'Run one simulated terminal: it bootstraps, registers, is managed, reports, and de-registers at the end. A line at the bottom shows how it does; the keys a (airplane mode and back), u (Update), s (Send) and q (quit) work in it.',
    )
    .addOption(
      new Option('-e, --endpoint <name>', 'endpoint name').default(
        undefined,
        'one as China Mobile has them, from the seed',
      ),
    );
  command.addOption(
    new Option(
      '--objects <numbers>',
      'what it has, by numbers of the registry: 3,4,6,7,3303x2,3311@1.0. Objects 3, 4, 5, 6, 7, 9, 10, 11, 13, 16, 19, 20, 21, 25 behave as specified, sensors wander, others hold values; "yaolian objects" tells the numbers',
    ).default(undefined, '3,4,6,3303,3311'),
  );
  command.addOption(
    completeWith(
      new Option(
        '--definition <file>',
        'DDF XML of an object that is not in the registry, for --objects; may be repeated',
      ).argParser(collectOption((file) => file)),
      completeFiles,
    ),
  );
  addSimulationOptions(command, '93s before the lifetime ends')
    .addOption(
      new Option('--sample-every <duration>', 'how often its temperature moves')
        .argParser(durationOption)
        .default(undefined, '5s'),
    )
    .addOption(
      new Option(
        '--bootstrap-pack',
        'ask the Bootstrap-Server for everything at once, and step by step only if it refuses; needs --lwm2m 1.2',
      ),
    )
    .addOption(new Option('--confirmable', 'send notifications as CON'))
    .addOption(
      new Option(
        '--queue-mode [awake]',
        'sleep: listen only so long after each message, 93s by default; with short --update-every it wakes often',
      ).argParser(durationOption),
    )
    .addOption(new Option('--send-every <duration>', 'send its temperature unasked').argParser(durationOption))
    .addOption(completeWith(new Option('--ca <file>', caDescription), completeFiles))
    .addOption(new Option('--insecure', insecureDescription).conflicts('ca'))
    .addOption(new Option('--psk-identity <text>', 'authenticate by a pre-shared key, under this identity'))
    .addOption(new Option('--psk-key <hex>', 'that key').argParser(hexOption))
    .addOption(completeWith(new Option('--cert <file>', certDescription), completeFiles))
    .addOption(completeWith(new Option('--cert-key <file>', certKeyDescription), completeFiles))
    .addOption(new Option('--mqtt-username <text>', 'name for the broker of an mqtt:// or mqtts:// address'))
    .addOption(completeWith(new Option('--mqtt-password-file <file>', 'a file with its password'), completeFiles));
  addOscoreOptions(command, {
    senderId: 'its Sender ID: OSCORE with the server, or with the Bootstrap-Server',
    recipientId: 'its Recipient ID',
    secret: 'the Master Secret',
  });
  addOscoreRederive(command)
    .addOption(
      completeWith(
        new Option(
          '--oscore-states <folder>',
          'where the numbers are kept that security contexts used: lost or shared, messages can be read',
        ).default(undefined, '~/.local/state/yaolian/oscore'),
        completeFiles,
      ),
    )
    .addOption(
      new Option('--renew-before <duration>', 'how long before its end a certificate that it got by EST is renewed')
        .argParser(durationOption)
        .default(undefined, 'a third of its time'),
    );
  command
    .addOption(
      new Option('--profile <profile>', "which of China Mobile's profiles it follows")
        .choices(['china-mobile-a', 'china-mobile-b', 'china-mobile-c'])
        .default(undefined, 'china-mobile-a'),
    )
    .addOption(new Option('--app-key <key>', 'the appKey of its vendor, for profiles B and C'))
    .addOption(new Option('--app-password <text>', 'its password: 32 characters; "" where there is none'));
  addFirmwareOptions(command).addOption(
    new Option('--firmware-journal <file>', 'remember update and version in this file over restarts'),
  );
  command.addOption(
    completeWith(
      new Option(
        '--memory <file>',
        'remember its servers, keys included, and what they are yet to be told in this file over restarts; it bootstraps only when it knows no server',
      ),
      completeFiles,
    ),
  );
  command.addOption(
    completeWith(
      new Option(
        '--smartcard <file>',
        "a file in the place of a smartcard's EF LwM2M_Bootstrap (LwM2M Core, appendix G): its servers come before all others; taken away or changed, they go",
      ),
      completeFiles,
    ),
  );
  addExamples(command, [
    ['At the platform on this machine', 'yaolian terminal --endpoint my-first-device'],
    ['One that takes firmware', 'yaolian terminal --endpoint dev-1 --firmware'],
    ['Bootstrap first, with short lifetimes', 'yaolian terminal --bootstrap coap://192.0.2.1 --lifetime 60s'],
    [
      'Bootstrapped once, and known after restarts',
      'yaolian terminal --bootstrap coap://192.0.2.1 --memory dev-1.json',
    ],
    [
      'Bootstrap with one request (LwM2M 1.2)',
      'yaolian terminal --bootstrap coap://192.0.2.1 --lwm2m 1.2 --bootstrap-pack',
    ],
    ['With objects of your choice', 'yaolian terminal --objects 3,4,6,7,20,3304x2,3325'],
    ['With one of your own', 'yaolian terminal --objects 3,33001 --definition valve.xml'],
    ['Of profile C', 'yaolian terminal --profile china-mobile-c --app-key M100000001 --app-password "$PASSWORD"'],
    ['One that sleeps most of the time', 'yaolian terminal --queue-mode 10s --update-every 1m'],
    [
      'Over TLS, trusting the certificate that the platform made',
      'yaolian terminal --server coaps+tcp://127.0.0.1 --ca data/tls/certificate.pem',
    ],
    [
      'Over OSCORE',
      'yaolian terminal --endpoint dev-1 --oscore-sender-id 01 --oscore-recipient-id 00 --oscore-secret "$SECRET"',
    ],
    [
      'Over an MQTT broker, under topics that begin with tenant-a (LwM2M 1.2)',
      'yaolian terminal --endpoint dev-1 --server mqtt://127.0.0.1:1883/tenant-a',
    ],
    ['For a program: everything that happens, one JSON object a line', 'yaolian terminal --json'],
  ]);
  onRun<TerminalCommandOptions>(cli, command, runOne);
}

function vendorOf({ profile, appKey, appPassword }: TerminalCommandOptions) {
  if (profile === undefined || profile === 'china-mobile-a') {
    if (appKey === undefined && appPassword === undefined) return {};
    throw cliErrors.CLI_USAGE('--app-key and --app-password are of profiles B and C: say --profile');
  }
  if (appKey === undefined || appPassword === undefined) {
    throw cliErrors.CLI_USAGE(`--profile ${profile} needs --app-key and --app-password`);
  }
  return { vendor: { profile, appKey, appPassword } };
}

/** @throws CLI_USAGE when a part is missing, or the parts do not go together */
function oscoreOf(options: TerminalCommandOptions) {
  const { oscoreSenderId: senderId, oscoreRecipientId: recipientId, oscoreSecret: secret, oscoreSalt } = options;
  const { oscoreIdContext: idContext, oscoreAead: aead, oscoreHkdf: hkdf, oscoreRederive: rederives } = options;
  const given = [senderId, recipientId, secret, oscoreSalt, idContext, aead, hkdf, rederives];
  if (given.every((one) => one === undefined)) return {};
  if (senderId === undefined || recipientId === undefined || secret === undefined) {
    throw cliErrors.CLI_USAGE('OSCORE needs --oscore-sender-id, --oscore-recipient-id and --oscore-secret');
  }
  const mistake = oscoreIdMistake({ senderId, recipientId, aead });
  if (mistake) throw cliErrors.CLI_USAGE(`${mistake.where} ${mistake.message}`);
  const bytes = (hex: string) => decodeHex(hex)!;
  return {
    oscore: {
      masterSecret: bytes(secret),
      senderId: bytes(senderId),
      recipientId: bytes(recipientId),
      ...(oscoreSalt !== undefined && { masterSalt: bytes(oscoreSalt) }),
      ...(idContext !== undefined && { idContext: bytes(idContext) }),
      ...(aead !== undefined && { aead: oscoreAeads[aead] }),
      ...(hkdf !== undefined && { kdf: oscoreHkdfs[hkdf] }),
      ...(rederives && { rederives }),
    },
  };
}

/** @throws CLI_USAGE where nobody would be asked for a pack */
function packOf({ bootstrapPack, bootstrap, lwm2m }: TerminalCommandOptions) {
  if (!bootstrapPack) return {};
  if (bootstrap === undefined) throw cliErrors.CLI_USAGE('--bootstrap-pack goes with --bootstrap');
  if (lwm2m !== '1.2' && !/^mqtts?:/i.test(bootstrap)) {
    throw cliErrors.CLI_USAGE('--bootstrap-pack needs --lwm2m 1.2: earlier versions have no packs');
  }
  return { bootstrapPack };
}

/** @throws CLI_USAGE when there is a password and no name; CLI_… when the file cannot be read */
async function mqttOf({ mqttUsername: userName, mqttPasswordFile: file }: TerminalCommandOptions) {
  if (userName === undefined && file === undefined) return {};
  if (userName === undefined) throw cliErrors.CLI_USAGE('--mqtt-password-file goes with --mqtt-username');
  const password =
    file === undefined
      ? undefined
      : Buffer.from(await readBytes(file))
          .toString('utf8')
          .replace(/\r?\n$/, '');
  return { mqtt: { userName, ...(password !== undefined && { password: encodeUtf8(password) }) } };
}

/** XDG Base Directory Specification: a relative path is to be ignored. */
function oscoreStatesOf({ XDG_STATE_HOME: configured, HOME }: Environment): string {
  const folder = configured?.startsWith('/') ? configured : join(HOME ?? homedir(), '.local', 'state');
  return join(folder, 'yaolian', 'oscore');
}

async function definitionFiles({ definition = [] }: TerminalCommandOptions) {
  return Promise.all(definition.map(async (name) => ({ name, xml: decodeUtf8(await readBytes(name)) ?? '' })));
}

async function runOne({ host, options, printer, signal }: CommandRun<TerminalCommandOptions>): Promise<void> {
  const { runTerminal, terminalKeys } = await import('@yaolian/simulator');
  const { endpoint, objects, sampleEvery, confirmable, queueMode, sendEvery, firmwareJournal: journal } = options;
  const { renewBefore } = options;
  const firmware = firmwareOf(options);
  const summary = await runTerminal({
    ...simulation(options),
    ...(endpoint === undefined ? {} : { endpointName: endpoint }),
    ...packOf(options),
    ...(objects === undefined ? {} : { objects }),
    definitions: await definitionFiles(options),
    ...(sampleEvery === undefined ? {} : { sampleEvery }),
    ...(queueMode === undefined ? {} : { awake: queueMode === true ? seconds(93) : queueMode }),
    ...(sendEvery === undefined ? {} : { sendEvery }),
    ...(renewBefore === undefined ? {} : { renewBefore }),
    ...(host.stdinIsTerminal && !printer.json ? { keys: terminalKeys(process.stdin) } : {}),
    ...(firmware === undefined ? {} : { firmware: { ...firmware, ...(journal === undefined ? {} : { journal }) } }),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    ...(options.smartcard === undefined ? {} : { smartcard: options.smartcard }),
    ...vendorOf(options),
    ...oscoreOf(options),
    ...(await mqttOf(options)),
    oscoreStates: options.oscoreStates ?? oscoreStatesOf(host.environment),
    tls: await tlsOptions(options),
    confirmableNotifications: confirmable === true,
    output: simulatorOutput(host.stdout),
    json: printer.json,
    signal,
  });
  await printer.result({ type: 'summary', ...summary }, () => '');
  signal.throwIfAborted();
}
