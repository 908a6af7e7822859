import { type Clock, type Log, silentLog } from '@yaolian/kernel';
import {
  element,
  type IqOutcome,
  Jid,
  namespaces,
  type SaslCrypto,
  StanzaError,
  type XmlElement,
  type XmppClient,
  type XmppClientListener,
} from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { type DataRequest, decodeDataRequest, encodeDataAnswer } from '../wire/data.ts';
import { encodeDeviceDescription } from '../wire/device-description.ts';
import {
  type DeviceFeatures,
  deviceCapabilities,
  discoInfo,
  encodeDiscovery,
  isDeviceNode,
} from '../wire/device-discovery.ts';
import { type DeviceResources, isUnder } from './device-resources.ts';
import { raClientErrors } from './errors.ts';
import { readConfirmation } from './home.ts';
import { wholeList } from './lists.ts';
import { Refused } from './refused.ts';

export interface DeviceOptions {
  /** Makes the client with which the device connects, as the account that it registered; it tells `listener` everything. */
  readonly open: (listener: XmppClientListener) => XmppClient;
  readonly resources: DeviceResources;
  readonly deviceType: string;
  readonly vendor: string;
  readonly model: string;
  readonly clock: Clock;
  /** For the version of its features that stands in its presence (XEP-0115). */
  readonly crypto: Pick<SaslCrypto, 'hash'>;
  readonly log?: Log;
  readonly listener?: DeviceListener;
  /** Whether a user may own it: asked where the device was registered so that it confirms. Default: everybody who knew the code. */
  readonly confirm?: (user: string) => boolean | Promise<boolean>;
  /** Observations of all who observe. Default 256. */
  readonly maximumObservations?: number;
}

/** What a device tells whoever built it. */
export interface DeviceListener {
  onOnline?(jid: Jid, isResumed: boolean): void;
  onOffline?(error: Error): void;
  onClosed?(error: Error | undefined): void;
  /** Somebody asked, and got this: `done`, or the condition of a refusal. */
  onRequest?(request: DataRequest, from: string, outcome: string): void;
  onBound?(user: string): void;
  onUnbound?(user: string): void;
  /** Who may send it messages wrote one (§11.3). */
  onMessage?(text: string, from: string): void;
}

/** A user that owns the device, or would like to. */
export interface DeviceOwner {
  readonly user: string;
  readonly state: 'active' | 'pending';
}

interface Observation {
  readonly observer: string;
  readonly path: string;
}

/**
 * A device that speaks RA itself (GB/T 29265.205): says what it is, answers reads, writes and executions, and tells new values to
 * who observes them. The server decides who may ask; the device answers whatever reaches it.
 */
