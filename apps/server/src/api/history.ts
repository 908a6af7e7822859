import { Readable } from 'node:stream';
import { because, type JsonHistory, type JsonSeries, type RouteQuery, routes } from '@yaolian/contract';
import { type BucketsQuery, isTimeZone, type PointCursor, type ValueHistory } from '@yaolian/directory';
import { type Clock, days, parseDuration, toMilliseconds } from '@yaolian/kernel';
import {
  formatPath,
  type Lwm2mPath,
  type ObjectModel,
  objectAt,
  PathLevel,
  parsePath,
  pathLevel,
} from '@yaolian/lwm2m';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
import type { Fleet } from '../fleet/fleet.ts';
import type { FleetMap } from '../fleet/fleet-map.ts';
import { toldUnit, unitPathOf } from '../history/sensor-units.ts';
import type { Timeline } from '../history/timeline.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { pathFrom } from './asked.ts';
import { historyAsCsv } from './history-export.ts';
import { bucketToJson, pointToJson } from './history-json.ts';
import { spanFrom, timeToJson } from './times.ts';

export interface HistoryServices {
  readonly history: ValueHistory;
  readonly timeline: Timeline;
  readonly fleetMap: FleetMap;
  readonly fleet: Fleet;
  readonly server: Lwm2mServer;
  readonly model: ObjectModel;
  readonly clock: Clock;
}

/** History of values, timelines of devices, and how the platform fared. */
export function addHistoryRoutes(table: RouteTable, services: HistoryServices): void {
  const { history, fleet, timeline, clock } = services;
  table.add(routes.listSeries, async ({ params }) => {
    const device = await keyOf(fleet, params.device);
    const modelled = factsFor(services, device);
    const series = await history.series('value', device);
    const known = new Map(series.map((one) => [one.path, one]));
    const items = series
      .toSorted((a, b) => comparePaths(a.path, b.path))
      .map(({ path, firstTime, last }) => {
        const units = toldUnit(path, known);
        return {
          path,
          ...(units && { units }),
          ...modelled(path),
          firstAt: timeToJson(firstTime),
          last: pointToJson(last),
        };
      });
    return { items };
  });
  table.add(routes.showHistory, async ({ params, query }) =>
    historyOf(services, await keyOf(fleet, params.device), query),
  );
  table.add(routes.exportHistory, async ({ params, query, reply }) => {
    const device = await keyOf(fleet, params.device);
    const asked = { kind: 'value', device, path: resourcePath(query.path), ...spanFrom(query, clock) } as const;
    reply.header('content-disposition', 'attachment; filename="history.csv"').type('text/csv; charset=utf-8');
    // A stream, which is read as the caller takes it.
    return Readable.from(historyAsCsv(history, asked, spansFrom(query), query.zone)) as unknown as string;
  });
  table.add(routes.showTimeline, async ({ params, query }) => {
    const device = await keyOf(fleet, params.device);
    const types = query.type === undefined ? undefined : new Set<string>(query.type);
    const after = pointCursor(query.cursor);
    const { entries, next } = await timeline.page(device, {
      ...spanFrom(query, clock),
      types,
      after,
      limit: query.limit ?? 100,
    });
    const items = entries.map(({ time, type, endpoint, data }) => {
      return { time: timeToJson(time), type, ...(endpoint === undefined ? {} : { endpoint }), data: { ...data } };
    });
    return { items, ...(next ? { next: cursorOf(next) } : {}) };
  });
  addOverview(table, services);
}

/**
 * What one resource of a device was.
 * @param device its key
 * @param since when that begins to be for who asks
 * @throws Refusal `invalid-path`, `invalid-request`, `invalid-cursor`
 */
export async function historyOf(
  services: Pick<HistoryServices, 'history' | 'server' | 'model' | 'clock'>,
  device: string,
  query: HistoryQuery,
  since = 0,
): Promise<JsonHistory> {
  const path = resourcePath(query.path);
  const facts = { path, ...(await toldUnits(services.history, device, path)), ...factsFor(services, device)(path) };
  const { from, to } = spanFrom(query, services.clock);
  const span = { from: Math.min(Math.max(from, since), to), to };
  const told = { ...facts, from: timeToJson(span.from), to: timeToJson(span.to) };
  return { ...told, ...(await contentOf(services.history, { kind: 'value', device, path, ...span }, query)) };
}

async function toldUnits(history: ValueHistory, device: string, path: string): Promise<{ readonly units?: string }> {
  if (unitPathOf(path) === undefined) return {};
  const series = await history.series('value', device);
  const units = toldUnit(path, new Map(series.map((one) => [one.path, one])));
  return units === undefined ? {} : { units };
}

const spansOnOverview = 300;
const mostSpansOnOverview = 2_000;
const minute = 60_000;

