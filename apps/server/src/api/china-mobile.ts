import {
  defaultReportGroup as builtIn,
  defaultReportFields,
  defaultReportRules,
  groupsBefore,
  parseProfileCName,
  type ReportGroup,
} from '@yaolian/china-mobile-dm';
import {
  because,
  type JsonAppKey,
  type JsonDeviceReport,
  type JsonReportGroup,
  type RouteBody,
  routes,
} from '@yaolian/contract';
import {
  type AppKey,
  type AppKeyStore,
  type DeviceReport,
  type DeviceReportStore,
  issueAppKey,
} from '@yaolian/directory';
import type { Clock, Log, Random } from '@yaolian/kernel';
import type { Fleet, FleetDevice } from '../fleet/fleet.ts';
import { decodeCursor, pageFrom } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import type { ReportGroups } from '../reports/report-groups.ts';
import type { ReportService } from '../reports/report-service.ts';
import { orRefusal } from './device-failures.ts';
import { timeToJson } from './times.ts';

export interface ChinaMobileServices {
  readonly appKeys: AppKeyStore;
  readonly reports: ReportService;
  readonly reportGroups: ReportGroups;
  readonly reportStore: DeviceReportStore;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What profiles B and C of China Mobile need besides: appKeys, reports, and groups of reporting rules. */
export function addChinaMobileRoutes(table: RouteTable, services: ChinaMobileServices): void {
  addAppKeyRoutes(table, services);
  addGroupRoutes(table, services);
  addReportRoutes(table, services);
}

function addAppKeyRoutes(table: RouteTable, { appKeys, clock, random, log }: ChinaMobileServices): void {
  table.add(routes.listAppKeys, async ({ query: { cursor, limit = 100 } }) => {
    const after = decodeCursor(cursor);
    const found = await appKeys.appKeys({ limit: limit + 1, ...(after === undefined ? {} : { after }) });
    return pageFrom(found, limit, (one) => one.appKey, appKeyToJson);
  });
  table.add(routes.issueAppKey, async ({ body, actor }) => {
    const { vendor, appKey, password } = body;
    if ((appKey === undefined) !== (password === undefined)) {
      throw new Refusal('invalid-request', because('app-key-alone'));
    }
    const time = clock.epoch();
    if (appKey === undefined || password === undefined) {
      const issued = await issueAppKey(appKeys, { vendor, time, random });
      log.info('appKey issued', { appKey: issued.appKey, vendor, operator: actor!.operator });
      return { ...appKeyToJson(issued), password: issued.password };
    }
    const taken = { appKey, vendor, issuedAt: time };
    if (!(await appKeys.addAppKey(taken, password))) {
      throw new Refusal('conflict', because('app-key-exists', { appKey }));
    }
    log.info('appKey taken over', { appKey, vendor, operator: actor!.operator });
    return appKeyToJson(taken);
  });
  table.add(routes.revokeAppKey, async ({ params, actor }) => {
    if (!(await appKeys.removeAppKey(params.appKey))) {
      throw new Refusal('not-found', { detail: `There is no appKey ${params.appKey}.` });
    }
    log.info('appKey revoked', { appKey: params.appKey, operator: actor!.operator });
  });
}

function addGroupRoutes(table: RouteTable, services: ChinaMobileServices): void {
  const { reportGroups, reports, fleet, log } = services;
  table.add(routes.showReportGroup, ({ params: { name } }) => {
    const groups = reportGroups.all();
    const group = groups.find((one) => one.name === name);
    if (group !== undefined) return groupToJson(group, groups);
    // In force for all the others, though nobody set it.
    if (name === builtIn.name) return groupToJson(builtIn, groups);
    throw new Refusal('not-found', { detail: `There is no report group ${name}.` });
  });
  table.add(routes.showReportGroupsOfDevice, async ({ params }) => {
    const { device } = await find(fleet, params.device);
    const terminal = parseProfileCName(device.endpoint ?? '');
    if (!terminal.ok) throw new Refusal('not-found', { detail: `${device.key} is not of profile C.` });
    const [counts, ...others] = reportGroups.fitting(terminal.value).map(({ name }) => name);
    return { counts: counts!, fit: [counts!, ...others] };
  });
  table.add(routes.listReportGroups, () => {
    const groups = reportGroups.all();
    // What is in force for all the others, unless an operator gave it other rules.
    const isSet = groups.some(({ name }) => name === builtIn.name);
    return { items: [...(isSet ? [] : [builtIn]), ...groups].map((group) => groupToJson(group, groups)) };
  });
  table.add(routes.setReportGroup, async ({ params, body, actor }) => {
    const group = groupOf(params.name, body);
    const kept = await reportGroups.put(group);
    if (!kept.ok) throw new Refusal('invalid-request', { ...because('report-group-unfit'), detail: `${kept.error}.` });
    log.info('report group set', { group: group.name, operator: actor!.operator, terminals: reports.askAgain() });
    return groupToJson(group, reportGroups.all());
  });
  table.add(routes.removeReportGroup, async ({ params, actor }) => {
    if (!(await reportGroups.remove(params.name))) {
      throw new Refusal('not-found', { detail: `There is no report group ${params.name}.` });
    }
    log.info('report group removed', { group: params.name, operator: actor!.operator, terminals: reports.askAgain() });
  });
}

function addReportRoutes(table: RouteTable, { reports, reportStore, fleet }: ChinaMobileServices): void {
  table.add(routes.showReport, async ({ params }) => {
    const { device } = await find(fleet, params.device);
    const report = await reportStore.report(device.key);
    if (report) return reportToJson(report);
    throw new Refusal('not-found', { detail: `${device.key} has reported nothing yet.` });
  });
  table.add(routes.readReport, async ({ params, signal }) => {
    const { device, registration } = await find(fleet, params.device);
    if (!registration) throw new Refusal('device-not-registered', { detail: `${device.key} is not registered now.` });
    const report = await orRefusal(reports.read(registration, signal));
    if (report.ok) return reportToJson(report.value);
    const detail = `There is no report of ${device.key}: ${report.error}.`;
    throw new Refusal('device-answer-malformed', { ...because('no-report'), detail });
  });
}

async function find(fleet: Fleet, name: string): Promise<FleetDevice> {
  const found = await fleet.find(name);
  if (found) return found;
  throw new Refusal('device-unknown', { detail: `There is no device with the key or endpoint name "${name}".` });
}

function groupOf(name: string, body: RouteBody<typeof routes.setReportGroup>): ReportGroup {
  const { fields = defaultReportFields, rules, ...rest } = body;
  return { ...rest, name, fields, rules: { ...defaultReportRules, ...rules } };
}

function appKeyToJson({ appKey, vendor, issuedAt }: AppKey): JsonAppKey {
  return { appKey, vendor, issuedAt: timeToJson(issuedAt) };
}

function groupToJson(group: ReportGroup, groups: readonly ReportGroup[]): JsonReportGroup {
  const yieldsTo = groupsBefore(group, groups).map(({ name }) => name);
  return {
    ...{ ...group, fields: [...group.fields], rules: { ...group.rules } },
    ...(group === builtIn && { builtIn: true as const }),
    ...(yieldsTo.length > 0 && { yieldsTo }),
  };
}

function reportToJson({ reportedAt, fields, unreadable }: DeviceReport): JsonDeviceReport {
  return { reportedAt: timeToJson(reportedAt), fields: { ...fields }, unreadable: { ...unreadable } };
}