export class Device {
  readonly client: XmppClient;
  readonly #options: DeviceOptions;
  readonly #listener: DeviceListener;
  readonly #log: Log;
  readonly #observations = new Map<string, Observation>();
  readonly #changed = new Set<string>();
  readonly #stopListening: () => void;

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.#listener = options.listener ?? {};
    this.#log = options.log ?? silentLog;
    this.client = options.open({
      onMessage: (message) => this.#onMessage(message),
      onOnline: (jid, isResumed) => this.#onOnline(jid, isResumed),
      onOffline: (error) => this.#listener.onOffline?.(error),
      onClosed: (error) => this.#listener.onClosed?.(error),
    });
    const { data, device } = raNamespaces;
    for (const name of ['read', 'write', 'execute', 'observe', 'cancel']) {
      this.client.handle(name, data, (iq) => this.#onRequest(iq));
    }
    this.client.handle('device', device, () => this.#describe());
    this.client.handle('query', discoInfo, (iq) => this.#discover(iq));
    this.#stopListening = options.resources.listen((path) => this.#noteChange(path));
  }

  /** §8: connects and says that it is there; afterwards it comes back by itself until it is closed. @throws as `XmppClient.connect` */
  async connect(signal?: AbortSignal): Promise<void> {
    await this.client.connect(signal);
  }

  /** Who owns it. @throws Refused, or an error of the client */
  async owners(): Promise<readonly DeviceOwner[]> {
    const list = element('bindings', raNamespaces.binding);
    const found = await wholeList((request) => this.#ask('get', request), 'binding', list, this.#domain);
    return found.map((binding) => ({
      user: binding.attribute('user') ?? '',
      state: binding.attribute('state') === 'pending' ? 'pending' : 'active',
    }));
  }

  /** §10.5: a new verification code of its own; the one before is void. @throws Refused */
  async resetCode(): Promise<string> {
    const code = await this.#ask('set', element('reset', raNamespaces.verificationCode));
    if (code === undefined) throw raClientErrors.RA_ANSWER_MALFORMED(this.#domain);
    return code.text();
  }

  /** §7.3: whether it is asked before a user owns it. @throws Refused */
  async confirmation(): Promise<boolean> {
    return readConfirmation(await this.#ask('get', element('confirmation', raNamespaces.binding)), this.#domain);
  }

  /** It is asked from now on (`confirm` of its options), or not any more. @throws Refused */
  async requireConfirmation(required: boolean): Promise<void> {
    await this.#ask('set', element('confirmation', raNamespaces.binding, { required: String(required) }));
  }

  /** §10.4: a user owns it no more. @throws Refused */
  async unbind(user: string): Promise<void> {
    await this.#ask('set', element('unbind', raNamespaces.binding, { user }));
  }

  /** §12: says goodbye. */
  close(): void {
    this.#stopListening();
    this.client.close();
  }

  get #domain(): string {
    return this.client.jid.domain;
  }

  async #ask(type: 'get' | 'set', payload: XmlElement): Promise<XmlElement | undefined> {
    const answer = await this.client.request(type, this.#domain, payload);
    if (answer.kind === 'error') throw new Refused(answer.condition, answer.text);
    return answer.payload;
  }

  #onOnline(jid: Jid, isResumed: boolean): void {
    if (!isResumed) {
      // Who observed asks again: a new session owes nobody anything.
      this.#observations.clear();
      void this.#comeOnline();
    }
    this.#listener.onOnline?.(jid, isResumed);
  }

  /** §13: is there for those who see its presence, and says what it understands. */
  async #comeOnline(): Promise<void> {
    const capabilities = await this.#capabilities();
    // Gone again meanwhile: it will say so when it is back.
    if (!this.client.isOnline) return;
    this.client.sendPresence({}, capabilities);
    await this.#answerPending();
  }

  /** Users that asked while it was away. */
  async #answerPending(): Promise<void> {
    if (this.#options.confirm === undefined) return;
    try {
      for (const { user, state } of await this.owners()) if (state === 'pending') await this.#confirm(user);
    } catch (error) {
      this.#log.info('who would like to own the device is not known', { error });
    }
  }

  async #confirm(user: string): Promise<void> {
    const { confirm = () => true } = this.#options;
    try {
      const verb = (await confirm(user)) ? 'confirm' : 'decline';
      await this.#ask('set', element(verb, raNamespaces.binding, { user }));
    } catch (error) {
      // Somebody else may have answered, or the user does not want any more.
      this.#log.info('a binding could not be answered', { user, error });
    }
  }

  #onMessage(message: XmlElement): void {
    const from = message.attribute('from') ?? '';
    if (from === this.#domain) {
      this.#onPush(message);
      return;
    }
    const body = message.attribute('type') === 'error' ? undefined : message.childText('body');
    const sender = Jid.parse(from)?.bare.toString();
    if (body !== undefined && sender !== undefined) this.#listener.onMessage?.(body, sender);
  }

