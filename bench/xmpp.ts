/**
 * The whole message server on one core, beside a bare relay on Node and, where they are installed, Prosody and ejabberd (Debian packages).
 * Clients on another core: 50 pairs that send chat messages, log-ins, idle sessions.
 * `node bench/xmpp.ts [figure …] [--rounds 3] [--seconds 3] [--port 20000] [--json] [--without ejabberd]`; without a figure: all of them
 */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median, rounded, table } from './support/figures.ts';
import { pinningProblem } from './support/pinned-process.ts';
import { runXmppLoad, type XmppLoadResult } from './support/xmpp-load.ts';
import { ejabberd, platform, prosody, relay, type XmppContender, type XmppPorts } from './support/xmpp-servers.ts';

interface Figure {
  readonly title: string;
  readonly mode: 'login' | 'idle' | 'pairs';
  readonly door: keyof XmppPorts;
  readonly flags: Readonly<Record<string, number>>;
  readonly accounts: number;
  readonly archives?: boolean;
  /** What is asked of us: a rate, or KB of a session. */
  readonly asked: number;
}

const pairs = { n: 50, W: 4, w: 2 };

const figures = {
  messages: { title: 'messages, 50 pairs', mode: 'pairs', door: 'plain', flags: pairs, accounts: 100, asked: 100_000 },
  'messages-tls': { title: '… over TLS', mode: 'pairs', door: 'tls', flags: pairs, accounts: 100, asked: 70_000 },
  'messages-500': {
    ...{ title: '… of 500 pairs', mode: 'pairs', door: 'plain', accounts: 1000, asked: 60_000 },
    flags: { ...pairs, n: 500, W: 2 },
  },
  'messages-1k': {
    ...{ title: '… with 1 KB bodies', mode: 'pairs', door: 'plain', accounts: 100, asked: 80_000 },
    flags: { ...pairs, s: 1024 },
  },
  'messages-archived': {
    ...{ title: '… archived and committed', mode: 'pairs', door: 'plain', accounts: 100, asked: 20_000 },
    ...{ flags: { ...pairs, W: 16 }, archives: true },
  },
  logins: {
    ...{ title: 'SCRAM log-ins', mode: 'login', door: 'plain', accounts: 2000, asked: 3000 },
    flags: { n: 2000, c: 64 },
  },
  'logins-starttls': {
    ...{ title: 'STARTTLS and SCRAM log-ins', mode: 'login', door: 'startTls', accounts: 1000, asked: 900 },
    flags: { n: 1000, c: 64 },
  },
  idle: {
    ...{ title: 'idle sessions', mode: 'idle', door: 'plain', accounts: 4000, asked: 5 },
    flags: { n: 4000, S: 15 },
  },
  'idle-tls': {
    ...{ title: 'idle sessions over TLS', mode: 'idle', door: 'tls', accounts: 4000, asked: 18 },
    flags: { n: 4000, S: 15 },
  },
} as const satisfies Record<string, Figure>;

type FigureName = keyof typeof figures;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    without: { type: 'string', multiple: true, default: [] },
    port: { type: 'string' },
  },
});
const names = (positionals.length === 0 ? Object.keys(figures) : positionals) as FigureName[];
for (const name of names) assert.ok(name in figures, `figures are ${Object.keys(figures).join(', ')}, not ${name}`);
const contenders = [platform, relay, prosody, ejabberd].filter((contender) => {
  if (options.without.some((name) => contender.name.toLowerCase().startsWith(name))) return false;
  if (!contender.isInstalled()) console.log(`${contender.name} is not installed (Debian package of that name)`);
  return contender.isInstalled();
});

// Below those that the system gives to clients.
let port = Number(options.port ?? 20_000 + (process.pid % 12_000));

