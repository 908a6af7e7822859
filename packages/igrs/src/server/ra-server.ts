import { type Clock, type Duration, type Log, silentLog, type Timers } from '@yaolian/kernel';
import {
  clientContext,
  element,
  type ImModule,
  type ImServer,
  type IqRequest,
  type Jid,
  type ModuleAnswer,
  type Notice,
  namespaces,
  parseXmlText,
  type Refusal,
  Stanza,
  StanzaError,
  stanzaErrorTypes,
  type XmlElement,
} from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { vendorNamespaces } from '../vendor/namespaces.ts';
import { answerVendor } from '../vendor/vendor-requests.ts';
import { type RaAnswer, refuse, refuseForNow } from '../wire/answer.ts';
import { encodeObservationEnd, type ObservationEndReason } from '../wire/data.ts';
import { deviceCapabilities } from '../wire/device-discovery.ts';
import { Admission } from './admission.ts';
import { answerBinding, answerVerificationCode } from './binding-requests.ts';
import { contactsChanged, noticeOf, pushOf, pushRecipients, type RaChange } from './changes.ts';
import { RaContacts } from './contact-keeper.ts';
import { answerForTerminal, encodeLateAnswer } from './device-requests.ts';
import { answerDeviceSearch } from './device-search.ts';
import { answerBookmark, answerFriend, answerLink } from './friend-requests.ts';
import { answerPermission } from './permission-requests.ts';
import type { LateAnswer } from './ports.ts';
import type { RaRequest, RaServices } from './request.ts';
import { SharedPresence } from './shared-presence.ts';
import type { SharedViews } from './shared-views.ts';
import { cannotStore, isOfDisk } from './storing.ts';
import { TerminalSession, terminalPresence, terminalResource } from './terminal-session.ts';

export interface RaServerOptions extends RaServices {
  /** The message server, with `RaRosters` as its rosters. */
  readonly im: ImServer;
  readonly log?: Log;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Devices of others that accounts see. The same as those of the `RaRosters`. */
  readonly views: SharedViews;
  /** Whether two accounts may exchange stanzas (§11.1). */
  readonly areAssociated: (a: string, b: string) => Promise<boolean>;
  /** Whether the namespaces of the originators' older clients are answered too. Default: no. */
  readonly vendorCompat?: boolean;
}

interface TellOptions {
  /** Of the connection that is meant, if it is there. */
  readonly resource?: string | undefined;
  /** Of the message. */
  readonly id?: string;
  /** What it tells of, where a later one about the same takes its place while it waits. */
  readonly notice?: Notice | undefined;
}

type Answering = (services: RaServices, request: RaRequest) => Promise<RaAnswer>;

const answers: Readonly<Record<string, Answering>> = {
  [raNamespaces.binding]: answerBinding,
  [raNamespaces.verificationCode]: answerVerificationCode,
  [raNamespaces.permission]: answerPermission,
  [raNamespaces.friend]: answerFriend,
  [raNamespaces.link]: answerLink,
  [raNamespaces.bookmark]: answerBookmark,
  [raNamespaces.device]: answerDeviceSearch,
};

const vendorAnswers = Object.fromEntries(Object.values(vendorNamespaces).map((namespace) => [namespace, answerVendor]));

/**
 * Remote Access as a part of a message server (GB/T 29265.206 §7.2): answers requests to the domain, speaks for terminals, lets
 * associated accounts exchange stanzas and no others, and makes associations contacts.
 */
export class RaServer {
  readonly #options: RaServerOptions;
  readonly #im: ImServer;
  readonly #log: Log;
  readonly #admission: Admission;
  readonly #shared: SharedPresence;
  readonly #terminals = new Map<string, TerminalSession>();
  readonly #closing = new AbortController();
  #telling: Promise<void> = Promise.resolve();

  constructor(options: RaServerOptions) {
    this.#options = options;
    this.#im = options.im;
    this.#log = options.log ?? silentLog;
    this.#admission = new Admission(options);
    this.#shared = new SharedPresence({ ...options, later: (work) => this.#later(work) });
  }