  /** §11.5. */
  #onPush(message: XmlElement): void {
    const [push] = message.elements();
    const user = push?.attribute('user');
    if (user === undefined || push?.namespace !== raNamespaces.push) return;
    if (push.name === 'binding-asked') void this.#confirm(user);
    else if (push.name === 'bound') this.#listener.onBound?.(user);
    else if (push.name === 'unbound') {
      for (const [key, { observer }] of this.#observations) if (observer === user) this.#observations.delete(key);
      this.#listener.onUnbound?.(user);
    }
  }

  async #onRequest(iq: XmlElement): Promise<IqOutcome> {
    const [payload] = iq.elements();
    const type = iq.attribute('type') === 'set' ? 'set' : 'get';
    const request = payload && decodeDataRequest(payload, type);
    const from = Jid.parse(iq.attribute('from') ?? this.#domain)?.bare.toString();
    if (request === undefined || from === undefined) return new StanzaError('bad-request');
    const outcome = await this.#carryOut(request, from);
    const refusal = outcome instanceof StanzaError ? outcome.condition : 'done';
    this.#listener.onRequest?.(request, from, refusal);
    return outcome;
  }

  async #carryOut(request: DataRequest, from: string): Promise<IqOutcome> {
    const { resources, maximumObservations = 256 } = this.#options;
    const { kind, path } = request;
    const key = `${path} ${from}`;
    switch (kind) {
      case 'write':
        return resources.write(path, request.text);
      case 'execute':
        return resources.execute(path, request.arguments);
      case 'cancel':
        this.#observations.delete(key);
        return undefined;
      default: {
        const values = this.#values(path);
        if (values instanceof StanzaError || kind === 'read') return values;
        if (!this.#observations.has(key) && this.#observations.size >= maximumObservations) {
          return new StanzaError('resource-constraint', 'too many observations');
        }
        this.#observations.set(key, { observer: from, path });
        return values;
      }
    }
  }

  #values(path: string): XmlElement | StanzaError {
    const values = this.#options.resources.read(path);
    if (values instanceof StanzaError) return values;
    return encodeDataAnswer({ kind: 'values', time: this.#now(), values })!;
  }

  #now(): string {
    return new Date(this.#options.clock.epoch()).toISOString();
  }

  /** What changes in one turn is told at its end, once. */
  #noteChange(path: string): void {
    if (this.#changed.size === 0) queueMicrotask(() => this.#tellChanges());
    this.#changed.add(path);
  }

  #tellChanges(): void {
    const changed = [...this.#changed];
    this.#changed.clear();
    const observers = new Map<string, Set<string>>();
    for (const { observer, path } of this.#observations.values()) {
      const seen = changed.filter((one) => isUnder(one, path));
      const known = observers.get(observer) ?? new Set();
      observers.set(observer, new Set([...known, ...seen]));
    }
    for (const [observer, paths] of observers) this.#tell(observer, [...paths]);
  }

  #tell(to: string, paths: readonly string[]): void {
    const values = paths.flatMap((path) => {
      const read = this.#options.resources.read(path);
      return read instanceof StanzaError ? [] : read;
    });
    if (values.length === 0) return;
    const payload = encodeDataAnswer({ kind: 'values', time: this.#now(), values });
    try {
      this.client.send(element('message', namespaces.client, { type: 'headline', to }, payload));
    } catch (error) {
      this.#log.debug('a value was not told', { to, error });
    }
  }

  #describe(): XmlElement {
    const { deviceType, vendor, model, resources } = this.#options;
    const { features, instances } = resources;
    return encodeDeviceDescription({ deviceType, vendor, model, state: 'online', features, instances });
  }

  async #discover(iq: XmlElement): Promise<IqOutcome> {
    const node = iq.elements()[0]?.attribute('node');
    if (!isDeviceNode(node, await this.#capabilities())) return new StanzaError('item-not-found');
    return encodeDiscovery(this.#understands, node);
  }

  #capabilities(): Promise<XmlElement> {
    return deviceCapabilities(this.#understands, this.#options.crypto);
  }

  get #understands(): DeviceFeatures {
    return { model: this.#options.model, features: this.#options.resources.features };
  }
}
