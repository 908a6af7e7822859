import { Code } from '@yaolian/coap';
import type { DeclaredObject } from '@yaolian/lwm2m-objects';
import { AccessControl, Gateway } from '@yaolian/lwm2m-objects/core-references';
import type { Lwm2mPath } from '../path.ts';
import type { EndDevice } from './end-device.ts';
import { DeclaredInstance, type HookAnswer, type InstanceHooks, type ObjectInstance } from './object-instance.ts';
import { type CreatableObject, ObjectTree, type TreeChange } from './object-tree.ts';
import { ofRelease } from './objects/release.ts';
import { securityObject10, securityObject11, securityObject12 } from './objects/security.ts';
import { serverObject10, serverObject11, serverObject12 } from './objects/server.ts';
import type { Lwm2mVersion } from './operations/read.ts';
import { refuse } from './refusal.ts';

/** What servers can have done with the terminal itself, through the Server object. */
export interface ServerActions {
  disable(shortServerId: number): void;
  update(shortServerId: number): void;
  bootstrap(): void;
  mayBootstrap(): boolean;
}

/** The tree of a terminal: with objects 0, 1 and 2, whose instances Bootstrap-Servers create and delete, and servers do not. */
export class TerminalTree extends ObjectTree {
  readonly actions: ServerActions;
  #endDevices: Map<string, EndDevice> | undefined;

  constructor(
    version: Lwm2mVersion,
    actions: ServerActions,
    onChanges: (changes: readonly TreeChange[]) => void,
    maximumResourceInstances?: number,
  ) {
    super(onChanges, maximumResourceInstances);
    this.actions = actions;
    for (const object of accountObjects[version]) this.declare(object.definition, object);
  }

  /** The devices behind the terminal, where it is an LwM2M Gateway. */
  get endDevices(): readonly EndDevice[] {
    return [...(this.#endDevices?.values() ?? [])];
  }

  override at({ prefix }: Lwm2mPath): ObjectTree | undefined {
    return prefix === undefined ? this : this.behind(prefix);
  }

  behind(prefix: string): ObjectTree | undefined {
    return this.#endDevices?.get(prefix)?.tree;
  }

  /** @throws RangeError when the prefix is another device's */
  attach(device: EndDevice): void {
    if (this.#endDevices?.has(device.prefix)) throw new RangeError(`"${device.prefix}" is another device's prefix`);
    const instanceId = this.freeInstanceId(Gateway.id);
    if (instanceId === undefined) throw new RangeError('there is no room for another device');
    this.#endDevices = (this.#endDevices ?? new Map()).set(device.prefix, device);
    this.add(device.connect(instanceId, (changes) => this.changedBehind(device.prefix, changes)));
  }

  /** True when it was there. */
  detach(prefix: string): boolean {
    const device = this.#endDevices?.get(prefix);
    const instanceId = device?.disconnect();
    if (device === undefined || instanceId === undefined) return false;
    this.transaction(() => {
      this.#endDevices!.delete(prefix);
      this.remove(Gateway.id, instanceId);
      this.changedBehind(prefix, device.gone());
    });
    return true;
  }
}

// Hooks are shared by all terminals: they find theirs through the instance.
function actionsOf(instance: ObjectInstance): ServerActions | undefined {
  return instance.sink instanceof TerminalTree ? instance.sink.actions : undefined;
}

type ServerHooks = InstanceHooks<typeof serverObject11>;

const serverHooks10: ServerHooks = {
  onWrite: {
    lifetime: (value) => {
      if (value < 1 || value > 4_294_967_295) return refuse(Code.BadRequest, 'a lifetime is 1 to 4294967295 seconds');
    },
    binding: (value) => checkBinding(value, 'UQS'),
    disableTimeout: (value) => (value < 0 ? refuse(Code.BadRequest, 'a timeout is not negative') : undefined),
  },
  onExecute: {
    disable: (_args, instance) => actionsOf(instance)?.disable(Number(instance.get('shortServerId'))),
    registrationUpdateTrigger: (_args, instance) => actionsOf(instance)?.update(Number(instance.get('shortServerId'))),
  },
};

const serverHooks11: ServerHooks = {
  onWrite: {
    ...serverHooks10.onWrite,
    lifetime: (value) => {
      if (value < 0 || value > 4_294_967_295) {
        return refuse(Code.BadRequest, 'a lifetime is 1 to 4294967295 seconds, or 0 for ever');
      }
    },
    binding: (value) => checkBinding(value, 'UQMHTSN'),
    preferredTransport: (value) =>
      /^[UMHTSN]$/.test(value)
        ? undefined
        : refuse(Code.BadRequest, 'a preferred transport is one letter of the Binding: U, T, M, S, N or H'),
  },
  onExecute: {
    ...serverHooks10.onExecute,
    bootstrapRequestTrigger: (_args, instance): HookAnswer => {
      const actions = actionsOf(instance);
      if (!actions?.mayBootstrap()) return refuse(Code.MethodNotAllowed, 'the terminal has no Bootstrap-Server');
      actions.bootstrap();
    },
  },
};

function checkBinding(binding: string, letters: string): HookAnswer {
  const known = [...binding].every((letter, index) => letters.includes(letter) && binding.indexOf(letter) === index);
  if (!known || !/[UTM]/.test(binding)) {
    const right = letters.includes('T') ? 'UDP, TCP or MQTT: U, T, M or several of them' : 'UDP: U or UQ';
    return refuse(Code.BadRequest, `the terminal speaks over ${right}`);
  }
}

function byBootstrap<D extends DeclaredObject>(
  definition: D,
  hooks: InstanceHooks<D> = {},
  maximumInstances = 16,
): CreatableObject {
  return {
    definition,
    maximumInstances,
    by: 'bootstrap',
    create: (id) => new DeclaredInstance(definition, id, hooks),
  };
}

/** Rules for every object instance: more than there are accounts. */
function accessControl(release: Lwm2mVersion): CreatableObject {
  return byBootstrap(ofRelease(AccessControl, release), {}, 1_024);
}

const accountObjects: Readonly<Record<Lwm2mVersion, readonly CreatableObject[]>> = {
  // The resources of the older object are the first ones of the newer, under the same names.
  '1.0': [
    byBootstrap(securityObject10),
    byBootstrap(serverObject10 as unknown as typeof serverObject11, serverHooks10),
    accessControl('1.0'),
  ],
  '1.1': [byBootstrap(securityObject11), byBootstrap(serverObject11, serverHooks11), accessControl('1.1')],
  '1.2': [
    byBootstrap(securityObject12),
    byBootstrap(serverObject12 as unknown as typeof serverObject11, serverHooks11),
    accessControl('1.2'),
  ],
};
