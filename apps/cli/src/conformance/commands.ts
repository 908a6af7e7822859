import { createVerificationCode } from '@yaolian/directory';
import type { AccountProof } from '@yaolian/igrs/client';
import { countResults, encodeJunit, type RaResult, type RaTarget, runRaConformance } from '@yaolian/igrs/conformance';
import { encodeBase64Url } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto } from '@yaolian/node-runtime';
import { Argument, type Command, Option } from 'commander';
import { type Cli, type CommandRun, onRun } from '../command.ts';
import { ExitCode } from '../errors.ts';
import { addExamples } from '../help.ts';
import { accountServer, accountServerUrl, post, urlOption } from '../ra/account-server.ts';
import { addPlaceOptions, type RaOptions, whereIs } from '../ra/session.ts';
import { accountJid, clientsOf } from '../xmpp/session.ts';
import { registerClientConformance } from './client-commands.ts';
import { describeResult } from './describe-result.ts';

interface ConformanceOptions extends RaOptions {
  readonly url?: string;
  readonly report: 'text' | 'junit';
}

/** Tests of somebody's platform, and of somebody's clients. */
export function registerConformanceCommands(parent: Command, cli: Cli): void {
  const conformance = parent
    .command('conformance')
    .summary('test a platform or a client against a standard')
    .description('Test a platform, this one or somebody else’s, or a client of one, against a standard.');
  addExamples(conformance, [
    ['A platform of Remote Access', 'yaolian conformance ra home.example test-ann test-bob test-lamp'],
    ['A device, against the platform that the suite is', 'yaolian conformance ra-device home.example'],
  ]);
  registerRaConformance(conformance, cli);
  registerClientConformance(conformance, cli);
}

function registerRaConformance(conformance: Command, cli: Cli): void {
  const command = conformance
    .command('ra')
    .summary('test Remote Access: GB/T 29265.205, clause by clause')
    .description(
      'Play users and devices against a platform of Remote Access, clause by clause of GB/T 29265.205, hold every message against its schema, and say what is wrong. The three names must be free, and those of the friend and the device with -2 at the end too: they are registered, and removed at the end. Ends with 1 when a case does not pass.',
    )
    .addArgument(new Argument('<domain>', 'the domain of the accounts'))
    .addArgument(new Argument('<user>', 'the name of a user to register'))
    .addArgument(new Argument('<friend>', 'the name of another user'))
    .addArgument(new Argument('<device>', 'the name of a device to register'))
    .addOption(urlOption())
    .addOption(new Option('--report <form>', 'how the results are written').choices(['text', 'junit']).default('text'));
  addPlaceOptions(command);
  addExamples(command, [
    ['The platform on this machine', 'yaolian conformance ra home.example test-ann test-bob test-lamp'],
    [
      'For a build server',
      'yaolian conformance ra home.example test-ann test-bob test-lamp --report junit > conformance.xml',
    ],
  ]);
  onRun<ConformanceOptions>(cli, command, async (run) => {
    if (!(await runRa(run))) cli.exitCode = ExitCode.Refused;
  });
}

/** @returns whether all passed */
async function runRa(run: CommandRun<ConformanceOptions>): Promise<boolean> {
  const { options, printer, signal } = run;
  const results: RaResult[] = [];
  const isJunit = options.report === 'junit' && !printer.json;
  for await (const result of runRaConformance(await targetOf(run), { signal })) {
    results.push(result);
    if (!isJunit) await printer.result({ type: 'case', ...result }, describeResult);
  }
  const counts = countResults(results);
  if (isJunit) await printer.raw(encodeJunit(results, 'GB/T 29265.205'));
  else await printer.result({ type: 'summary', ...counts }, () => `${counts.pass} of ${results.length} pass.\n`);
  return counts.pass === results.length;
}

async function targetOf({ args, options, host }: CommandRun<ConformanceOptions>): Promise<RaTarget> {
  const [domain, user, friend, device] = args as [string, string, string, string];
  for (const name of [user, friend, device]) accountJid(`${name}@${domain}`);
  const url = (await accountServerUrl(options, host)).replace(/\/+$/, '');
  const connection = { ...options, ...whereIs(options, host.environment) };
  return {
    domain,
    accounts: await accountServer(options, host),
    clients: ({ name, password }: AccountProof) =>
      clientsOf(connection, { jid: accountJid(`${name}@${domain}`), password }),
    post: (path, body, contentType) => post(`${url}${path}`, body, undefined, contentType),
    names: { user, friend, device },
    password: encodeBase64Url(nodeRandom.bytes(18)),
    verifyCode: createVerificationCode(nodeRandom),
    clock: nodeClock,
    crypto: saslCrypto,
    timers: nodeTimers,
    random: nodeRandom,
  };
}
