import type { DeviceSearch, FoundDevice } from '@yaolian/igrs/client';
import { cliErrors } from '../errors.ts';
import { printable } from '../output/display-width.ts';
import { localClock } from '../output/time.ts';
import type { HomeRun } from './session.ts';

/** GB/T 29265.205 §13: a live list of one's devices. What there is, then each that comes, goes or changes, until it is stopped. */
export async function followHome(
  { printer, signal, connected }: HomeRun<unknown>,
  wanted: DeviceSearch,
): Promise<void> {
  const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
  finished.catch(() => {}); // it may be over before it is waited for
  let known = new Map<string, FoundDevice>();
  let look = () => {};
  const tell = async (found: readonly FoundDevice[]) => {
    const now = new Map(found.map((one) => [one.device, one]));
    const time = localClock(new Date().toISOString());
    for (const [device, one] of now) {
      if (JSON.stringify(known.get(device)) === JSON.stringify(one)) continue;
      await printer.result(one, () => `${time}  ${printable(device)}  ${printable(one.name)}  ${one.state}\n`);
    }
    for (const device of known.keys()) {
      if (!now.has(device))
        await printer.result({ device, state: 'gone' }, () => `${time}  ${printable(device)}  gone\n`);
    }
    known = now;
  };
  await connected(
    async (home, client) => {
      // What happens while it is asked is asked for once more, afterwards.
      let isAsking = false;
      let mustAsk = false;
      const ask = async () => {
        mustAsk = true;
        if (isAsking) return;
        isAsking = true;
        while (mustAsk) {
          mustAsk = false;
          await tell(await home.search(wanted, { signal }));
        }
        isAsking = false;
      };
      look = () => void ask().catch((error: unknown) => client.isOnline && reject(error));
      await ask();
      client.sendPresence(); // from here on it hears who comes and goes
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
      // A timer that keeps the process alive: waiting is what the command is for.
      const awake = setInterval(() => {}, 60_000);
      await finished.finally(() => clearInterval(awake));
    },
    {
      onPresence: () => look(),
      onMessage: () => look(),
      onOffline: (error) => void printer.note(`${error.message}; trying again`),
      onClosed: (error) => {
        if (error !== undefined) reject(cliErrors.CLI_UNREACHABLE(error.message));
      },
    },
  );
  signal.throwIfAborted();
}
