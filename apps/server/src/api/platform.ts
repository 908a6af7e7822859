import { type JsonStatus, routes } from '@yaolian/contract';
import type { Enrolment } from '@yaolian/directory';
import { type Clock, milliseconds, toSeconds } from '@yaolian/kernel';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
import type { EventHub } from '../events/event-hub.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { PlatformCounters } from '../history/platform-counters.ts';
import type { RouteTable } from '../http/mount.ts';
import { timeToJson } from './times.ts';

export interface PlatformServices {
  readonly version: string;
  readonly profile: () => string;
  /** The domain of Remote Access, where it is on. */
  readonly remoteAccess: string | undefined;
  readonly clock: Clock;
  readonly fleet: Fleet;
  readonly server: Lwm2mServer;
  readonly hub: EventHub;
  readonly enrolment: Enrolment;
  readonly counters: Pick<PlatformCounters, 'totals'>;
  readonly metrics: { text(): string };
  readonly listening: JsonStatus['listening'];
  readonly udpAdapter: string;
  readonly openApi: () => object;
}

/** Status, metrics and the OpenAPI document. */
export function addPlatformRoutes(table: RouteTable, services: PlatformServices): void {
  const startedAt = services.clock.epoch();
  const startedMonotonic = services.clock.monotonic();
  table.add(routes.showStatus, async () => {
    const { rss, heapUsed } = process.memoryUsage();
    return {
      name: 'yaolian' as const,
      version: services.version,
      startedAt: timeToJson(startedAt),
      uptime: Math.floor(toSeconds(milliseconds(services.clock.monotonic() - startedMonotonic))),
      profile: services.profile(),
      enrolment: services.enrolment.mode,
      ...(services.remoteAccess === undefined ? {} : { remoteAccess: services.remoteAccess }),
      listening: services.listening,
      udpAdapter: services.udpAdapter,
      devices: await services.fleet.counts(),
      observations: services.server.observationCount,
      counters: Object.fromEntries(services.counters.totals),
      eventStreams: services.hub.readers,
      memory: { rss, heapUsed },
    };
  });
  table.add(routes.showMetrics, () => services.metrics.text());
  table.add(routes.showOpenApi, () => services.openApi());
}