async function measure(contender: XmppContender, figure: Figure): Promise<XmppLoadResult[]> {
  const results: XmppLoadResult[] = [];
  let server: Awaited<ReturnType<XmppContender['start']>> | undefined;
  try {
    for (let round = 0; round < Number(options.rounds); round++) {
      const ports = { plain: port++, tls: port++, startTls: port++ };
      const door = figure.door === 'startTls' && contender !== platform ? 'plain' : figure.door;
      const m = contender.mechanism;
      server = await contender.start(ports, { accounts: figure.accounts, archives: figure.archives === true });
      const common = { port: ports[door], pid: server.pid };
      const t = { plain: 'none', tls: 'direct', startTls: 'starttls' }[figure.door];
      // The first run warms up: code is compiled, buffers are there, and clients know their keys.
      await runXmppLoad({ ...common, mode: 'pairs', flags: { m, t, n: 50, T: 2 } });
      const warm = { ...figure.flags, m, t };
      // So few of idle ones that what they leave behind does not hold the next.
      const before = figure.mode === 'idle' ? { n: 400 } : {};
      if (figure.mode !== 'pairs')
        await runXmppLoad({ ...common, mode: 'login', flags: { ...warm, c: 64, ...before } });
      await wait(2000); // the sessions of before have ended
      const flags = figure.mode === 'pairs' ? { ...warm, T: options.seconds } : warm;
      const result = await runXmppLoad({ ...common, mode: figure.mode, flags });
      assert.equal(result.lost_clients ?? result.failed ?? 0, 0, `${contender.name} lost clients`);
      results.push(result);
      await server.stop();
      server = undefined;
    }
    return results;
  } finally {
    await server?.stop();
  }
}

const middle = (results: readonly XmppLoadResult[], key: keyof XmppLoadResult): number =>
  median(results.map((result) => result[key] ?? Number.NaN));

function row(figure: Figure, contender: XmppContender, results: readonly XmppLoadResult[]): (string | number)[] {
  if (figure.mode === 'idle') return [figure.title, contender.name, '', '', rounded(middle(results, 'per_conn_kb'), 1)];
  const [rate, cpu] =
    figure.mode === 'login'
      ? (['logins_per_s', 'srv_cpu_us_per_login'] as const)
      : (['msgs_per_s', 'srv_cpu_us_per_msg'] as const);
  const perSecond = Math.round(middle(results, rate));
  return [figure.title, contender.name, perSecond, rounded(middle(results, cpu), 2), ''];
}

const rows: (string | number)[][] = [];
const verdicts: string[] = [];
for (const name of names) {
  const figure: Figure = figures[name];
  for (const contender of contenders) {
    if (figure.archives === true && !contender.canArchive) continue;
    if (figure.door === 'startTls' && !contender.canStartTls) continue;
    if (figure.mode === 'login' && contender === relay) continue;
    const results = await measure(contender, figure).catch((error: Error) => {
      // A peer that does not keep up on a busy machine keeps nobody else from being measured.
      if (contender === platform) throw error;
      console.error(`${contender.name} did not finish "${figure.title}": ${error.message}`);
      return undefined;
    });
    if (results === undefined) continue;
    const made = row(figure, contender, results);
    rows.push(made);
    if (!options.json) console.error(made.join('  '));
    if (contender !== platform) continue;
    // A core does so many as its CPU time for one allows, whoever else is on the machine.
    const reached = figure.mode === 'idle' ? Number(made[4]) : Math.round(1e6 / Number(made[3]));
    const isMet = figure.mode === 'idle' ? reached <= figure.asked : reached >= figure.asked;
    if (!isMet) process.exitCode = 1;
    verdicts.push(
      `${isMet ? 'met   ' : 'MISSED'}  ${figure.title}: ${reached}${figure.mode === 'idle' ? ' KB' : ' by CPU'}, asked ${figure.asked}`,
    );
  }
}
if (options.json) console.log(JSON.stringify({ rounds: options.rounds, seconds: options.seconds, rows, verdicts }));
else {
  if (pinningProblem !== undefined) console.log(pinningProblem);
  console.log(table(['figure', 'server, on one core', 'per second', 'CPU us each', 'KB each'], rows));
  for (const verdict of verdicts) console.log(verdict);
}
