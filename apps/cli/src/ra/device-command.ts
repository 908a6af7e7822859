import { createVerificationCode } from '@yaolian/directory';
import { accountCodes } from '@yaolian/igrs';
import { type AccountClient, AccountRefused } from '@yaolian/igrs/client';
import type { Duration } from '@yaolian/kernel';
import { nodeRandom } from '@yaolian/node-runtime';
import type { ApplianceAccount, ApplianceKind } from '@yaolian/simulator';
import { Jid } from '@yaolian/xmpp';
import { Argument, type Command, Option } from 'commander';
import { type Cli, type CommandRun, onRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import { collectOption, durationOption, integerOption, numberOption } from '../parsers.ts';
import { simulatorOutput } from '../simulator/options.ts';
import { accountJid, clientsOf, explainConnecting } from '../xmpp/session.ts';
import { accountServer, urlOption, withAccountServer } from './account-server.ts';
import { type ExposedService, exposeOption, exposeServices } from './exposed-services.ts';
import { addConnectionOptions, passwordOf, type RaOptions, raAddress, whereIs } from './session.ts';

interface DeviceCommandOptions extends RaOptions {
  readonly kind?: ApplianceKind;
  readonly count?: number;
  readonly code?: string;
  readonly confirm?: 'accept' | 'decline';
  readonly register: boolean;
  readonly url?: string;
  readonly token?: string;
  readonly stepEvery?: Duration;
  readonly speed?: number;
  readonly faultEvery?: Duration;
  readonly seed?: number;
  readonly expose?: readonly ExposedService[];
}

const kinds: readonly ApplianceKind[] = ['air-conditioner', 'water-heater', 'refrigerator', 'microwave'];

/** GB/T 29265.205 §7.3, §8, §11: simulated devices that speak RA themselves. */
export function registerDeviceCommand(ra: Command, cli: Cli): void {
  const command = ra
    .command('device')
    .summary('run a simulated device that speaks RA itself')
    .description(
      'Run a simulated appliance: it registers with the account server, logs in, shows its verification code, and is read, written and observed like any other device. Its password is YAOLIAN_RA_PASSWORD, or is asked for. Who writes it a message is answered how it is.',
    )
    .addArgument(new Argument('<device>', 'its account: name@domain, or the name when YAOLIAN_RA_USER has the domain'))
    .addOption(
      new Option('-k, --kind <kind>', 'what it is')
        .choices(kinds)
        .default(undefined, `${kinds[0]}; several take turns`),
    )
    .addOption(
      new Option('-n, --count <number>', 'so many of them: name-1, name-2, …')
        .argParser(integerOption('a count', 1, 1000))
        .default(undefined, '1'),
    )
    .addOption(new Option('--code <code>', 'its verification code').default(undefined, 'a random one'))
    .addOption(
      new Option('--confirm <answer>', 'be asked before a user owns it, and answer so').choices(['accept', 'decline']),
    )
    .addOption(new Option('--no-register', 'the account is there already; do not ask the account server'))
    .addOption(urlOption())
    .addOption(new Option('--token <token>', 'the invitation, where one is needed'))
    .addOption(
      new Option('--step-every <duration>', 'how often time passes for it')
        .argParser(durationOption)
        .default(undefined, '5s'),
    )
    .addOption(
      new Option('--speed <factor>', 'so much faster than life')
        .argParser(numberOption('a speed'))
        .default(undefined, '1'),
    )
    .addOption(new Option('--fault-every <duration>', 'it breaks down so often, in the mean').argParser(durationOption))
    .addOption(
      new Option('--seed <number>', 'values are the same for the same seed')
        .argParser(integerOption('a seed', 0, 4_294_967_295))
        .default(undefined, '1'),
    )
    .addOption(
      new Option(
        '--expose <name=host:port>',
        'let its users reach this TCP service with "yaolian ra forward"; may be given several times',
      ).argParser(collectOption(exposeOption)),
    );
  addConnectionOptions(command);
  addExamples(command, [
    ['An air conditioner', 'yaolian ra device cooler@home.example'],
    [
      'A refrigerator that asks before somebody owns it',
      'yaolian ra device fridge --kind refrigerator --confirm accept',
    ],
    ['With its web page', 'yaolian ra device cooler@home.example --expose web=127.0.0.1:8080'],
    ['A kitchen full of them, sixty times as fast as life', 'yaolian ra device kitchen --count 8 --speed 60'],
  ]);
  onRun<DeviceCommandOptions>(cli, command, runDevices);
}

async function runDevices(run: CommandRun<DeviceCommandOptions>): Promise<void> {
  const { host, options, printer, signal } = run;
  const { runAppliances } = await import('@yaolian/simulator');
  const first = deviceOf(run);
  const password = await passwordOf(run, first.toString());
  const accounts = await Promise.all(named(first, options).map((jid, turn) => accountOf(run, jid, password, turn)));
  if (options.register) {
    const server = await accountServer(options, host);
    for (const account of accounts) await register(run, server, account, password);
  }
  const { stepEvery, speed, faultEvery, seed, confirm } = options;
  if (speed !== undefined && !(speed > 0 && speed <= 10_000))
    throw cliErrors.CLI_USAGE('a speed is above 0, 10000 at most');
  const running = runAppliances({
    accounts,
    ...(stepEvery === undefined ? {} : { stepEvery }),
    ...(speed === undefined ? {} : { speed }),
    ...(faultEvery === undefined ? {} : { faultEvery }),
    ...(seed === undefined ? {} : { seed }),
    confirms: confirm !== 'decline',
    output: simulatorOutput(host.stdout),
    json: printer.json,
    signal,
  });
  const summary = await running.catch((error: unknown) => {
    signal.throwIfAborted();
    throw explainConnecting(error);
  });
  await printer.result({ type: 'summary', ...summary }, () => '');
  signal.throwIfAborted();
}

function deviceOf({ args, host }: CommandRun<unknown>): Jid {
  const [text] = args;
  if (text?.includes('@') === true) return accountJid(text).bare;
  const user = Jid.parse(host.environment.YAOLIAN_RA_USER ?? '');
  if (user === undefined) throw cliErrors.CLI_USAGE(`"${text}" is no account; write name@domain`);
  return accountJid(raAddress(text, user)).bare;
}

/** `kitchen-1`, `kitchen-2`, … */
function named(first: Jid, { count }: DeviceCommandOptions): readonly Jid[] {
  if (count === undefined) return [first];
  return Array.from({ length: count }, (_, index) => accountJid(`${first.local}-${index + 1}@${first.domain}`));
}

async function accountOf(
  { options, host }: CommandRun<DeviceCommandOptions>,
  jid: Jid,
  password: string,
  turn: number,
): Promise<ApplianceAccount> {
  const connection = { ...options, ...whereIs(options, host.environment) };
  const make = await clientsOf(connection, { jid, password });
  const expose = options.expose && (await exposeServices(options.expose));
  return {
    address: jid.toString(),
    kind: options.kind ?? kinds[turn % kinds.length]!,
    serial: `YL-${String(turn + 1).padStart(4, '0')}`,
    open: (listener) => {
      const client = make(listener);
      expose?.(client);
      return client;
    },
  };
}

/** §7.3: registers it, unless it is registered already with this password. */
async function register(
  { options, printer, signal }: CommandRun<DeviceCommandOptions>,
  server: AccountClient,
  { address, kind }: ApplianceAccount,
  password: string,
): Promise<void> {
  const name = address.slice(0, address.lastIndexOf('@'));
  const verifyCode = options.code ?? createVerificationCode(nodeRandom);
  const { applianceModels, applianceVendor: vendor } = await import('@yaolian/simulator');
  const facts = { deviceType: kind, vendor, model: applianceModels[kind] };
  const device = {
    name,
    password,
    verifyCode,
    ...facts,
    confirms: options.confirm !== undefined,
    token: options.token,
  };
  try {
    const id = await server.registerDevice(device, { signal });
    if (id !== address) throw cliErrors.CLI_USAGE(`the account server made it ${id}: that is its address`);
    await printer.result(
      { type: 'registered', device: address, code: verifyCode },
      () => `${printable(address)}  registered; its code is ${printable(verifyCode)}\n`,
    );
  } catch (error) {
    const isThere = error instanceof AccountRefused && error.code === accountCodes.deviceExists;
    await withAccountServer(async () => {
      if (!isThere) throw error;
      const { kind: known } = await server.read({ name, password }, { signal });
      if (known !== 'device') throw cliErrors.CLI_REFUSED(`${address} is a user`);
    });
  }
}
