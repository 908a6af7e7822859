import { type JsonBootstrapEntry, routes } from '@yaolian/contract';
import type { Log } from '@yaolian/kernel';
import type { ObjectModel } from '@yaolian/lwm2m';
import type { BootstrapConfig, BootstrapConfigStore } from '@yaolian/lwm2m/bootstrap';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal, unfit } from '../http/refusal.ts';
import { bootstrapFromJson, bootstrapToJson } from '../json/bootstrap.ts';

export interface BootstrapServices {
  readonly configs: BootstrapConfigStore;
  readonly model: ObjectModel;
  readonly log: Log;
}

/** What the API calls the configuration of everybody who has none of their own. */
const defaultName = 'default';

/** The default comes first; no endpoint name has control characters, so all come after this. */
const beforeAllNames = '\u0001';

/** What terminals are told at bootstrap. */
export function addBootstrapRoutes(table: RouteTable, { configs, model, log }: BootstrapServices): void {
  table.add(routes.listBootstraps, async ({ query: { cursor, limit = 100 } }) => {
    const after = decodeCursor(cursor);
    const found = await configs.list({ limit: limit + 1, ...(after === undefined ? {} : { after }) });
    const items = found.slice(0, limit).map(({ name, config }) => toJson(name, config));
    if (found.length <= limit) return { items };
    return { items, next: encodeCursor(found[limit - 1]!.name ?? beforeAllNames) };
  });
  table.add(routes.showBootstrap, async ({ params }) => {
    const name = nameFrom(params.endpoint);
    const config = await configs.get(name);
    if (!config) throw notFound(params.endpoint);
    return toJson(name, config);
  });
  table.add(routes.setBootstrap, async ({ params, body, actor }) => {
    const name = nameFrom(params.endpoint);
    const config = bootstrapFromJson(body, model, await configs.get(name));
    if (!config.ok) throw unfit('invalid-value', [config.error]);
    await configs.put(name, config.value);
    log.info('bootstrap configuration set', { endpoint: params.endpoint, operator: actor!.operator });
    return toJson(name, config.value);
  });
  table.add(routes.removeBootstrap, async ({ params, actor }) => {
    if (!(await configs.remove(nameFrom(params.endpoint)))) throw notFound(params.endpoint);
    log.info('bootstrap configuration removed', { endpoint: params.endpoint, operator: actor!.operator });
  });
}

function nameFrom(endpoint: string): string | undefined {
  return endpoint === defaultName ? undefined : endpoint;
}

function toJson(name: string | undefined, config: BootstrapConfig): JsonBootstrapEntry {
  return { endpoint: name ?? defaultName, configuration: bootstrapToJson(config) };
}

function notFound(endpoint: string): Refusal {
  const whose = endpoint === defaultName ? 'no default configuration' : `no configuration for ${endpoint} alone`;
  return new Refusal('not-found', { detail: `There is ${whose}.` });
}
