import { type JsonAllowEntry, type JsonNewAllowEntry, NewAllowEntrySchema, routes } from '@yaolian/contract';
import type { AllowEntry, DeviceStore, Enrolment } from '@yaolian/directory';
import type { Clock, Log } from '@yaolian/kernel';
import { decodeCursor, pageFrom } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { entryReader } from './import-entries.ts';
import { timeToJson } from './times.ts';

export interface EnrolmentServices {
  readonly enrolment: Enrolment;
  readonly devices: DeviceStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Who may register: the mode and the allow-list. */
export function addEnrolmentRoutes(table: RouteTable, { enrolment, devices, clock, log }: EnrolmentServices): void {
  table.add(routes.showEnrolment, () => ({ mode: enrolment.mode }));
  table.add(routes.setEnrolment, async ({ body, actor }) => {
    await enrolment.setMode(body.mode);
    log.info('enrolment set', { mode: body.mode, operator: actor!.operator });
    return { mode: enrolment.mode };
  });
  table.add(routes.listAllowed, async ({ query: { cursor, limit = 100 } }) => {
    const after = decodeCursor(cursor);
    const entries = await devices.allowList({ limit: limit + 1, ...(after === undefined ? {} : { after }) });
    return pageFrom(entries, limit, (entry) => entry.key, entryToJson);
  });
  table.add(routes.allow, async ({ params, body }) => {
    const entry = { key: params.key, note: body?.note ?? '', addedAt: clock.epoch() };
    await devices.allow(entry.key, entry.note, entry.addedAt);
    return entryToJson(entry);
  });
  const readEntries = entryReader(NewAllowEntrySchema, (entry: JsonNewAllowEntry) => entry);
  table.add(routes.importAllowed, async ({ body, actor }) => {
    const { read, refused } = readEntries(body.entries);
    const addedAt = clock.epoch();
    const seen = new Set<string>();
    const before = read.filter(({ value: { key } }) => devices.isAllowed(key) || seen.size === seen.add(key).size);
    await devices.allowMany(read.map(({ value: { key, note = '' } }) => ({ key, note, addedAt })));
    const added = read.length - before.length;
    log.info('allow-list imported', { added, refused: refused.length, operator: actor!.operator });
    return { added, unchanged: before.map(({ index }) => index), refused: [...refused] };
  });
  table.add(routes.disallow, async ({ params }) => {
    if (await devices.disallow(params.key)) return;
    throw new Refusal('not-found', { detail: `${params.key} is not on the allow-list.` });
  });
}

function entryToJson(entry: AllowEntry): JsonAllowEntry {
  return { key: entry.key, note: entry.note, addedAt: timeToJson(entry.addedAt) };
}
