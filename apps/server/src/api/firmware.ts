import { because, routes } from '@yaolian/contract';
import type { FirmwareFile } from '@yaolian/directory';
import type { Log } from '@yaolian/kernel';
import type { SqliteFirmwareStore } from '@yaolian/storage';
import { fileToJson, updateToJson } from '../firmware/firmware-json.ts';
import type { FirmwareService } from '../firmware/firmware-service.ts';
import { TooLarge } from '../firmware/package-folder.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { decodeCursor, decodePlace, encodeCursor, pageFrom, placeKey } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';

export interface FirmwareServices {
  readonly firmware: FirmwareService;
  readonly store: SqliteFirmwareStore;
  readonly fleet: Fleet;
  readonly log: Log;
}

/** Firmware packages, and updates of single devices. */
export function addFirmwareRoutes(table: RouteTable, services: FirmwareServices): void {
  addFileRoutes(table, services);
  addUpdateRoutes(table, services);
}

function addFileRoutes(table: RouteTable, { firmware, store, log }: FirmwareServices): void {
  table.add(routes.uploadFirmware, async ({ query, body, actor }) => {
    const { name, version, model, sha256 } = query;
    const createdBy = actor!.operator;
    const facts = { name, version, model, sha256, createdBy };
    const file = await firmware.upload(body as AsyncIterable<Uint8Array>, facts).catch((error: unknown) => {
      if (!(error instanceof TooLarge)) throw error;
      throw new Refusal('payload-too-large', {
        detail: `${error.message}; the setting firmware.max-size is the bound.`,
      });
    });
    if (file === 'empty') throw new Refusal('invalid-value', because('package-empty'));
    if (file === 'wrong-hash') {
      throw new Refusal('invalid-value', because('hash-differs'));
    }
    log.info('firmware package uploaded', { id: file.id, name, size: file.size, operator: createdBy });
    return fileToJson(file);
  });
  table.add(routes.listFirmware, async ({ query: { cursor, limit = 1000 } }) => {
    const after = decodePlace(cursor);
    const isLater = ({ createdAt, id }: FirmwareFile) =>
      after === undefined || createdAt < after.createdAt || (createdAt === after.createdAt && id < after.id);
    return pageFrom((await store.files()).filter(isLater), limit, placeKey, fileToJson);
  });
  table.add(routes.showFirmware, async ({ params }) => fileToJson(await requireFile(store, params.id)));
  table.add(routes.removeFirmware, async ({ params, actor }) => {
    const file = await requireFile(store, params.id);
    if (!(await firmware.remove(file))) {
      throw new Refusal('conflict', because('firmware-in-use'));
    }
    log.info('firmware package removed', { id: file.id, operator: actor!.operator });
  });
}

export async function requireFile(store: SqliteFirmwareStore, id: string): Promise<FirmwareFile> {
  const file = await store.file(id);
  if (file) return file;
  throw new Refusal('not-found', because('package-unknown', { id }));
}

function addUpdateRoutes(table: RouteTable, { firmware, store, fleet }: FirmwareServices): void {
  table.add(routes.startFirmwareUpdate, async ({ params, body }) => {
    const found = await fleet.find(params.device);
    if (!found) {
      throw new Refusal('device-unknown', {
        detail: `There is no device with the key or endpoint name "${params.device}".`,
      });
    }
    const { software, delivery, severity, maximumDeferPeriod, attempts } = body;
    const file = await requireFile(store, body.file);
    const job = await firmware.updater.begin({
      device: found.device.key,
      file: file.id,
      ...(software === undefined ? {} : { software }),
      ...(file.version === undefined ? {} : { toVersion: file.version }),
      ...(delivery === undefined ? {} : { delivery: delivery as 'auto' | 'push' | 'pull' }),
      ...(severity === undefined ? {} : { severity }),
      ...(maximumDeferPeriod === undefined ? {} : { maximumDeferPeriod }),
      ...(attempts === undefined ? {} : { maximumAttempts: attempts }),
    });
    if (job) return updateToJson(job);
    const present = firmware.updater.jobOf(found.device.key);
    throw new Refusal('conflict', because('update-under-way', { id: present?.id ?? '' }));
  });
  table.add(routes.listFirmwareUpdates, async ({ query: { device, cursor, limit = 100 } }) => {
    const after = decodeCursor(cursor);
    const key = device === undefined ? undefined : ((await fleet.find(device))?.device.key ?? device);
    const before = after === undefined ? undefined : positionFrom(after);
    const jobs = await store.jobs({ device: key, before, limit: limit + 1 });
    const items = jobs.slice(0, limit).map(updateToJson);
    const last = jobs[limit - 1];
    return jobs.length > limit && last ? { items, next: encodeCursor(`${last.createdAt} ${last.id}`) } : { items };
  });
  table.add(routes.showFirmwareUpdate, async ({ params }) => updateToJson(await requireUpdate(store, params.id)));
  table.add(routes.cancelFirmwareUpdate, async ({ params }) => {
    await requireUpdate(store, params.id);
    if (!(await firmware.updater.cancel(params.id))) throw new Refusal('conflict', because('update-over'));
    return updateToJson(await requireUpdate(store, params.id));
  });
}

function positionFrom(cursor: string): { readonly createdAt: number; readonly id: string } {
  const [createdAt = '', id = ''] = cursor.split(' ');
  if (!/^\d{1,15}$/.test(createdAt)) throw new Refusal('invalid-cursor');
  return { createdAt: Number(createdAt), id };
}

async function requireUpdate(store: SqliteFirmwareStore, id: string) {
  const job = await store.job(id);
  if (job) return job;
  throw new Refusal('not-found', { detail: `There is no firmware update "${id}".` });
}