  /** What no other module answers for a device, the device answers itself. */
  module(): ImModule {
    const both = { types: ['get', 'set'] } as const;
    const { rosters } = this.#im.options.stores;
    const answered = this.#options.vendorCompat === true ? { ...answers, ...vendorAnswers } : answers;
    const contacts = new RaContacts({
      ...this.#options,
      kept: (account, jid) => rosters.item(account, jid),
      show: (account, presence) => this.#show(account, presence),
    });
    return {
      name: 'GB/T 29265.205',
      serverFeatures: [...new Set([...Object.values(raNamespaces), ...Object.keys(answered)])],
      handlers: [
        ...Object.entries(answered).map(([namespace, answering]) => ({
          ...both,
          namespace,
          targets: ['server', 'own'] as const,
          handle: (request: IqRequest) => this.#answer(request, answering),
        })),
        { ...both, targets: ['other'], isSlow: true, handle: (request) => this.#ofOther(request) },
      ],
      admits: (from, to, stanza) => this.#admits(from, to, stanza),
      releases: (account, message) => this.#releases(account, message),
      contacts,
      presenceChanged: ({ account, isAvailable }) => {
        if (!isAvailable) this.#shared.left(account);
      },
    };
  }

  /**
   * Pushes what changed to those that it concerns (§11.5), and their contact lists (RFC 6121 §2.1.6), in the order of changes.
   * @param id of the change, and of its push: one that comes twice is recognised by it
   * @returns resolves once everybody has it, or it waits on disk for who is away; rejects when it does not
   */
  changed(change: RaChange, id: string): Promise<void> {
    this.#admission.changed();
    return this.#inOrder(() => this.#tell(change, id));
  }

  /**
   * Tells of a change that was made before the last restart, where not everybody had been told of it by then. To be asked before anybody
   * is let in.
   * @returns as {@link changed}
   */
  changedBefore(change: RaChange, id: string): Promise<void> {
    return this.#inOrder(async () => {
      const { accounts, payload } = await this.#pushOf(change);
      const awaits: string[] = [];
      for (const account of accounts) if (!(await this.#waitsFor(account, id))) awaits.push(account);
      // A later one looks for itself where this one takes the place of what waits.
      await Promise.all(awaits.map((account) => this.tell(account, payload, { id, notice: noticeOf(change) })));
      return [];
    });
  }

  /** @param work tells, and returns what goes on while the next change is told: storing it for who is away */
  #inOrder(work: () => Promise<readonly Promise<void>[]>): Promise<void> {
    const told = this.#telling.then(async () => ({ stored: await work() }));
    this.#telling = told.then(
      () => undefined,
      () => undefined,
    );
    return told.then(async ({ stored }) => void (await Promise.all(stored)));
  }

  /** What no change begins, after those that are being told. */
  #later(work: () => Promise<void>): void {
    this.#inOrder(async () => {
      await work();
      return [];
    }).catch((error: unknown) => this.#log.error('what friends see was not told', { error }));
  }

  /** Resolves when everybody has been told of the changes so far. */
  told(): Promise<void> {
    return this.#telling;
  }

  /** A terminal came, went or fell asleep (§13). */
  async terminalChanged(device: string): Promise<void> {
    const facts = await this.#options.terminals.facts(device);
    const { state } = facts ?? { state: 'offline' };
    const capabilities = facts && (await deviceCapabilities(facts, this.#options.crypto));
    const session = this.#terminals.get(device);
    if (capabilities !== undefined && state !== 'offline') {
      const present = session ?? this.#openTerminal(device);
      await this.#im.onStanza(present, terminalPresence(present.jid, state, capabilities));
    } else if (session !== undefined) {
      this.#terminals.delete(device);
      session.end();
      this.#im.onEnded(session, []);
    }
  }

  /**
   * A headline from the domain to the connections that an account has now (§11.5); it is not stored.
   * @param supersededBy of what a later one is for the account; a client that nobody looks at (XEP-0352) needs the last one alone
   */
  push(account: string, payload: XmlElement, supersededBy?: string): void {
    for (const { session } of this.#im.clients.of(account)) {
      const message = this.#message(session.jid, payload, { type: 'headline' });
      session.deliver(supersededBy === undefined ? message : new Stanza(message, undefined, { supersededBy }));
    }
  }

  /** Values of a device that an account observes. One that is later is of the same paths. */
  pushValues(account: string, device: string, values: XmlElement): void {
    const address = `${device}@${this.#options.domain}`;
    const paths = values.elements('value').map((value) => value.attribute('path'));
    this.push(account, values.with({ device: address }), [address, ...paths].join(' '));
  }

  /**
   * Tells what came of a request that waited. Who lost the right meanwhile is told so by whoever keeps the requests.
   * @returns once it is delivered or stored
   */
  async late(answer: LateAnswer): Promise<void> {
    const { account, resource } = answer;
    const notice = { group: 'answer', topic: `answer ${answer.device} ${answer.id}` };
    await this.tell(account, encodeLateAnswer(answer, this.#options.domain), { resource, notice });
  }

  /**
   * Tells that no more values of a path come: every connection that got them, or, when there is none, who comes back.
   * @returns once it is delivered or stored
   */
  async ended(account: string, device: string, path: string, reason: ObservationEndReason): Promise<void> {
    const group = `observation ${device}`;
    const payload = encodeObservationEnd(`${device}@${this.#options.domain}`, path, reason);
    await this.tellAll(account, payload, { group, topic: `${group} ${path}` });
  }

  /** A headline to every connection that an account has, whatever its presence; to who has none a message that waits (§11.7). */
  async tellAll(account: string, payload: XmlElement, notice?: Notice): Promise<void> {
    if (this.#im.clients.of(account).length > 0) this.push(account, payload);
    else await this.tell(account, payload, { notice });
  }

  /** A message from the domain that waits for an account that is away (§11.7). */
  async tell(account: string, payload: XmlElement, { resource, id, notice }: TellOptions = {}): Promise<void> {
    const message = (to: Jid) => new Stanza(this.#message(to, payload, { id }), undefined, { notice });
    const found = resource === undefined ? undefined : this.#im.clients.find(account, resource);
    if (found?.session.deliver(message(found.jid)) === true) return;
    await this.#im.send(message(this.#im.accountJid(account)));
  }

  /** An account is gone. */
  async accountRemoved(account: string): Promise<void> {
    this.#admission.changed();
    await this.terminalChanged(account);
  }

  /** Gives up what is asked of terminals. */
  close(): void {
    this.#shared.close();
    this.#closing.abort(new Error('the server is closing'));
  }

  #admits(from: Jid, to: Jid, stanza: XmlElement) {
    if (this.#options.terminals.has(to.local!)) {
      // What a terminal is asked its permissions decide, where it is noted too; strangers learn of nothing else that it is there.
      if (stanza.name === 'iq' && isForTerminal(stanza.elements()[0])) return undefined;
      if (stanza.name === 'message') return new StanzaError('service-unavailable', 'the device takes no messages');
    }
    return this.#admission.admits(from, to, stanza);
  }

  /** What accounts said to a device while they might; what is said to users reaches them. */
  async #releases(account: string, message: XmlElement): Promise<Refusal> {
    const from = this.#im.jids.parse(message.attribute('from') ?? '');
    if (from?.local === undefined || from.domain !== this.#options.domain) return undefined;
    return this.#admission.releases(from.local, account, message);
  }

  async #answer({ from, type, payload }: IqRequest, answering: Answering): Promise<ModuleAnswer> {
    const request = await this.#request(from, type, payload);
    if (request === undefined) return new StanzaError('forbidden');
    return moduleAnswer(await this.#guarded(payload.namespace, () => answering(this.#options, request)));
  }

  /** RFC 6121 §8.5.2 lets the server answer for accounts: for terminals it does, other devices answer themselves. */
  async #ofOther({ account, from, type, payload }: IqRequest): Promise<ModuleAnswer> {
    const { terminals, accounts } = this.#options;
    if (terminals.has(account!)) return this.#forTerminal(account!, from, type, payload);
    if ((await accounts.kindOf(account!)) !== 'device') return new StanzaError('service-unavailable');
    // What the platform asks in place of its users has one permission check, one audit and one table of observers.
    if (isForTerminal(payload)) return this.#forTerminal(account!, from, type, payload);
    const clients = this.#im.clients.of(account!);
    const chosen = clients.find(({ isAvailable }) => isAvailable) ?? clients[0];
    return chosen ?? new StanzaError('recipient-unavailable');
  }

  async #forTerminal(device: string, from: Jid, type: 'get' | 'set', payload: XmlElement): Promise<ModuleAnswer> {
    const request = await this.#request(from, type, payload);
    if (request === undefined) return new StanzaError('forbidden');
    const { signal } = this.#closing;
    return moduleAnswer(
      await this.#guarded(payload.namespace, () => answerForTerminal(this.#options, device, request, signal)),
    );
  }

  /** Undefined when it comes from no account. */
  async #request(from: Jid, type: 'get' | 'set', payload: XmlElement): Promise<RaRequest | undefined> {
    if (from.local === undefined || from.domain !== this.#options.domain) return undefined;
    const kind = await this.#options.accounts.kindOf(from.local);
    return kind && { account: from.local, kind, resource: from.resource, type, payload };
  }

  /** A request that the directory does not take (a name that is too long, too many changes) is the asker's mistake; all else is ours. */
  async #guarded(namespace: string, work: () => Promise<RaAnswer>): Promise<RaAnswer> {
    try {
      return await work();
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      if (code === 'NAME_UNFIT' || code === 'FEATURE_UNFIT') return refuse('not-acceptable', (error as Error).message);
      if (code === 'TOO_MANY_CHANGES') {
        return refuseForNow((error as { readonly retryAfter: Duration } & Error).retryAfter, namespace);
      }
      this.#log.error('a request of the RA failed', { error });
      if (isOfDisk(code)) return refuse('resource-constraint', cannotStore);
      return refuse('internal-server-error');
    }
  }

  #openTerminal(device: string): TerminalSession {
    const jid = this.#im.accountJid(device).withResource(terminalResource)!;
    const session = new TerminalSession(jid, (stanza) => {
      this.#toTerminal(device, stanza).catch((error: unknown) =>
        this.#log.error('a terminal did not answer', { error }),
      );
    });
    this.#terminals.set(device, session);
    this.#im.onBound(session, []);
    return session;
  }

  /** What comes for the connection of a terminal, not for its account. */
  async #toTerminal(device: string, stanza: XmlElement): Promise<void> {
    const from = this.#im.jids.parse(stanza.attribute('from') ?? '');
    const type = stanza.attribute('type');
    const [payload] = stanza.elements();
    if (from === undefined || stanza.name === 'presence') return;
    if (stanza.name === 'message') return this.#im.refuse(stanza, 'service-unavailable');
    if ((type !== 'get' && type !== 'set') || payload === undefined) return;
    const answer = await this.#forTerminal(device, from, type, payload);
    if (answer instanceof StanzaError) return this.#im.refuse(stanza, answer);
    const { id, to } = stanza.attributes;
    const attributes = { type: 'result', id, from: to, to: `${from}` };
    return this.#im.reply(element('iq', namespaces.client, attributes, answer as XmlElement | undefined));
  }

  async #tell(change: RaChange, id: string): Promise<readonly Promise<void>[]> {
    await this.#showContacts(change);
    await this.#shared.changed(change);
    const { accounts, payload } = await this.#pushOf(change);
    return accounts.map((account) => this.tell(account, payload, { id, notice: noticeOf(change) }));
  }

  /** Terminals are told nothing: nobody listens there. */
  async #pushOf(change: RaChange): Promise<{ readonly accounts: readonly string[]; readonly payload: XmlElement }> {
    const { domain, bindings, terminals } = this.#options;
    const push = pushOf(change, domain);
    const told = await pushRecipients(push, bindings);
    return { accounts: told.filter((account) => !terminals.has(account)), payload: push.payload };
  }

  /** Whether the push of that change is among what waits for an account. */
  async #waitsFor(account: string, id: string): Promise<boolean> {
    const { stores } = this.#im.options;
    const { offlineMessages, offlineNotices } = this.#im.bounds;
    const waiting = await stores.offline.messages(account, offlineMessages + offlineNotices);
    return waiting.some(({ stanza }) => {
      const parsed = parseXmlText(stanza, clientContext);
      return parsed.ok && parsed.value.attribute('id') === id && parsed.value.attribute('from') === this.#im.domain;
    });
  }

  async #showContacts(change: RaChange): Promise<void> {
    const jid = (account: string) => `${account}@${this.#options.domain}`;
    for (const [account, other] of contactsChanged(change)) await this.#im.roster.tell(account, jid(other));
    const tell = (account: string, other: string, isGone: boolean) =>
      this.#im.tellPresence(account, this.#im.accountJid(other), isGone);
    const subscription = (type: string, from: string, to: string) =>
      this.#show(to, element('presence', namespaces.client, { type, from: jid(from), to: jid(to) }));
    switch (change.kind) {
      case 'bound':
      case 'unbound': {
        const { user, device } = change.binding;
        await tell(user, device, change.kind === 'unbound');
        return tell(device, user, change.kind === 'unbound');
      }
      case 'friend-asked':
        if (change.isUnknown !== true) subscription('subscribe', change.by, change.user);
        return;
      case 'friends': {
        const { user, other } = change.friendship;
        subscription('subscribed', other, user);
        return tell(user, other, false);
      }
      case 'unfriended': {
        if (change.isUnknown === true) return;
        const { user, other } = change.friendship;
        subscription('unsubscribed', change.by, change.by === user ? other : user);
        await tell(user, other, true);
        return tell(other, user, true);
      }
    }
  }

  /** To the sessions of an account that see its contacts. */
  #show(account: string, presence: XmlElement): void {
    for (const client of this.#im.clients.of(account)) {
      if (client.isAvailable || client.isInterested) client.session.deliver(presence);
    }
  }

  #message(to: Jid, payload: XmlElement, { type, id }: { type?: 'headline'; id?: string | undefined }): XmlElement {
    return element('message', namespaces.client, { type, id, from: this.#options.domain, to: `${to}` }, payload);
  }
}

/** What the platform answers for devices. */
function isForTerminal(payload: XmlElement | undefined): boolean {
  const { data, device, firmware, history } = raNamespaces;
  const namespace = payload?.namespace;
  return [data, device, firmware, history].some((one) => one === namespace);
}

function moduleAnswer(given: RaAnswer): XmlElement | undefined | StanzaError {
  if (given.ok) return given.payload;
  const { condition, text, detail } = given.refusal;
  // RFC 6120 §8.3.3.12: here the policy is one of patience.
  const type = condition === 'policy-violation' ? 'wait' : stanzaErrorTypes[condition];
  return new StanzaError(condition, text, detail, type);
}
