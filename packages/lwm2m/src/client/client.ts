import type { ResourceReference } from '@yaolian/lwm2m-objects/core-references';
import { readServerAccounts } from './accounts.ts';
import type { FarewellOptions, Lwm2mClientOptions, RegistrationStatus } from './client-options.ts';
import type { ServerAccess } from './connection.ts';
import type { EndDevice } from './end-device.ts';
import type { ClientState } from './events.ts';
import { installAccounts } from './factory-accounts.ts';
import { checkedValue, ObjectInstance, type Resource } from './object-instance.ts';
import type { CreatableObject } from './object-tree.ts';
import { linkedObjects } from './objects/credentials.ts';
import { device } from './objects/device.ts';
import { coseKeys, mqttServers } from './objects/mqtt.ts';
import { oscoreContexts } from './objects/oscore.ts';
import type { SendItem, SendOptions, SendOutcome } from './send.ts';
import { TerminalCore } from './terminal-core.ts';

/**
 * An LwM2M terminal: bootstraps, registers, is managed, reports, de-registers.
 *
 *     const temperature = instance(temperatureObject, { sensorValue: 21.5 });
 *     const client = new Lwm2mClient({ endpointName, transport: endpoint, clock, timers, random,
 *       objects: [device({ manufacturer: 'Yaolian' }), temperature], servers: [{ uri: 'coap://192.0.2.1' }] });
 *     client.start();
 *     temperature.set('sensorValue', 22);
 *     await client.close();
 */
export class Lwm2mClient {
  readonly #core: TerminalCore;