function addOverview(table: RouteTable, { history, fleetMap, clock }: HistoryServices): void {
  table.add(routes.showModelMap, async ({ query: { limit = 50 } }) => {
    const { time, groups } = await fleetMap.byModel();
    const others = { groups: 0, online: 0, sleeping: 0, offline: 0 };
    for (const { online, sleeping, offline } of groups.slice(limit)) {
      others.groups++;
      others.online += online;
      others.sleeping += sleeping;
      others.offline += offline;
    }
    const shown = groups.slice(0, limit).map(({ model, version, ...states }) => {
      return { ...(model !== undefined && { model }), ...(version !== undefined && { version }), ...states };
    });
    return { time: timeToJson(time), groups: shown, others };
  });
  table.add(routes.showOverviewHistory, async ({ query }) => {
    const { from, to } = spanFrom({ from: '24h', ...query }, clock);
    const least = Math.ceil((to - from) / spansOnOverview / minute) * minute;
    const every = Math.max(minute, query.every === undefined ? least : toMilliseconds(parseDuration(query.every)));
    if ((to - from) / every > mostSpansOnOverview) {
      throw new Refusal('invalid-request', because('spans-too-many', { maximum: mostSpansOnOverview }));
    }
    const series = [];
    for (const { path: name } of await history.series('counter', '')) {
      const asked = {
        kind: 'counter',
        device: '',
        path: name,
        from,
        to,
        every,
        limit: mostSpansOnOverview + 2,
      } as const;
      const { buckets } = await history.buckets(asked);
      const spans = buckets.map(({ time, count, numbers }) => ({ time: timeToJson(time), count, ...numbers! }));
      if (spans.length > 0) series.push({ name, buckets: spans });
    }
    return { from: timeToJson(from), to: timeToJson(to), every, series };
  });
}

async function keyOf(fleet: Fleet, name: string): Promise<string> {
  const found = await fleet.find(name);
  if (found) return found.device.key;
  throw new Refusal('device-unknown', { detail: `There is no device with the key or endpoint name "${name}".` });
}

/** By numbers: /3/0/9 comes before /3/0/13. */
function comparePaths(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function resourcePath(text: string): string {
  const path = pathFrom(text);
  if (pathLevel(path) >= PathLevel.Resource) return formatPath(path);
  throw new Refusal('invalid-path', {
    detail: `${formatPath(path)} has no values of its own: name a resource, as in /3303/0/5700. The series of the device tell which there are.`,
  });
}

/** What the object model knows of a path. */
function factsFor({ server, model }: Pick<HistoryServices, 'server' | 'model'>, device: string) {
  const known = server.modelOf({ deviceKey: device }) ?? model;
  return (text: string): Pick<JsonSeries, 'name' | 'units' | 'type'> => {
    const parsed = parsePath(text);
    const path: Lwm2mPath = parsed.ok ? parsed.value : {};
    const resource = path.resourceId === undefined ? undefined : objectAt(known, path)?.resources.get(path.resourceId);
    if (!resource) return {};
    const { name, units, type } = resource;
    return { name, ...(units === '' ? {} : { units }), ...(type === undefined ? {} : { type }) };
  };
}

type HistoryQuery = RouteQuery<typeof routes.showHistory>;
type Asked = Pick<Parameters<ValueHistory['points']>[0], 'kind' | 'device' | 'path' | 'from' | 'to'>;

async function contentOf(
  history: ValueHistory,
  asked: Asked,
  query: HistoryQuery,
): Promise<Pick<JsonHistory, 'points' | 'buckets' | 'next'>> {
  const { order = 'oldest', limit = 1000, cursor } = query;
  const spans = spansFrom(query);
  if (spans === undefined) {
    const { points, next } = await history.points({ ...asked, order, limit, after: pointCursor(cursor) });
    return { points: points.map(pointToJson), ...(next ? { next: cursorOf(next) } : {}) };
  }
  if (order === 'newest') throw new Refusal('invalid-request', because('spans-oldest-first'));
  const from = cursor === undefined ? asked.from : bucketCursor(cursor, asked.from);
  const { buckets, next } = await history.buckets({ ...asked, ...spans, from, limit });
  return { buckets: buckets.map(bucketToJson), ...(next === undefined ? {} : { next: encodeCursor(`every:${next}`) }) };
}

/** The spans that values come together by; undefined: value by value. */
function spansFrom({
  every,
  zone,
}: Pick<HistoryQuery, 'every' | 'zone'>): Pick<BucketsQuery, 'every' | 'zone'> | undefined {
  if (zone !== undefined && !isTimeZone(zone)) throw new Refusal('invalid-request', because('zone-unknown', { zone }));
  if (every === undefined) return undefined;
  const length = toMilliseconds(parseDuration(every));
  if (!(length >= 1)) throw new Refusal('invalid-request', because('every-too-short'));
  if (zone !== undefined && length % toMilliseconds(days(1)) !== 0) {
    throw new Refusal('invalid-request', because('zone-wants-days'));
  }
  return { every: length, zone };
}

function cursorOf({ time, skip }: PointCursor): string {
  return encodeCursor(`${time}:${skip}`);
}

function pointCursor(text: string | undefined): PointCursor | undefined {
  const key = decodeCursor(text);
  if (key === undefined) return undefined;
  const [, time, skip] = /^(-?\d{1,16}):(\d{1,9})$/.exec(key) ?? [];
  if (time === undefined) throw new Refusal('invalid-cursor');
  return { time: Number(time), skip: Number(skip) };
}

function bucketCursor(text: string, from: number): number {
  const [, time] = /^every:(\d{1,16})$/.exec(decodeCursor(text) ?? '') ?? [];
  if (time === undefined) throw new Refusal('invalid-cursor');
  return Math.max(from, Number(time));
}
