import { routes } from '@yaolian/contract';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
import { pageOfAll } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { timeToJson } from './times.ts';

/** The object lists that Profile IDs stand for. */
export function addProfileRoutes(table: RouteTable, server: Lwm2mServer): void {
  table.add(routes.listProfiles, ({ query }) =>
    pageOfAll(
      server.profiles(),
      query,
      ({ id }) => id,
      ({ id, objectLinks, learnedAt }) => ({ id, objectLinks, learnedAt: timeToJson(learnedAt) }),
    ),
  );
  table.add(routes.forgetProfile, async ({ params }) => {
    if (await server.forgetProfile(params.id)) return;
    throw new Refusal('not-found', { detail: `There is no profile ${params.id}.` });
  });
}
