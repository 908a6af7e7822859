import { because, type RouteBody, routes } from '@yaolian/contract';
import type { CampaignRefusal, CampaignReport, DeviceGroupStore, TargetState } from '@yaolian/directory';
import type { Clock, Log } from '@yaolian/kernel';
import type { SqliteCampaignStore, SqliteFirmwareStore } from '@yaolian/storage';
import { campaignToJson, targetToJson, waveFrom } from '../firmware/firmware-json.ts';
import type { FirmwareService } from '../firmware/firmware-service.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { decodeCursor, decodePlace, encodeCursor, pageFrom, placeKey } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { filterFrom } from './device-filter.ts';
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

/** Devices of one campaign at most. */
const mostDevices = 100_000;

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
  const { manufacturer, model, firmwareVersion } = wish.devices;
  const { software, delivery, severity, maximumDeferPeriod, attempts } = wish;
  const options = Object.fromEntries(
    Object.entries({ software, delivery, severity, maximumDeferPeriod, attempts }).filter(
      ([, value]) => value !== undefined,
    ),
  ) as Record<string, string | number>;
  const devices = await choose(services, wish.devices);
  if (devices.length === 0) throw new Refusal('invalid-value', because('no-device-chosen'));
  const kind = { manufacturer, model, firmwareVersion };
  const plan = { name: wish.name, file: file.id, kind, waves: sizes, stopAt, advanceAt, startsPerMinute, concurrent };
  return services.firmware.campaigns.create({ ...plan, options }, devices, createdBy);
}

async function choose({ fleet, groups, clock }: CampaignServices, wish: Wish['devices']): Promise<readonly string[]> {
  const { name } = wish;
  const chosen = new Set<string>();
  if (wish.keys) {
    for (const name of wish.keys) {
      const found = await fleet.find(name);
      if (!found) throw new Refusal('invalid-value', because('device-named-unknown', { name }));
      chosen.add(found.device.key);
    }
    return [...chosen];
  }
  const { search, state, group, seenSince, seenBefore } = wish;
  const given = Object.entries({ search, state, group, seenSince, seenBefore }).filter(
    ([, text]) => text !== undefined,
  );
  const asked = await filterFrom(Object.fromEntries(given), groups, clock);
  let after: string | undefined;
  do {
    const page = await fleet.page({ ...asked, after, limit: 1000 });
    for (const { device } of page.devices) {
      if (name !== undefined && !matchesName(name, device.key) && !matchesName(name, device.endpoint ?? '')) continue;
      chosen.add(device.key);
    }
    after = page.next;
    if (chosen.size > mostDevices) {
      throw new Refusal('invalid-value', because('campaign-too-large', { maximum: mostDevices }));
    }
  } while (after !== undefined);
  return [...chosen];
}

/** `*` and `?` as in file names, in any case of letters. In linear time for each star. */
function matchesName(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = name.toLowerCase();
  let at = 0;
  let star = -1;
  let mark = 0;
  for (let index = 0; index < given.length; ) {
    if (wanted[at] === '*') {
      star = at++;
      mark = index;
    } else if (wanted[at] === '?' || wanted[at] === given[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      // The star takes one character more.
      at = star + 1;
      index = ++mark;
    } else return false;
  }
  while (wanted[at] === '*') at++;
  return at === wanted.length;
}

async function requireReport(firmware: FirmwareService, id: string): Promise<CampaignReport> {
  const report = await firmware.campaigns.report(id);
  if (report) return report;
  throw unknown(id);
}

function unknown(id: string): Refusal {
  return new Refusal('not-found', { detail: `There is no campaign "${id}"; GET /api/v1/campaigns lists them.` });
}
