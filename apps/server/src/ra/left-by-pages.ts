import { parsePath } from '@yaolian/lwm2m';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
import type { Watchers } from './watchers.ts';

/** Firmware Update and Software Management: what an update observes it ends itself. */
const ofUpdates: readonly number[] = [5, 9];

export type Observing = Pick<Lwm2mServer, 'observations' | 'registration' | 'stands'>;

/** Whether a path of a terminal is observed for somebody who is no user: an operator, whose observations stand, or an update. */
export function isOfOthers(server: Observing, deviceKey: string, path: string): boolean {
  return server.stands(deviceKey, path) || (isOfUpdate(path) && observedOf(server, deviceKey).includes(path));
}

/** Ends what pages observed of terminals before the platform started, where neither they nor anybody else came back to it. */
export async function leftByPages(
  terminals: Iterable<string>,
  server: Observing,
  watchers: Watchers,
  signal: AbortSignal,
): Promise<void> {
  for (const terminal of [...terminals]) {
    for (const path of observedOf(server, terminal)) {
      if (signal.aborted) return;
      if (watchers.of(terminal, path).length > 0 || isOfOthers(server, terminal, path)) continue;
      // Somebody may come to it just now.
      await (await watchers.hold(terminal, path)).release(true);
    }
  }
}

function observedOf(server: Observing, deviceKey: string): readonly string[] {
  if (server.registration({ deviceKey }) === undefined) return [];
  return server.observations({ deviceKey }).map(({ path }) => path);
}

function isOfUpdate(path: string): boolean {
  const parsed = parsePath(path);
  return parsed.ok && ofUpdates.includes(parsed.value.objectId!);
}
