import { because, type JsonBulkJob, type JsonBulkOperation, roleCovers, routes } from '@yaolian/contract';
import type { CampaignRefusal, DeviceGroupStore, TargetState, TokenDescription } from '@yaolian/directory';
import type { Clock, Log } from '@yaolian/kernel';
import { type ObjectModel, PathLevel, pathLevel } from '@yaolian/lwm2m';
import { writtenNode } from '../bulk/bulk-runner.ts';
import { type BulkService, bulkTargetToJson, bulkToJson } from '../bulk/bulk-service.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { decodeCursor, decodePlace, encodeCursor, pageFrom, placeKey } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { pathFrom } from './asked.ts';
import { chosenDevices } from './chosen-devices.ts';
import { requireMembers } from './groups.ts';

export interface BulkServices {
  readonly bulk: BulkService;
  readonly fleet: Fleet;
  readonly groups: DeviceGroupStore;
  readonly model: ObjectModel;
  readonly clock: Clock;
  readonly log: Log;
}

type Asked = { readonly params: { readonly id: string }; readonly actor: TokenDescription | undefined };

/** One thing done with many devices. */
export function addBulkRoutes(table: RouteTable, services: BulkServices): void {
  const { bulk, log } = services;
  const { jobs, store } = bulk;
  const show = async (id: string): Promise<JsonBulkJob> => {
    const report = await jobs.report(id);
    if (report) return bulkToJson(report);
    throw new Refusal('not-found', { detail: `There is no bulk job "${id}".` });
  };
  table.add(routes.createBulkJob, async ({ body: { operation, devices, offline = 'skip' }, actor }) => {
    await check(operation, services, actor!);
    const chosen = await chosenDevices(devices, services, 'job-too-large');
    if (chosen.length === 0) throw new Refusal('invalid-value', because('no-device-chosen'));
    const report = await bulk.create(operation, offline, chosen, actor!.operator);
    const facts = { job: report.campaign.id, operation: operation.kind, devices: chosen.length };
    log.info('bulk job created', { ...facts, operator: actor!.operator });
    return bulkToJson(report);
  });
  table.add(routes.listBulkJobs, async ({ query: { cursor, limit = 100 } }) => {
    const found = await jobs.list(limit + 1, decodePlace(cursor));
    return pageFrom(found, limit, ({ campaign }) => placeKey(campaign), bulkToJson);
  });
  table.add(routes.showBulkJob, ({ params }) => show(params.id));
  table.add(routes.listBulkTargets, async ({ params, query: { state, cursor, limit = 100 } }) => {
    await show(params.id);
    const query = { state: state as TargetState | undefined, after: decodeCursor(cursor), limit: limit + 1 };
    const targets = await store.targets(params.id, query);
    const items = targets.slice(0, limit).map(bulkTargetToJson);
    return targets.length > limit ? { items, next: encodeCursor(items.at(-1)!.device) } : { items };
  });
  const acting =
    (
      act: (id: string) => Promise<CampaignRefusal | number | undefined>,
      mayBegin = (_: JsonBulkJob, __: Asked) => {},
    ) =>
    async (asked: Asked) => {
      const { params } = asked;
      mayBegin(await show(params.id), asked);
      const refusal = await act(params.id);
      if (refusal === 'wrong-state') throw new Refusal('conflict', because('job-over'));
      if (refusal === 0) throw new Refusal('conflict', because('nothing-to-retry'));
      return show(params.id);
    };
  table.add(
    routes.cancelBulkJob,
    acting((id) => jobs.cancel(id)),
  );
  table.add(
    routes.retryBulkJob,
    acting(
      (id) => jobs.retry(id),
      ({ operation }, { actor }) => requireRole(operation, actor!),
    ),
  );
}

/** What would fail with every device is refused at once. */
async function check(
  operation: JsonBulkOperation,
  { groups, model }: BulkServices,
  actor: TokenDescription,
): Promise<void> {
  requireRole(operation, actor);
  switch (operation.kind) {
    case 'add-to-group':
    case 'remove-from-group':
      return requireMembers(groups, operation.group);
    case 'forget':
    case 'reboot':
      return undefined;
    case 'write':
      writtenNode(operation, model);
      return undefined;
    default: {
      const level = pathLevel(pathFrom(operation.path));
      if (operation.kind !== 'execute' && level === PathLevel.Root) {
        throw new Refusal('invalid-path', { detail: `${operation.path} names no object, and a path begins with one.` });
      }
      if (operation.kind === 'execute' && level !== PathLevel.Resource) {
        throw new Refusal('invalid-path', {
          detail: `${operation.path} is no resource, and only resources are executed.`,
        });
      }
      return undefined;
    }
  }
}

/** Whoever may not do something with one device may neither begin it with many nor have it tried again. @throws Refusal `forbidden` */
function requireRole({ kind }: JsonBulkOperation, { role }: TokenDescription): void {
  if (kind !== 'forget' || roleCovers(role, 'admin')) return;
  throw new Refusal('forbidden', { detail: 'Forgetting devices takes the role admin.' });
}
