import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { median, rounded, table } from './figures.ts';
import { type PinnedServer, pinningProblem } from './pinned-process.ts';
import { runUdpLoad, type UdpLoadResult } from './udp-load.ts';

/** Answers before measuring: however slow the machine is today, the code under test is compiled by then. */
const warmMessages = 100_000;

/** One server of a comparison. */
export interface Contender {
  readonly name: string;
  readonly load: 'echo' | 'get' | 'register';
  start(port: number): Promise<PinnedServer>;
}

/** The medians of one contender's runs. */
export interface Standing {
  readonly name: string;
  /** Answers per second. */
  readonly rate: number;
  readonly cpuUsPerMessage: number;
  readonly p50us: number;
  readonly p99us: number;
  readonly residentMegabytes: number;
}

/** Something that a comparison should show; `met` is computed from its own run. */
export interface Target {
  readonly name: string;
  readonly met: boolean;
}

export interface ContestOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly json: boolean;
}

/** Reads `--rounds 5 --seconds 2 --json`. */
export function contestOptions(): ContestOptions {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
    },
  });
  return { rounds: Number(values.rounds), seconds: Number(values.seconds), json: values.json };
}

/** Runs all contenders in turn, `rounds` times, so that what slows the machine down slows all of them. */
export async function contest(
  contenders: readonly Contender[],
  { rounds, seconds }: ContestOptions,
): Promise<Standing[]> {
  const results = new Map<string, (UdpLoadResult & { resident: number })[]>();
  let port = 20_000 + (process.pid % 20_000);
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      const server = await contender.start(++port);
      try {
        const result = await runUdpLoad({
          kind: contender.load,
          port,
          pid: server.pid,
          options: { seconds, warm: 1, 'warm-messages': warmMessages },
        });
        assert.ok(result.messages > 0, `${contender.name} answered nothing`);
        assert.equal(result.bad, 0, `${contender.name} answered ${result.badCode}`);
        results.set(contender.name, [
          ...(results.get(contender.name) ?? []),
          { ...result, resident: server.residentBytes() },
        ]);
      } finally {
        await server.stop();
      }
    }
  }
  return [...results].map(([name, runs]) => ({
    name,
    rate: Math.round(median(runs.map((run) => run.rate))),
    cpuUsPerMessage: rounded(median(runs.map((run) => run.cpuUsPerMessage)), 2),
    p50us: Math.round(median(runs.map((run) => run.p50us))),
    p99us: Math.round(median(runs.map((run) => run.p99us))),
    residentMegabytes: Math.round(median(runs.map((run) => run.resident)) / 1e6),
  }));
}

/** Prints a contest, and sets the exit code when a target is missed. */
export function report(
  title: string,
  standings: readonly Standing[],
  targets: readonly Target[],
  options: ContestOptions,
): void {
  if (targets.some((target) => !target.met)) process.exitCode = 1;
  if (options.json) {
    console.log(
      JSON.stringify({ title, rounds: options.rounds, seconds: options.seconds, standings, targets }, null, 2),
    );
    return;
  }
  const best = Math.min(...standings.map((standing) => standing.cpuUsPerMessage));
  console.log(`${title}: medians of ${options.rounds}, ${options.seconds} s each`);
  if (pinningProblem !== undefined) console.log(pinningProblem);
  console.log(
    table(
      ['server', 'answers/s', 'CPU us/message', 'x least', 'p50 us', 'p99 us', 'MB'],
      standings.map(({ name, rate, cpuUsPerMessage, p50us, p99us, residentMegabytes }) => [
        name,
        rate,
        cpuUsPerMessage,
        rounded(cpuUsPerMessage / best, 2),
        p50us,
        p99us,
        residentMegabytes,
      ]),
    ),
  );
  for (const { name, met } of targets) console.log(`${met ? 'met   ' : 'MISSED'}  ${name}`);
}

/** The standing of a contender. @throws when it did not take part */
export function standingOf(standings: readonly Standing[], name: string): Standing {
  const standing = standings.find((each) => each.name === name);
  assert.ok(standing, `${name} did not take part`);
  return standing;
}
