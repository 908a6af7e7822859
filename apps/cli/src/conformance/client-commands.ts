import { createVerificationCode } from '@yaolian/directory';
import { AccountClient, type AccountProof } from '@yaolian/igrs/client';
import {
  type ClientCase,
  type ClientStep,
  ClientWatch,
  clausesOf,
  clientCases,
  countResults,
  encodeJunit,
  type RaResult,
  type RaTarget,
  runClientConformance,
} from '@yaolian/igrs/conformance';
import { type Duration, encodeBase64Url, formatDuration, seconds, type Timer } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto } from '@yaolian/node-runtime';
import { Argument, type Command, Option } from 'commander';
import { type Cli, type CommandRun, onRun } from '../command.ts';
import { cliErrors, ExitCode } from '../errors.ts';
import { addExamples } from '../help.ts';
import { durationOption, integerOption } from '../parsers.ts';
import { post } from '../ra/account-server.ts';
import { accountJid, clientsOf } from '../xmpp/session.ts';
import { describeResult } from './describe-result.ts';
import type { StandardIrsp } from './standard-irsp.ts';

interface ClientOptions {
  readonly name?: string;
  readonly register?: boolean;
  readonly list?: boolean;
  /** Clauses and cases. */
  readonly without?: ReadonlySet<string>;
  /** Of devices. */
  readonly execute?: string;
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly accountPort: number;
  readonly timeout: Duration;
  readonly patience: Duration;
  readonly report: 'text' | 'junit';
}

/** GB/T 29265.502 in spirit: a client is tested against a standard IRSP, which the suite is. */
export function registerClientConformance(conformance: Command, cli: Cli): void {
  registerOne(conformance, cli, 'device', 'tester-lamp', [
    ['A device that is set up by hand with what is shown', 'yaolian conformance ra-device home.example'],
    [
      'One that registers itself, on another machine',
      'yaolian conformance ra-device home.example --register --host 192.0.2.7',
    ],
  ]);
  registerOne(conformance, cli, 'user', 'tester-ann', [
    ['The tester does at the client what is shown', 'yaolian conformance ra-user home.example'],
    ['With more time for each step', 'yaolian conformance ra-user home.example --patience 5m'],
    [
      'A client that has no bookmarks and links no devices',
      'yaolian conformance ra-user --without 10.2-7,10.2-8,10.2-9,10.2-10,10.2-11,10.2-12',
    ],
  ]);
}

function registerOne(
  conformance: Command,
  cli: Cli,
  who: 'user' | 'device',
  name: string,
  examples: readonly (readonly [string, string])[],
): void {
  const inWords =
    who === 'device'
      ? 'the device is driven clause by clause: told apart, bound, read, written, observed, misled, cut off'
      : 'the tester is told what to do at the client, step by step in English and Chinese, and it is judged by what it sends and how it takes what comes';
  const command = conformance
    .command(`ra-${who}`)
    .summary(`test a ${who} client of Remote Access: the suite is the platform`)
    .description(
      `Test somebody’s ${who} client of Remote Access. The suite is the standard IRSP of GB/T 29265.205, with a message server (TLS, a certificate that it makes) and an account server (HTTPS), and everybody else in it. It waits for the client; ${inWords}. Every stanza and every request is held against its schema. A case passes, fails, is inconclusive (what it needs was not there, or nothing came) or not applicable (the client does not have it), with the reason. Ends with 1 when a case fails.`,
    )
    .addArgument(new Argument('[domain]', 'the domain that the suite serves').default('conformance.example'))
    .addOption(new Option('--name <name>', 'the account of the client').default(undefined, name))
    .addOption(new Option('--register', 'the client registers itself at the account server'))
    .addOption(new Option('--list', 'name the cases, and end'))
    .addOption(
      new Option('--without <cases>', 'clauses and cases that the client does not have: 9,10.2-7').argParser((text) =>
        withoutOption(text, who),
      ),
    )
    .addOption(new Option('--host <address>', 'where to listen').default('127.0.0.1'))
    .addOption(portOption('--port', 'STARTTLS', 5222))
    .addOption(portOption('--tls-port', 'TLS from the first byte', 5223))
    .addOption(portOption('--account-port', 'the account server', 8443))
    .addOption(
      new Option('--timeout <duration>', 'how long an answer may take')
        .argParser(durationOption)
        .default(seconds(10), '10s'),
    )
    .addOption(
      new Option('--patience <duration>', 'how long a step of the tester, a login or a return may take')
        .argParser(durationOption)
        .default(seconds(120), '2m'),
    )
    .addOption(new Option('--report <form>', 'how the results are written').choices(['text', 'junit']).default('text'));
  if (who === 'device') {
    const execute = new Option(
      '--execute <path>',
      'a resource that may be executed, such as /3303/0/5605; otherwise none is',
    );
    command.addOption(execute.argParser(resourceOption));
  }
  addExamples(command, examples);
  onRun<ClientOptions>(cli, command, async (run) => {
    if (run.options.list === true) {
      for (const { id, title, zh } of clientCases[who]) {
        await run.printer.result(
          { type: 'listed', id, title, zh },
          () => `${id.padEnd(7)}  ${title}\n         ${zh}\n`,
        );
      }
      return;
    }
    const counts = await testClient(run, who, run.options.name ?? name);
    if (counts.fail + counts.error > 0) cli.exitCode = ExitCode.Refused;
  });
}

