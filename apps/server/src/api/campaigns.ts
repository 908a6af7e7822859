import { because, type JsonCampaignPreview, type RouteBody, type RouteQuery, routes } from '@yaolian/contract';
import type { CampaignRefusal, CampaignReport, Device, DeviceGroupStore, TargetState } from '@yaolian/directory';
import type { Clock, Log } from '@yaolian/kernel';
import type { SqliteCampaignStore, SqliteFirmwareStore } from '@yaolian/storage';
import { campaignToJson, targetToJson, waveFrom } from '../firmware/firmware-json.ts';
import type { FirmwareService } from '../firmware/firmware-service.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { decodeCursor, decodePlace, encodeCursor, pageFrom, placeKey } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { chosenDevices, type DeviceChoice, lookAtChosen } from './chosen-devices.ts';
import { requireFile } from './firmware.ts';

export interface CampaignServices {
  readonly firmware: FirmwareService;
  readonly files: SqliteFirmwareStore;
  readonly store: SqliteCampaignStore;
  readonly fleet: Fleet;
  readonly groups: DeviceGroupStore;
  readonly clock: Clock;
  readonly log: Log;
}

type Wish = RouteBody<typeof routes.createCampaign>;

/** Firmware updates of many devices. */
export function addCampaignRoutes(table: RouteTable, services: CampaignServices): void {
  const { firmware, store, log } = services;
  const { campaigns } = firmware;
  table.add(routes.createCampaign, async ({ body, actor }) => {
    const report = await create(services, body, actor!.operator);
    const { id, total } = report.campaign;
    log.info('campaign created', { campaign: id, devices: total, operator: actor!.operator });
    return campaignToJson(report);
  });
  table.add(routes.previewCampaign, ({ query }) => preview(services, query));
  table.add(routes.listCampaigns, async ({ query: { cursor, limit = 100 } }) => {
    const found = await campaigns.list(limit + 1, decodePlace(cursor));
    return pageFrom(found, limit, ({ campaign }) => placeKey(campaign), campaignToJson);
  });
  table.add(routes.showCampaign, async ({ params }) => campaignToJson(await requireReport(firmware, params.id)));
  table.add(routes.listCampaignDevices, async ({ params, query: { state, cursor, limit = 100 } }) => {
    await requireReport(firmware, params.id);
    const query = { state: state as TargetState | undefined, after: decodeCursor(cursor), limit: limit + 1 };
    const targets = await store.targets(params.id, query);
    const items = targets.slice(0, limit).map(targetToJson);
    return targets.length > limit ? { items, next: encodeCursor(items.at(-1)!.device) } : { items };
  });
  const acting =
    (act: (id: string) => Promise<CampaignRefusal | number | undefined>, rule: string) =>
    async ({ params }: { readonly params: { readonly id: string } }) => {
      const refusal = await act(params.id);
      if (refusal === 'unknown') throw unknown(params.id);
      if (refusal === 'wrong-state') throw new Refusal('conflict', { ...because('campaign-state'), detail: rule });
      if (refusal === 0) throw new Refusal('conflict', because('nothing-to-retry'));
      return campaignToJson(await requireReport(firmware, params.id));
    };
  table.add(
    routes.pauseCampaign,
    acting((id) => campaigns.pause(id), 'Only a campaign that runs can be paused.'),
  );
  table.add(
    routes.resumeCampaign,
    acting((id) => campaigns.resume(id), 'Only a campaign that is paused or has stopped can be resumed.'),
  );
  table.add(
    routes.cancelCampaign,
    acting((id) => campaigns.cancel(id), 'The campaign is over.'),
  );
  table.add(
    routes.retryCampaign,
    acting((id) => campaigns.retry(id), 'The campaign cannot be retried.'),
  );
}

async function create(services: CampaignServices, wish: Wish, createdBy: string): Promise<CampaignReport> {
  const file = await requireFile(services.files, wish.file);
  const { waves = ['1%', '10%'], stopAt = 0.1, advanceAt = 0.9, startsPerMinute = 600, concurrent = 50 } = wish;
  const sizes = waves.map(waveFrom);
  const wrong = sizes.find((size) => ('share' in size ? size.share > 1 || size.share <= 0 : size.count < 1));
  if (wrong) throw new Refusal('invalid-value', because('wave-unfit'));
  const choice = choiceOf(wish.devices, file);
  const { software, delivery, severity, maximumDeferPeriod, attempts } = wish;
  const options = Object.fromEntries(
    Object.entries({ software, delivery, severity, maximumDeferPeriod, attempts }).filter(
      ([, value]) => value !== undefined,
    ),
  ) as Record<string, string | number>;
  const devices = await chosenDevices(choice, services, 'campaign-too-large');
  if (devices.length === 0) throw await nothingChosen(choice, services);
  const { vendor: manufacturer, model, version: firmwareVersion } = wish.devices;
  const kind = { manufacturer, model, firmwareVersion };
  const plan = { name: wish.name, file: file.id, kind, waves: sizes, stopAt, advanceAt, startsPerMinute, concurrent };
  return services.firmware.campaigns.create({ ...plan, options }, devices, createdBy);
}

/** The package tells for which model it is, where nothing else is said. What devices are that are named is asked when their turn comes. */
function choiceOf(
  { unread, ...devices }: Wish['devices'],
  { model }: { readonly model?: string | undefined },
): DeviceChoice {
  if (devices.keys) {
    const { vendor: _, model: __, version: ___, ...named } = devices;
    return named;
  }
  const choice = model === undefined ? devices : { model, ...devices };
  return unread === 'ask' ? { ...choice, unread: 'too' } : choice;
}

async function nothingChosen(choice: DeviceChoice, services: CampaignServices): Promise<Refusal> {
  const { total: count } = choice.keys
    ? { total: 0 }
    : (await lookAtChosen({ ...choice, unread: 'alone' }, services, 0)).counts;
  return new Refusal('invalid-value', count === 0 ? because('no-device-chosen') : because('devices-unread', { count }));
}

/** Devices of a preview that are told one by one. */
const previewed = 20;

async function preview(
  services: CampaignServices,
  { file: id, ...devices }: RouteQuery<typeof routes.previewCampaign>,
): Promise<JsonCampaignPreview> {
  const choice = choiceOf(devices, await requireFile(services.files, id));
  const { counts, keys } = await lookAtChosen(choice, services, previewed);
  const unread = (await lookAtChosen({ ...choice, unread: 'alone' }, services, 0)).counts.total;
  const found = await Promise.all(keys.map((key) => services.fleet.find(key)));
  return {
    ...counts,
    unread,
    devices: found.flatMap((one) => (one === undefined ? [] : [previewedToJson(one.device)])),
  };
}

function previewedToJson({ key, endpoint, facts: { vendor, model, version } = {} }: Device) {
  return {
    key,
    ...(endpoint !== undefined && { endpoint }),
    ...(vendor !== undefined && { vendor }),
    ...(model !== undefined && { model }),
    ...(version !== undefined && { version }),
  };
}

async function requireReport(firmware: FirmwareService, id: string): Promise<CampaignReport> {
  const report = await firmware.campaigns.report(id);
  if (report) return report;
  throw unknown(id);
}

function unknown(id: string): Refusal {
  return new Refusal('not-found', because('campaign-unknown', { id }));
}
