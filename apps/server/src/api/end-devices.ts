import { type JsonEndDevice, routes } from '@yaolian/contract';
import { hasCode } from '@yaolian/kernel';
import { formatPath, gatewayObject, type Lwm2mPath, type ObjectModel, objectAt } from '@yaolian/lwm2m';
import type { ClientReference, EndDeviceEntry, Lwm2mServer } from '@yaolian/lwm2m/server';
import type { Fleet } from '../fleet/fleet.ts';
import type { RouteTable } from '../http/mount.ts';
import { clientFrom } from './asked.ts';
import { deviceRefused, orRefusal } from './device-failures.ts';

export interface EndDeviceServices {
  readonly fleet: Fleet;
  readonly server: Lwm2mServer;
}

/** The devices behind LwM2M Gateways. */
export function addEndDeviceRoutes(table: RouteTable, { fleet, server }: EndDeviceServices): void {
  table.add(routes.listEndDevices, async ({ params, signal }) => {
    // What speaks through a door of its own has nothing behind it.
    if (fleet.doorOf(params.device) !== undefined) return { items: [] };
    const client = await clientFrom(fleet, params.device);
    if (server.objectLinks(client)?.objects.has(gatewayObject) !== true) return { items: [] };
    const entries = await orRefusal(entriesOf(server, client, signal));
    const model = server.modelOf(client);
    return { items: entries.map((entry) => entryToJson(entry, model)) };
  });
}

/** As the gateway says now; of one that sleeps, as it said last. */
async function entriesOf(
  server: Lwm2mServer,
  client: ClientReference,
  signal: AbortSignal,
): Promise<readonly EndDeviceEntry[]> {
  try {
    const answer = await server.endDevices(client, { signal });
    if (answer.ok) return answer.value.endDevices;
    throw deviceRefused(answer.error);
  } catch (error) {
    const known = hasCode(error, 'LWM2M_ASLEEP') ? server.knownEndDevices(client) : undefined;
    if (known === undefined) throw error;
    return known;
  }
}

function entryToJson(
  { instanceId, deviceId, prefix, objects }: EndDeviceEntry,
  model: ObjectModel | undefined,
): JsonEndDevice {
  const links = [...objects].flatMap(([objectId, { version, instances }]) => {
    const object: Lwm2mPath = { prefix, objectId };
    const name = model && objectAt(model, object)?.name;
    const attributes: Record<string, string> = version === undefined ? {} : { ver: version };
    const paths = instances.length === 0 ? [object] : instances.map((id) => ({ ...object, objectInstanceId: id }));
    return paths.map((path) => ({
      path: formatPath(path),
      ...(name === undefined ? {} : { name }),
      attributes,
    }));
  });
  return { instance: instanceId, deviceId, prefix, links };
}