function resourceOption(text: string): string {
  if (/^\/\d{1,5}\/\d{1,5}\/\d{1,5}$/.test(text)) return text;
  throw cliErrors.CLI_USAGE(`a resource is written as /object/instance/resource, such as /3303/0/5605, not "${text}"`);
}

/** @throws CLI_USAGE when there is no such clause or case */
function withoutOption(text: string, who: 'user' | 'device'): ReadonlySet<string> {
  const known = new Set(clientCases[who].flatMap(({ id }) => clausesOf(id)));
  const asked = text.split(',').map((one) => one.trim());
  const unknown = asked.find((one) => !known.has(one));
  if (unknown === undefined) return new Set(asked);
  throw cliErrors.CLI_USAGE(
    `there is no clause or case "${unknown}"; "yaolian conformance ra-${who} --list" names them: 9 is all of clause 9, 10.2-7 one case`,
  );
}

function portOption(flag: string, what: string, port: number): Option {
  return new Option(`${flag} <port>`, what).argParser(integerOption('a port', 0, 65_535)).default(port);
}

async function testClient(run: CommandRun<ClientOptions>, who: 'user' | 'device', name: string) {
  const { options, printer, signal } = run;
  const domain = accountJid(`${name}@${run.args[0]}`).domain;
  const watch = new ClientWatch(accountJid(`${name}@${domain}`).local!, nodeTimers, signal);
  // Loaded only now: it is a platform, and no other command needs its code.
  const { openStandardIrsp } = await import('./standard-irsp.ts');
  await using irsp = await openStandardIrsp({ ...options, domain, watch });
  const target = targetOf(irsp, domain, who, name);
  const steps = new Steps(run);
  const isJunit = options.report === 'junit' && !printer.json;
  await introduce(run, irsp, target, who, isJunit);
  const under = {
    ...{ target, watch, door: irsp.door, registers: options.register === true },
    ...{ timeout: options.timeout, patience: options.patience },
    ...(options.execute !== undefined && { executable: options.execute }),
    ...(options.without !== undefined && { without: options.without }),
    tell: (step: ClientStep) => steps.tell(step),
  };
  const results: RaResult[] = [];
  try {
    const onBegin = (one: Omit<ClientCase, 'run'>) => steps.begin(one);
    for await (const result of runClientConformance(under, who, { signal, onBegin })) {
      steps.end();
      results.push(result);
      if (!isJunit) await printer.result({ type: 'case', ...result }, describeResult);
    }
  } finally {
    steps.close();
  }
  const counts = countResults(results);
  const { pass, fail, error, inconclusive, 'not-applicable': elsewhere } = counts;
  const inWords = `${pass} pass, ${fail + error} fail, ${inconclusive} inconclusive, ${elsewhere} not applicable.\n`;
  if (isJunit) await printer.raw(encodeJunit(results, `GB/T 29265.205 ${who}`));
  else await printer.result({ type: 'summary', ...counts }, () => inWords);
  return counts;
}

