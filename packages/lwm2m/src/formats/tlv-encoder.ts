import { type Result, success } from '@yaolian/kernel';
import { type Lwm2mNode, nodeLevel, type ObjectInstanceNode, type ResourceNode } from '../node.ts';
import { formatPath, type Lwm2mPath, pathLevel } from '../path.ts';
import type { ResourceType, ResourceValue } from '../value.ts';
import { BackwardWriter } from './backward-writer.ts';
import type { ContentError } from './content.ts';
import { type Refused, refuse } from './refusal.ts';
import {
  longIdBit,
  multipleResourceKind,
  objectInstanceKind,
  resourceInstanceKind,
  resourceKind,
} from './tlv-entry.ts';
import { writeTlvValue } from './tlv-value.ts';

/** One encoding: entries are written last to first. Methods that give false have set `refused`. */
class TlvEncoder {
  readonly #out = new BackwardWriter();
  refused: Refused | undefined;

  encode(path: Lwm2mPath, node: Lwm2mNode): Uint8Array | undefined {
    return this.#node(path, node) ? this.#out.finish() : undefined;
  }

  #node(path: Lwm2mPath, node: Lwm2mNode): boolean {
    switch (node.kind) {
      case 'object':
        return [...node.instances.values()].reverse().every((instance) => this.#objectInstance(path, instance));
      case 'object-instance':
        return this.#resources(path, node);
      case 'resource-instance':
        return this.#value(path, resourceInstanceKind, node.id, node.type, node.value);
      default:
        return this.#resource(path, node);
    }
  }

  #objectInstance(path: Lwm2mPath, instance: ObjectInstanceNode): boolean {
    const end = this.#out.length;
    if (!this.#resources(path, instance)) return false;
    return this.#header(objectInstanceKind, instance.id, this.#out.length - end);
  }

  #resources(path: Lwm2mPath, instance: ObjectInstanceNode): boolean {
    return [...instance.resources.values()].reverse().every((resource) => this.#resource(path, resource));
  }

  #resource(path: Lwm2mPath, resource: ResourceNode): boolean {
    const { id, type } = resource;
    if (resource.kind === 'resource') return this.#value(path, resourceKind, id, type, resource.value);
    const end = this.#out.length;
    for (const [instanceId, value] of [...resource.values].reverse()) {
      if (!this.#value(path, resourceInstanceKind, instanceId, type, value)) return false;
    }
    return this.#header(multipleResourceKind, id, this.#out.length - end);
  }

  #value(path: Lwm2mPath, kind: number, id: number, type: ResourceType, value: ResourceValue): boolean {
    const end = this.#out.length;
    if (!writeTlvValue(this.#out, type, value)) {
      this.refused = refuse('wrong-type', `a value of ${type} ${id} in ${formatPath(path)} is not of that type`);
      return false;
    }
    return this.#header(kind, id, this.#out.length - end);
  }

  #header(kind: number, id: number, length: number): boolean {
    if (length > 0xff_ffff) {
      this.refused = refuse('too-large', `a TLV entry is at most 16777215 bytes long, not ${length}`);
      return false;
    }
    const lengthBytes = length < 8 ? 0 : length < 0x100 ? 1 : length < 0x1_0000 ? 2 : 3;
    this.#out.bigEndian(length, lengthBytes);
    this.#out.bigEndian(id, id < 0x100 ? 1 : 2);
    this.#out.byte(kind | (id < 0x100 ? 0 : longIdBit) | (lengthBytes << 3) | (lengthBytes === 0 ? length : 0));
    return true;
  }
}

/** Writes the node that `path` addresses: values in their shortest form, entries in the node's order. */
export function encodeTlv(path: Lwm2mPath, node: Lwm2mNode): Result<Uint8Array, ContentError> {
  if (nodeLevel(node) !== pathLevel(path)) {
    return refuse('wrong-path', `${formatPath(path)} is not the path of a node of kind ${node.kind}`);
  }
  const encoder = new TlvEncoder();
  const bytes = encoder.encode(path, node);
  return bytes ? success(bytes) : encoder.refused!;
}
