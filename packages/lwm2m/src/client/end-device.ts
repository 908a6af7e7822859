import { Gateway } from '@yaolian/lwm2m-objects/core-references';
import { formatObjectLinks, type RegisteredObject } from '../object-links.ts';
import { isPrefix } from '../path.ts';
import { type DeclaredInstance, instance, ObjectInstance } from './object-instance.ts';
import { type CreatableObject, ObjectTree, type TreeChange } from './object-tree.ts';
import { objectsOf } from './registration-request.ts';

/** A device behind a gateway, and what it has. */
export interface EndDeviceOptions {
  /** Unique wherever it is, and for good: a URN such as `urn:dev:os:32473-101`. */
  readonly deviceId: string;
  /** The first path segment of what is the device's: 1 to 32 letters, digits, `-` and `_`, and no number. */
  readonly prefix: string;
  /** Its object instances, and objects that servers create instances of. */
  readonly objects?: readonly (ObjectInstance | CreatableObject)[];
  /** Resource instances of one resource that servers may write; a Write beyond is 4.00. Default 1,000. */
  readonly maximumResourceInstances?: number;
}

/**
 * A device behind an LwM2M Gateway (OMA-TS-LWM2M_Gateway 1.1): it speaks no LwM2M itself, and servers reach it through its
 * prefix: `/d01/3303/0/5700`. How the gateway speaks with it is the gateway's own affair: hooks of instances, and `set`.
 *
 *     const meter = new EndDevice({ deviceId: 'urn:dev:os:32473-101', prefix: 'd01', objects: [temperature] });
 *     client.attach(meter);
 */
export class EndDevice {
  readonly deviceId: string;
  readonly prefix: string;
  /** @internal */
  readonly tree: ObjectTree;
  #gateway: DeclaredInstance<typeof Gateway> | undefined;
  #tell: ((changes: readonly TreeChange[]) => void) | undefined;

  /** @throws RangeError when the prefix cannot be one, or objects clash */
  constructor({ deviceId, prefix, objects = [], maximumResourceInstances }: EndDeviceOptions) {
    if (!isPrefix(prefix)) {
      throw new RangeError(`a prefix is 1 to 32 letters, digits, "-" and "_" and no number, not "${prefix}"`);
    }
    this.deviceId = deviceId;
    this.prefix = prefix;
    this.tree = new ObjectTree((changes) => this.#changed(changes), maximumResourceInstances);
    for (const object of objects) this.add(object);
  }

  /** Adds an object instance, or an object that servers create instances of. Servers hear of it by resource 25/x/3. */
  add(object: ObjectInstance | CreatableObject): void {
    if (object instanceof ObjectInstance) this.tree.add(object);
    else {
      this.tree.declare(object.definition, object);
      this.#list();
    }
  }

  /** True when it was there. */
  remove(objectId: number, instanceId: number): boolean {
    return this.tree.remove(objectId, instanceId);
  }

  instance(objectId: number, instanceId: number): ObjectInstance | undefined {
    return this.tree.instance(objectId, instanceId);
  }

  /** @internal It is behind a terminal from now on. @returns the instance of object 25 that tells of it */
  connect(instanceId: number, tell: (changes: readonly TreeChange[]) => void): ObjectInstance {
    if (this.#gateway) throw new RangeError(`"${this.prefix}" is behind a terminal already`);
    const { deviceId, prefix } = this;
    this.#gateway = instance(Gateway, { deviceId, prefix, iotDeviceObjects: this.#links() }, { id: instanceId });
    this.#tell = tell;
    return this.#gateway;
  }

  /** @internal It is behind no terminal any more. @returns the instance id that told of it */
  disconnect(): number | undefined {
    const gateway = this.#gateway;
    this.#gateway = undefined;
    this.#tell = undefined;
    return gateway?.id;
  }

  /** @internal All that it has, as gone. */
  gone(): readonly TreeChange[] {
    return this.tree.objectIds().flatMap((objectId) =>
      [...this.tree.entry(objectId)!.instances.keys()].map((instanceId) => ({
        objectId,
        instanceId,
        resourceId: undefined,
      })),
    );
  }

  #changed(changes: readonly TreeChange[]): void {
    if (changes.some(({ resourceId }) => resourceId === undefined)) this.#list();
    this.#tell?.(changes);
  }

  #list(): void {
    this.#gateway?.set('iotDeviceObjects', this.#links());
  }

  /** The list as a Register would have it (§6), without the prefix and without a root. */
  #links(): string {
    const objects: ReadonlyMap<number, RegisteredObject> = objectsOf(this.tree);
    const links = formatObjectLinks({ rootPath: [], contentFormats: [], objects });
    return links.slice(links.indexOf(',') + 1 || links.length);
  }
}