/** Everybody but the client is on this machine, and trusts the certificate. */
function targetOf(irsp: StandardIrsp, domain: string, who: 'user' | 'device', name: string): RaTarget {
  const place = { server: irsp.ownMessages, ca: irsp.certificate };
  const names = { user: 'suite-ann', friend: 'suite-bob', device: 'suite-lamp', [who]: name };
  return {
    domain,
    accounts: new AccountClient({ url: irsp.ownAccounts, post }),
    clients: (proof: AccountProof) =>
      clientsOf(place, { jid: accountJid(`${proof.name}@${domain}`), password: proof.password }),
    post: (path, body, contentType) => post(`${irsp.ownAccounts}${path}`, body, undefined, contentType),
    names,
    password: encodeBase64Url(nodeRandom.bytes(12)),
    verifyCode: createVerificationCode(nodeRandom),
    clock: nodeClock,
    crypto: saslCrypto,
    timers: nodeTimers,
    random: nodeRandom,
  };
}

/** What the client has to know. */
async function introduce(
  { options, printer }: CommandRun<ClientOptions>,
  irsp: StandardIrsp,
  { domain, names, password, verifyCode }: RaTarget,
  who: 'user' | 'device',
  isSilent: boolean,
): Promise<void> {
  const registers = options.register === true;
  const account = `${names[who]}@${domain}`;
  const secrets = registers ? {} : { password, ...(who === 'device' ? { verifyCode } : {}) };
  const { messages: server, direct, accounts, certificate } = irsp;
  const facts = { account, ...secrets, server, direct, accounts, certificate };
  if (isSilent) return;
  await printer.result({ type: 'irsp', ...facts }, () =>
    printer.facts([
      ['Account', account],
      ...(registers
        ? ([['Registers', 'itself, with a password of its own']] as const)
        : ([['Password', password]] as const)),
      ...(registers || who === 'user' ? [] : ([['Code', verifyCode]] as const)),
      ['STARTTLS', server],
      ['TLS', direct],
      ['Accounts', accounts],
      ['Trust', certificate],
    ]),
  );
}

/** A case that is over sooner needs no word before its verdict. */
const longWait = seconds(2);

/** Tells the tester what to do; an empty line leaves a step out. */
class Steps {
  readonly #run: CommandRun<ClientOptions>;
  readonly #over = new AbortController();
  #skip = new AbortController();
  #isAsking = false;
  #wait: Timer | undefined;

  constructor(run: CommandRun<ClientOptions>) {
    this.#run = run;
  }

  /** A case that takes longer says what it waits for; a step says it by itself. */
  begin({ id, title, zh }: Omit<ClientCase, 'run'>): void {
    const { printer, host, options } = this.#run;
    // What cannot be written here cannot be written as a result either, which tells.
    if (printer.json) void printer.result({ type: 'begin', id, title, zh }, () => '').catch(() => {});
    if (printer.json || options.report === 'junit') return;
    const say = () => void host.stderr.write(`… ${id}  ${title}\n         ${zh}\n`).catch(() => {});
    this.#wait = nodeTimers.schedule(longWait, say);
  }

  end(): void {
    this.#wait?.cancel();
  }

  tell(step: ClientStep): AbortSignal {
    this.end();
    this.#skip = new AbortController();
    // What cannot be written here cannot be written as a result either, which tells.
    this.#show(step).catch(() => {});
    void this.#listen();
    return this.#skip.signal;
  }

  async #show(step: ClientStep): Promise<void> {
    const { printer, host, options } = this.#run;
    if (printer.json) return printer.result({ type: 'step', ...step }, () => '');
    if (options.report === 'junit') return;
    const leave = host.stdinIsTerminal ? ' (Enter leaves it out / 按回车跳过)' : '';
    const time = formatDuration(options.patience);
    await host.stderr.write(`→ ${step.id}  ${step.en} (within ${time})\n         ${step.zh}（限时 ${time}）${leave}\n`);
  }

  /** One question at a time is open, whatever step it is for. */
  async #listen(): Promise<void> {
    const { host } = this.#run;
    if (!host.stdinIsTerminal || this.#isAsking) return;
    this.#isAsking = true;
    try {
      await host.ask('', { secret: false, signal: this.#over.signal });
      this.#skip.abort();
    } catch {
      // The suite is over, or is interrupted, which its own signal tells.
    } finally {
      this.#isAsking = false;
    }
  }

  close(): void {
    this.end();
    this.#over.abort();
  }
}
