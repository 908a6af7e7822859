import type { DeviceSearch, FoundDevice } from '@yaolian/igrs/client';
import { element, namespaces } from '@yaolian/xmpp';
import { cliErrors } from '../errors.ts';
import { printable } from '../output/display-width.ts';
import { localClock } from '../output/time.ts';
import type { HomeRun } from './session.ts';

const roster = 'jabber:iq:roster';

/** GB/T 29265.205 §13: a live list of one's devices. What there is, then each that comes, goes or changes, until it is stopped. */
export async function followHome(
  { printer, signal, connected }: HomeRun<unknown>,
  wanted: DeviceSearch,
): Promise<void> {
  const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
  finished.catch(() => {}); // it may be over before it is waited for
  let known = new Map<string, FoundDevice>();
  let look = () => {};
  let begin = async () => {};
  const tell = async (found: readonly FoundDevice[]) => {
    const now = new Map(found.map((one) => [one.device, one]));
    const time = localClock(new Date().toISOString());
    for (const [device, one] of now) {
      if (JSON.stringify(known.get(device)) === JSON.stringify(one)) continue;
      await printer.result(
        one,
        () =>
          `${time}  ${printable(device)}  ${printable(one.name)}  ${one.state ?? '-'}${one.owner === undefined ? '' : `  shared by ${printable(one.owner)}`}\n`,
      );
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
      begin = async () => {
        // RFC 6121 §2.1.6, §4.7.2.3: it hears of its devices and who comes and goes, and takes no messages from others that wait.
        await client.request('get', `${client.jid.bare}`, element('query', roster), { signal });
        client.sendPresence({}, element('priority', namespaces.client, {}, '-1'));
        await ask();
      };
      client.handle('query', roster, () => {
        look();
        return undefined;
      });
      await begin();
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
      await finished;
    },
    {
      onPresence: () => look(),
      onOnline: (_, isResumed) => {
        if (!isResumed) begin().catch(() => {}); // it is lost again, and comes back again
      },
      onOffline: (error) => void printer.note(`${error.message}; trying again`),
      onClosed: (error) => {
        if (error !== undefined) reject(cliErrors.CLI_UNREACHABLE(error.message));
      },
    },
  );
  signal.throwIfAborted();
}
