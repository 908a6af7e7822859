import { success } from '@yaolian/kernel';
import { Gateway } from '@yaolian/lwm2m-objects/core-references';
import { gatewayObject } from '../model.ts';
import type { ObjectInstanceNode, ObjectNode } from '../node.ts';
import { type ObjectLinks, parseEndDeviceLinks } from '../object-links.ts';
import { isPrefix, type Lwm2mPath } from '../path.ts';
import type { OperationService } from './operation-service.ts';
import type { Answer, ClientReference, Done, OperationOptions } from './operation-types.ts';
import type { Operations } from './operations.ts';

/** A device behind an LwM2M Gateway, as the gateway tells of it. */
export interface EndDeviceEntry {
  /** Of object 25. */
  readonly instanceId: number;
  /** Unique and for good. */
  readonly deviceId: string;
  /** What paths to it begin with: `d01` in `/d01/3303/0/5700`. */
  readonly prefix: string;
  /** What it has, and in which versions; nothing where the gateway does not tell. */
  readonly objects: ObjectLinks['objects'];
}

export interface EndDevicesAnswer extends Done {
  /** Ascending by instance. */
  readonly endDevices: readonly EndDeviceEntry[];
}

const gatewayPath: Lwm2mPath = { objectId: gatewayObject };

/** The devices behind gateways (OMA-TS-LWM2M_Gateway 1.1 §8.2): read from object 25, and remembered for their objects' versions. */
export class EndDevices {
  readonly #service: OperationService;
  readonly #operations: Operations;

  constructor(service: OperationService, operations: Operations) {
    this.#service = service;
    this.#operations = operations;
  }

  /**
   * Asks a gateway which devices are behind it. Instances that make no sense are passed over: prefixes that are none or are
   * another device's already.
   * @returns a refusal with 4.04 where the client is no gateway
   * @throws YaolianError of {@link lwm2mErrors}
   */
  async read(reference: ClientReference, options: OperationOptions = {}): Promise<Answer<EndDevicesAnswer>> {
    const answer = await this.#operations.read(reference, gatewayPath, options);
    if (!answer.ok) return answer;
    const { code, node } = answer.value;
    const endDevices = entriesOf(node as ObjectNode);
    this.#service.find(reference).endDevices = endDevices;
    return success({ code, endDevices: [...endDevices.values()] });
  }

  /** What a client said when it was asked last; undefined when it was not since it registered, or since the start. */
  known(reference: ClientReference): readonly EndDeviceEntry[] | undefined {
    const { endDevices } = this.#service.find(reference);
    return endDevices && [...endDevices.values()];
  }
}

function entriesOf({ instances }: ObjectNode): ReadonlyMap<string, EndDeviceEntry> {
  const byPrefix = new Map<string, EndDeviceEntry>();
  for (const instance of [...instances.values()].sort((a, b) => a.id - b.id)) {
    const prefix = textAt(instance, Gateway.Prefix.id);
    if (!isPrefix(prefix) || byPrefix.has(prefix)) continue;
    const links = parseEndDeviceLinks(textAt(instance, Gateway.IotDeviceObjects.id), prefix);
    const objects: EndDeviceEntry['objects'] = links.ok ? links.value.objects : new Map();
    const deviceId = textAt(instance, Gateway.DeviceId.id);
    byPrefix.set(prefix, { instanceId: instance.id, deviceId, prefix, objects });
  }
  return byPrefix;
}

function textAt(instance: ObjectInstanceNode, resourceId: number): string {
  const resource = instance.resources.get(resourceId);
  return resource?.kind === 'resource' && typeof resource.value === 'string' ? resource.value : '';
}
