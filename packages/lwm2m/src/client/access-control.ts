import { Code } from '@yaolian/coap';
import type { AccessControl as AccessControlObject } from '@yaolian/lwm2m-objects/core-references';
import { formatPath, type Lwm2mPath, maximumId, PathLevel, truncatePath } from '../path.ts';
import type { DeclaredInstance, ObjectInstance } from './object-instance.ts';
import type { ObjectTree, TreeChange, TreeObject } from './object-tree.ts';
import type { Refusal } from './refusal.ts';

/** Bits of an ACL (OMA-TS-LightweightM2M_Core 1.1 appendix E.3): what a server may do with an object instance. */
export const AccessRight = { Read: 1, Write: 2, Execute: 4, Delete: 8, Create: 16 } as const;

const allRights = 31;

/** The Short Server ID, and in Create rules the instance id, that is nobody's: only a Bootstrap-Server may change the rule. */
const nobody = 65_535;

/** The resource instance of an ACL that holds for servers that have none. */
const byDefault = 0;

const Acl = { ObjectId: 0, InstanceId: 1, Rights: 2, Owner: 3 } as const;

/** Objects that rules are not made for: those of Bootstrap-Servers, and the rules themselves. */
const withoutRules: ReadonlySet<number> = new Set([0, 2, 21]);

export interface AccessControlOptions {
  /** Who owns object instances that no Bootstrap-Server made a rule for. Default: the server with the lowest Short Server ID. */
  readonly owner?: number;
  /** What others may do with these, as the bits of {@link AccessRight}. Default: read. */
  readonly othersMay?: number;
}

/**
 * The rights of servers in a terminal that has several (OMA-TS-LightweightM2M_Core 1.1 §8.2): instances of the Access Control
 * object (2) are the rules, and this keeps them complete. With one server there are no rules, and no such object.
 *
 * Where a Bootstrap-Server wrote rules, it is they that count: an instance without one is nobody's. Where none did, every instance
 * gets one: Server object instances are their own server's, others as {@link AccessControlOptions} say.
 */
export class AccessControl {
  readonly #tree: ObjectTree;
  readonly #options: AccessControlOptions;
  readonly #servers: readonly number[];
  /** Rules that a Bootstrap-Server wrote were there when the servers became known. */
  readonly #provisioned: boolean;
  #rules: Map<number, ObjectInstance> | undefined;