  /** @throws RangeError when objects clash */
  constructor(options: Lwm2mClientOptions) {
    this.#core = new TerminalCore(this, options);
    const { objects = [], servers = [], bootstrap } = options;
    // What accounts lead to has to be there before them.
    const isLinked = (object: ObjectInstance | CreatableObject) =>
      !(object instanceof ObjectInstance) && linkedObjects.includes(object.definition.id);
    for (const object of objects) if (isLinked(object)) this.add(object);
    const { tree, version } = this.#core;
    const accounts = [...servers, ...(bootstrap ? [bootstrap] : [])];
    if (!tree.entry(21) && accounts.some(({ oscore }) => oscore)) this.add(oscoreContexts(version));
    if (version === '1.2' && accounts.some(({ uri }) => /^mqtts?:/i.test(uri))) {
      if (!tree.entry(23)) this.add(coseKeys());
      if (!tree.entry(24)) this.add(mqttServers());
    }
    if (!this.#core.recall()) installAccounts(tree, bootstrap, servers);
    for (const object of objects) if (!isLinked(object)) this.add(object);
    if (!this.#core.tree.entry(3)) this.add(device({}, {}, this.#core.version));
    for (const endDevice of options.endDevices ?? []) this.attach(endDevice);
  }

  get endpointName(): string {
    return this.#core.endpointName;
  }

  get state(): ClientState {
    return this.#core.state;
  }

  /** How the client stands with each server, ascending by Short Server ID. */
  get registrations(): readonly RegistrationStatus[] {
    return this.#core.registrations;
  }

  /** How the servers are reached that the terminal has accounts of, ascending by Short Server ID; secrets are in it. */
  get accounts(): readonly ServerAccess[] {
    const accounts = readServerAccounts(this.#core.tree);
    return accounts.ok ? accounts.value.map(({ access }) => access) : [];
  }

  /**
   * Begins the life cycle: bootstrap if it has to be, then registration. Harmless when it has begun.
   * @throws YaolianError LWM2M_CLIENT_NO_SERVER when there is no account that makes sense, and no Bootstrap-Server to get one from
   */
  start(): void {
    this.#core.start();
  }

  /**
   * Resolves when a server has the terminal registered: at once if one has.
   * @throws YaolianError LWM2M_CLIENT_CLOSED, LWM2M_CLIENT_ABORTED
   */
  registered(signal?: AbortSignal): Promise<void> {
    return this.#core.whenRegistered(signal);
  }

  /** Adds an object instance, or an object that servers create instances of. Servers hear of it by an Update. */
  add(object: ObjectInstance | CreatableObject): void {
    if (object instanceof ObjectInstance) this.#core.tree.add(object);
    else this.#core.tree.declare(object.definition, object);
  }

  /** Removes an object instance. Servers hear of it by an Update. True when it was there. */
  remove(objectId: number, instanceId: number): boolean {
    return this.#core.tree.remove(objectId, instanceId);
  }

  /**
   * Puts a device behind the terminal, which is an LwM2M Gateway then: an instance of object 25 tells of it, and servers reach
   * what it has through its prefix. Servers hear of it by an Update.
   * @throws RangeError when the prefix is another device's, or the device is behind a terminal already
   */
  attach(device: EndDevice): void {
    this.#core.tree.attach(device);
  }

  /** The device with this prefix is gone. Servers hear of it by an Update. True when it was there. */
  detach(prefix: string): boolean {
    return this.#core.tree.detach(prefix);
  }

  /** The devices behind the terminal. */
  get endDevices(): readonly EndDevice[] {
    return this.#core.tree.endDevices;
  }

  instance(objectId: number, instanceId: number): ObjectInstance | undefined {
    return this.#core.tree.instance(objectId, instanceId);
  }

  /**
   * A resource for typed access: `client.resource(Temperature.SensorValue).set(21.5)`.
   * @param reference one of `@yaolian/lwm2m-objects/references`, or of an object of one's own: `valve.named.opening`
   * @param instanceId the object instance; default 0
   * @throws RangeError when the terminal has no such object instance, or that no such resource
   */
  resource<R extends ResourceReference>(reference: R, instanceId = 0): Resource<R> {
    const { objectId, id } = reference;
    const held = this.instance(objectId, instanceId);
    if (!held) throw new RangeError(`the terminal has no /${objectId}/${instanceId}`);
    const definition = held.definition.resources.get(id);
    if (!definition)
      throw new RangeError(`${held.definition.name} has no resource ${id} in version ${held.definition.version}`);
    return {
      get: () => held.value(id) as ReturnType<Resource<R>['get']>,
      set: (value) => held.store(id, value === undefined ? undefined : checkedValue(definition, value)),
    };
  }

  /** Sends an Update to every server that has the terminal registered. */
  update(): void {
    this.#core.updateAll();
  }

  /**
   * Sends values to the servers unasked (OMA-TS-LightweightM2M_Core 1.1 §6.4.6): `send(['/3303/0/5700'])`, or values with
   * their times. A server that has muted the terminal is passed over.
   * @returns what became of it, server by server
   * @throws YaolianError LWM2M_CLIENT_CANNOT_SEND, LWM2M_CLIENT_NO_SERVER
   */
  send(items: readonly SendItem[], options: SendOptions = {}): Promise<readonly SendOutcome[]> {
    return this.#core.send(items, options);
  }

  /** To be called when the smartcard was changed or removed: what it brought goes, what it says now comes. */
  checkSmartcard(): Promise<void> {
    return this.#core.checkSmartcard();
  }

  /** De-registers and asks the Bootstrap-Server for accounts anew. Does nothing without one. */
  bootstrap(): void {
    this.#core.bootstrap();
  }

  /** Airplane mode: de-registers, and does nothing until {@link goOnline}. */
  goOffline(options: FarewellOptions = {}): Promise<void> {
    return this.#core.goOffline(options);
  }

  /** Out of airplane mode: registers again, as China Mobile's terminal specification (§7.3) has it, without another bootstrap. */
  goOnline(): void {
    this.#core.goOnline();
  }

  /** De-registers and stops for good. No timer is left. Harmless when called twice. */
  close(options: FarewellOptions = {}): Promise<void> {
    return this.#core.close(options);
  }
}
