import { setTimeout as sleep } from 'node:timers/promises';
import { formatCoapUri } from '@yaolian/coap';
import { type Duration, seconds, toMilliseconds } from '@yaolian/kernel';
import { nodeClock } from '@yaolian/node-runtime';
import { type Command, Option } from 'commander';
import { type Cli, type CommandRun, onRun } from '../command.ts';
import { addExamples } from '../help.ts';
import { durationOption, integerOption } from '../parsers.ts';
import { uriPlace } from './request-command.ts';
import { addSessionOptions, addTimeoutOption } from './request-options.ts';
import { refuseGroup, uriArgument } from './resolve.ts';
import { defaultTimeout, type SessionOptions, withSession } from './session.ts';

interface PingOptions extends SessionOptions {
  readonly count: number;
  readonly interval: Duration;
}

export function registerPingCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('ping')
    .summary('see whether an endpoint is there')
    .description('See whether a CoAP endpoint is there: an empty CON that it answers with RST (RFC 7252 §4.3).')
    .addArgument(uriPlace())
    .addOption(
      new Option('-c, --count <number>', 'how many times').argParser(integerOption('a count', 1, 1_000_000)).default(1),
    )
    .addOption(
      new Option('-i, --interval <duration>', 'time between two').argParser(durationOption).default(seconds(1), '1s'),
    );
  addTimeoutOption(command);
  addSessionOptions(command);
  addExamples(command, [
    ['Once', 'yaolian coap ping coap://192.0.2.7'],
    ['Five times, two seconds apart', 'yaolian coap ping 192.0.2.7 --count 5 --interval 2s'],
  ]);
  onRun<PingOptions>(cli, command, ping);
}

async function ping(run: CommandRun<PingOptions>): Promise<void> {
  const { options, signal, printer } = run;
  const uri = uriArgument(run.args[0]!);
  await withSession(run, uri, async ({ endpoint, peer }) => {
    refuseGroup(peer);
    for (let count = 1; ; count++) {
      const start = nodeClock.monotonic();
      await endpoint.ping(peer, { signal, timeout: options.timeout ?? defaultTimeout });
      const elapsed = Math.round((nodeClock.monotonic() - start) * 100) / 100;
      await printer.result(
        { uri: formatCoapUri(uri), peer: peer.key, milliseconds: elapsed },
        () => `${peer.key} answered in ${elapsed} ms\n`,
      );
      if (count >= options.count) return;
      await sleep(toMilliseconds(options.interval), undefined, { signal });
    }
  });
}