  /** @param servers the Short Server IDs, ascending, two or more */
  constructor(tree: ObjectTree, servers: readonly number[], options: AccessControlOptions) {
    this.#tree = tree;
    this.#options = options;
    this.#servers = servers;
    this.#provisioned = [...(tree.entry(2)?.instances.values() ?? [])].some((rule) => !made.has(rule));
    tree.transaction(() => {
      removeMadeRules(tree, (rule) => this.#isOfSomething(rule));
      this.#complete();
    });
  }

  /** What a server may do with an object instance; with id 65535, whether it may create one. */
  rights(server: number, objectId: number, instanceId: number): number {
    const rule = this.#rule(objectId, instanceId);
    if (!rule) return 0;
    const acl = rule.value(Acl.Rights);
    const own = acl instanceof Map ? acl.get(server) : undefined;
    if (own !== undefined) return Number(own);
    // §8.2.1: the owner may do everything where the list does not name it, and others what the default says.
    if (numberAt(rule, Acl.Owner) === server) return allRights;
    return acl instanceof Map ? Number(acl.get(byDefault) ?? 0) : 0;
  }

  /** Who may change a rule. */
  owner(ruleId: number): number | undefined {
    const rule = this.#tree.instance(2, ruleId);
    return rule && numberAt(rule, Acl.Owner);
  }

  /** Values and instances are others now: a rule goes with its instance, and comes with it. */
  changed(changes: readonly TreeChange[]): void {
    if (changes.some(({ prefix, objectId }) => prefix === undefined && objectId === 2)) this.#rules = undefined;
    for (const { prefix, objectId, instanceId, resourceId } of changes) {
      if (prefix !== undefined || resourceId !== undefined || withoutRules.has(objectId)) continue;
      const rule = this.#rule(objectId, instanceId);
      if (!this.#tree.instance(objectId, instanceId)) {
        if (rule) this.#tree.remove(2, rule.id);
      } else if (!rule && !this.#provisioned) {
        this.#addDefault(objectId, instanceId);
      }
    }
  }

  /** §8.2.2: who creates an object instance owns it. To be called before the instance is in the tree. */
  own(server: number, objectId: number, instanceId: number): void {
    if (!this.#rule(objectId, instanceId)) this.#add(objectId, instanceId, server, new Map());
  }

  #complete(): void {
    if (this.#provisioned) return;
    for (const objectId of this.#tree.objectIds()) {
      if (withoutRules.has(objectId)) continue;
      const object = this.#tree.entry(objectId)!;
      this.#completeCreate(objectId, object);
      for (const instanceId of object.instances.keys()) {
        if (!this.#rule(objectId, instanceId)) this.#addDefault(objectId, instanceId);
      }
    }
  }

  #completeCreate(objectId: number, { creatable }: TreeObject): void {
    if (creatable?.by !== 'server' || this.#rule(objectId, nobody)) return;
    const acl = new Map([[this.#owner, AccessRight.Create as number]]);
    const others = (this.#options.othersMay ?? 0) & AccessRight.Create;
    if (others !== 0) acl.set(byDefault, others);
    this.#add(objectId, nobody, nobody, acl);
  }

  #addDefault(objectId: number, instanceId: number): void {
    const account = objectId === 1 ? numberAt(this.#tree.instance(1, instanceId)!, 0) : undefined;
    const acl = new Map([[byDefault, this.#options.othersMay ?? AccessRight.Read]]);
    this.#add(objectId, instanceId, account ?? this.#owner, account === undefined ? acl : new Map());
  }

  #isOfSomething(rule: ObjectInstance): boolean {
    const objectId = numberAt(rule, Acl.ObjectId)!;
    const instanceId = numberAt(rule, Acl.InstanceId)!;
    return instanceId === nobody || this.#tree.instance(objectId, instanceId) !== undefined;
  }

  get #owner(): number {
    return this.#options.owner ?? this.#servers[0]!;
  }

  #add(objectId: number, instanceId: number, owner: number, acl: ReadonlyMap<number, number>): void {
    const id = this.#tree.freeInstanceId(2);
    const object = this.#tree.entry(2)!;
    if (id === undefined || object.instances.size >= object.creatable!.maximumInstances) return;
    const rule = object.creatable!.create(id) as DeclaredInstance<typeof AccessControlObject>;
    made.add(rule);
    rule.update({
      objectId,
      objectInstanceId: instanceId,
      accessControlOwner: owner,
      ...(acl.size > 0 ? { acl } : {}),
    });
    this.#tree.add(rule);
    this.#rules = undefined;
  }

  #rule(objectId: number, instanceId: number): ObjectInstance | undefined {
    this.#rules ??= new Map(
      [...(this.#tree.entry(2)?.instances.values() ?? [])].map((rule) => [
        ruleKey(numberAt(rule, Acl.ObjectId) ?? nobody, numberAt(rule, Acl.InstanceId) ?? nobody),
        rule,
      ]),
    );
    return this.#rules.get(ruleKey(objectId, instanceId));
  }
}

/** Rules that were made here, not by a Bootstrap-Server. */
const made = new WeakSet<ObjectInstance>();

/** Whether a rule was made here: then it is made again after a restart. */
export function isMadeRule(rule: ObjectInstance): boolean {
  return made.has(rule);
}

/** Takes out the rules that were made here, but for those that are still wanted. */
export function removeMadeRules(tree: ObjectTree, wanted: (rule: ObjectInstance) => boolean = () => false): void {
  for (const rule of [...(tree.entry(2)?.instances.values() ?? [])]) {
    if (made.has(rule) && !wanted(rule)) tree.remove(2, rule.id);
  }
}

function ruleKey(objectId: number, instanceId: number): number {
  return objectId * (maximumId + 2) + instanceId;
}

function numberAt(instance: ObjectInstance, resourceId: number): number | undefined {
  const value = instance.value(resourceId);
  return typeof value === 'number' ? value : undefined;
}

const rightNames: Readonly<Record<number, string>> = {
  [AccessRight.Read]: 'read',
  [AccessRight.Write]: 'write',
  [AccessRight.Execute]: 'execute in',
  [AccessRight.Delete]: 'delete',
  [AccessRight.Create]: 'create instances of',
};

/** What one server may do, as its operations ask. Without rules it may do everything. */
export class ServerRights {
  readonly #rules: () => AccessControl | undefined;
  readonly #server: number;

  constructor(server: number, rules: () => AccessControl | undefined) {
    this.#server = server;
    this.#rules = rules;
  }

  /** Whether a right is there on an object instance; on an object whose instances can be created, for Create. */
  has(right: number, path: Lwm2mPath): boolean {
    const rules = this.#rules();
    // OMA-TS-LWM2M_Gateway 1.1 §7: there is no access control of what is behind a gateway.
    if (!rules || path.prefix !== undefined) return true;
    const { objectId = nobody, objectInstanceId: instanceId = nobody } = path;
    // §8.2: rules are there for everybody to read, and for their owner to change.
    if (objectId === 2) return right === AccessRight.Read || (right === AccessRight.Write && this.#owns(instanceId));
    return (rules.rights(this.#server, objectId, instanceId) & right) !== 0;
  }

  #owns(ruleId: number): boolean {
    return this.#rules()!.owner(ruleId) === this.#server;
  }

  /** Why an operation is not for this server: 4.01; undefined when it is. */
  refuse(right: number, path: Lwm2mPath): Refusal | undefined {
    if (this.has(right, path)) return undefined;
    const level = right === AccessRight.Create ? PathLevel.Object : PathLevel.ObjectInstance;
    const what = formatPath(truncatePath(path, level));
    return {
      code: Code.Unauthorized,
      reason: `server ${this.#server} may not ${rightNames[right]} ${what} (access control)`,
    };
  }

  /** This server creates an object instance. */
  own({ prefix, objectId, objectInstanceId }: Lwm2mPath): void {
    if (prefix === undefined) this.#rules()?.own(this.#server, objectId!, objectInstanceId!);
  }
}
