import type { RecordedValue } from '@yaolian/directory';
import type { Lwm2mServerEvent } from '@yaolian/lwm2m/server';
import type { FleetCounts } from '../fleet/fleet.ts';

/** Names of what is counted, which the series of the platform have. */
const messageNames: Partial<Record<Lwm2mServerEvent['type'], string>> = {
  registered: 'messages.registered',
  updated: 'messages.updated',
  deregistered: 'messages.deregistered',
  notification: 'messages.notified',
  sent: 'messages.sent',
  expired: 'devices.expired',
};

/** Figures that are there each time, so that a chart of them has no holes. */
const always = ['messages.registered', 'messages.updated', 'messages.notified', 'messages.sent'];

/** Counts what happens, and tells it minute by minute. */
export class PlatformCounters {
  #counts = new Map<string, number>();
  readonly #totals = new Map<string, number>(always.map((name) => [name, 0]));

  count(event: Lwm2mServerEvent): void {
    const name = messageNames[event.type] ?? nameOf(event);
    if (name === undefined) return;
    for (const counts of [this.#counts, this.#totals]) counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  /** What was counted since the start, by name. */
  get totals(): ReadonlyMap<string, number> {
    return this.#totals;
  }

  /** What was counted since the last call, per minute, and how the fleet stands. */
  sample(time: number, minutes: number, fleet: FleetCounts): RecordedValue[] {
    const counts = this.#counts;
    this.#counts = new Map();
    const figures = new Map<string, number>(always.map((name) => [name, 0]));
    for (const [name, count] of counts) figures.set(name, Math.round((count / minutes) * 100) / 100);
    for (const state of ['online', 'sleeping', 'offline'] as const) figures.set(`devices.${state}`, fleet[state]);
    return [...figures].map(([path, value]) => ({ kind: 'counter', device: '', path, time, value }));
  }
}

function nameOf(event: Lwm2mServerEvent): string | undefined {
  if (event.type === 'refused') return `refused.${event.reason}`;
  if (event.type !== 'operation-completed') return undefined;
  if (event.error !== undefined) return `operations.${event.error}`;
  return event.code !== undefined && event.code < 0x80 ? 'operations.done' : 'operations.refused';
}
