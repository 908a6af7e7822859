import type { DataAnswer, DataRequest } from '@yaolian/igrs';
import { decodeDataPush, Refused } from '@yaolian/igrs/client';
import type { Duration } from '@yaolian/kernel';
import { Option } from 'commander';
import { cliErrors } from '../errors.ts';
import { durationOption } from '../parsers.ts';
import type { HomeRun } from './session.ts';

export interface WaitOptions {
  readonly wait?: Duration;
}

export function waitOption(): Option {
  return new Option('--wait <duration>', 'how long to wait for a device that sleeps').argParser(durationOption);
}

/** Asks a device; with `--wait` the answer of one that sleeps is what it says when it wakes up. */
export async function askDevice(
  { user, options, printer, signal, connected }: HomeRun<WaitOptions>,
  device: string,
  request: DataRequest,
): Promise<DataAnswer> {
  const { wait } = options;
  const outcomes = new Map<string, DataAnswer | Refused>();
  let look = () => {};
  const onMessage = (message: Parameters<typeof decodeDataPush>[0]) => {
    const push = decodeDataPush(message, user.domain);
    if (push?.kind !== 'late' || push.device !== device) return;
    outcomes.set(push.id, push.outcome);
    look();
  };
  let answer: DataAnswer = { kind: 'done' };
  await connected(
    async (home) => {
      answer = await home.device(device).ask(request, { signal });
      if (answer.kind !== 'queued' || wait === undefined) return;
      const { id } = answer;
      await printer.note(`${device} sleeps; waiting`);
      await until(() => outcomes.has(id), { wait, signal, onLook: (again) => (look = again) });
      const outcome = outcomes.get(id)!;
      if (outcome instanceof Refused) throw outcome;
      answer = outcome;
    },
    { onMessage },
  );
  return answer;
}

interface Waiting {
  readonly wait: Duration;
  readonly signal: AbortSignal;
  readonly onLook: (look: () => void) => void;
}

async function until(isThere: () => boolean, { wait, signal, onLook }: Waiting): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = () => {
    if (isThere()) resolve();
  };
  onLook(look);
  look();
  const end = () => reject(cliErrors.CLI_INTERRUPTED());
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  // A timer that keeps the process alive: waiting is what was asked for.
  const late = () => reject(cliErrors.CLI_TIMEOUT('it did not wake up in time; the request waits on at the platform'));
  const timer = setTimeout(late, wait);
  await promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  });
}
