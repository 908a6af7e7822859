import { type CoapEndpoint, Code, type IncomingRequest } from '@yaolian/coap';
import { type Result, success, toMilliseconds } from '@yaolian/kernel';
import { ClientExpiry } from './client-expiry.ts';
import type { ServerContext, ServerEndpoint } from './context.ts';
import type { RegisteredEvent, UpdatedEvent } from './events.ts';
import { type Refusal, refuse } from './refusal.ts';
import { RegisteredClient } from './registered-client.ts';
import type { Registration } from './registration.ts';
import { RegistrationCommits } from './registration-commits.ts';
import { RegistrationIds } from './registration-id.ts';
import type { RegisterRequest, UpdateRequest } from './registration-requests.ts';
import { type Enrolment, newRegistration, restoredRegistration, updatedRegistration } from './registration-values.ts';
import { SharedTexts } from './shared-texts.ts';
import { Turns } from './turns.ts';

/** What hangs on a registration and has to follow it. Called in the turn in which memory changes; must not throw. */
export interface ClientDependants {
  /** The store is about to be told that its registration ends: what is in the store by now goes with it, what comes later does not. */
  leaving(client: RegisteredClient): void;
  /** Its registration was replaced by another of the same device; what hung on `previous` is gone from the store. */
  replaced(client: RegisteredClient, previous: Registration): void;
  /** It registered, and was not there before. */
  arrived(client: RegisteredClient): void;
  /** It is out of the table for good, and out of the store. `client.registration` is the one that ended. */
  ended(client: RegisteredClient): void;
  /** Its requests come from another peer now. */
  moved(client: RegisteredClient): void;
}

/** Where a request came from. */
export interface RequestSource {
  readonly request: IncomingRequest;
  readonly endpoint: CoapEndpoint;
}

/**
 * Carries out Register, Update, De-register and the end of lifetimes (OMA-TS-LightweightM2M 1.0 §5.3, 1.1 core §6.2). One change of a
 * device at a time, in order of arrival; each is first on disk, then in memory, then answered: what fails on disk leaves
 * memory as it was.
 */
export class RegistrationChanges {
  readonly #context: ServerContext;
  readonly #commits: RegistrationCommits;
  readonly #dependants: ClientDependants;
  readonly #turns: Turns;
  readonly #expiry: ClientExpiry;
  readonly #texts = new SharedTexts(256);
  readonly #ids: RegistrationIds;
  /** New registrations that are being committed: they count towards the bound. */
  #admitted = 0;

  constructor(context: ServerContext, dependants: ClientDependants) {
    this.#context = context;
    this.#commits = new RegistrationCommits(context);
    this.#dependants = dependants;
    this.#ids = new RegistrationIds(context.random);
    this.#turns = new Turns(context.limits.maximumWaitingChanges);
    this.#expiry = new ClientExpiry({
      clock: context.clock,
      timers: context.timers,
      granularity: context.behaviour.expiryGranularity,
      onExpired: (client) => void this.#expire(client),
      clients: () => context.table.values(),
      count: () => context.table.size,
    });
  }

  /**
   * Takes up what an earlier process stored. Lifetimes go on from the last Register or Update, and leave each terminal time to be heard
   * (`restartGrace`).
   */
  restore(registrations: Iterable<Registration>, endpointFor: (registration: Registration) => ServerEndpoint): void {
    const { table, links, clock, behaviour } = this.#context;
    for (const stored of registrations) {
      const read = links.read(stored.objectLinks);
      const registration = restoredRegistration(stored, read.ok ? read.value.text : stored.objectLinks, this.#texts);
      if (!this.#isNewest(registration)) continue;
      const age = Math.max(0, clock.epoch() - registration.updatedAt); // the clock may have been set back meanwhile
      const grace = Math.min(registration.lifetime * 1_000, toMilliseconds(behaviour.restartGrace));
      const passed = Math.min(age, registration.lifetime * 1_000 - grace);
      const expiresAt = this.#expiryOf(registration, clock.monotonic() - passed);
      const { endpoint, peerOf } = endpointFor(registration);
      const { address, peerKey } = registration;
      const peer = (peerKey === undefined ? undefined : peerOf?.(peerKey)) ?? address;
      const client = new RegisteredClient(registration, peer, endpoint, expiresAt);
      client.heardAt = clock.monotonic() - age;
      table.add(client);
      this.#expiry.watch(client);
    }
  }

  /** Of registrations of one device, which a store should never hold, the newest stays. */
  #isNewest(registration: Registration): boolean {
    const { table } = this.#context;
    for (const other of [table.byEndpoint(registration.endpoint), table.byDeviceKey(registration.deviceKey)]) {
      if (!other?.live) continue;
      const isNewer = other.registration.updatedAt < registration.updatedAt;
      void this.#commits.remove(isNewer ? other.registration : registration);
      if (!isNewer) return false;
      this.#drop(other);
    }
    return true;
  }

  /** Commits a Register: resolves with the registration when it is on disk and in memory. */
  async register(
    request: RegisterRequest,
    enrolment: Enrolment,
    source: RequestSource,
  ): Promise<Result<Registration, Refusal>> {
    const turn = this.#turns.enter(enrolment.deviceKey);
    if (turn === false) return this.#busy();
    if (turn !== true) await turn;
    const { table, limits } = this.#context;
    const device = table.byDeviceKey(enrolment.deviceKey);
    const namesake = table.byEndpoint(request.endpoint);
    const added = device || namesake ? 0 : 1;
    this.#admitted += added;
    try {
      if (added && table.size + this.#admitted > limits.maximumRegistrations) return this.#full();
      const registration = newRegistration(request, enrolment, this.#ids.next(), source.request.peer, this.#texts);
      if (device) this.#dependants.leaving(device);
      if (namesake && namesake !== device) this.#dependants.leaving(namesake);
      const client = device ?? namesake;
      const replaced = client?.live ? client.registration : undefined;
      const event = { type: 'registered', time: this.#context.clock.epoch(), registration, replaced } as const;
      this.#context.events.store(event);
      const failed = await this.#commits.register(registration, enrolment, device, namesake);
      if (failed) return failed;
      this.#applyRegistration(event, client, source);
      return success(registration);
    } finally {
      this.#admitted -= added;
      this.#turns.leave(enrolment.deviceKey);
    }
  }

  #applyRegistration(event: RegisteredEvent, client: RegisteredClient | undefined, source: RequestSource): void {
    const { table, events, clock, contacts } = this.#context;
    const { registration, time } = event;
    const holder = table.byEndpoint(registration.endpoint);
    if (holder && holder !== client) this.#drop(holder);
    const expiresAt = this.#expiryOf(registration, clock.monotonic());
    if (!client?.live) {
      const added = new RegisteredClient(registration, source.request.peer, source.endpoint, expiresAt);
      table.add(added);
      this.#expiry.watch(added);
      this.#dependants.arrived(added);
      contacts.heard(added);
      events.push(event);
      return;
    }
    const previous = client.registration;
    table.replace(client, registration);
    table.move(client, source.request.peer, source.endpoint);
    client.formats = undefined;
    client.endDevices = undefined;
    this.#prolong(client, expiresAt);
    this.#dependants.replaced(client, previous);
    contacts.heard(client);
    events.push({ type: 'replaced', time, registration: previous, by: registration });
    events.push(event);
  }

  /** Commits an Update of the registration `id`, which is `client`'s unless something came in between. */
  async update(
    request: UpdateRequest,
    client: RegisteredClient,
    id: string,
    source: RequestSource,
  ): Promise<Result<Registration, Refusal>> {
    const { deviceKey } = client.registration;
    const turn = this.#turns.enter(deviceKey);
    if (turn === false) return this.#busy();
    if (turn !== true) await turn;
    const { clock, limits } = this.#context;
    try {
      if (!isCurrent(client, id)) return notRegistered;
      const previous = client.registration;
      const registration = updatedRegistration(previous, request, source.request.peer, clock.epoch(), this.#texts);
      const others = request.others ? Object.keys(registration.otherParameters ?? {}).length : 0;
      if (others > limits.maximumParameters) return tooManyParameters;
      const event = { type: 'updated', time: clock.epoch(), registration, previous } as const;
      this.#context.events.store(event);
      const failed = await this.#commits.update(registration);
      if (failed) return failed;
      if (!isCurrent(client, id)) return notRegistered;
      this.#applyUpdate(client, event, source);
      return success(registration);
    } finally {
      this.#turns.leave(deviceKey);
    }
  }

  #applyUpdate(client: RegisteredClient, event: UpdatedEvent, source: RequestSource): void {
    const { events, clock, table, contacts } = this.#context;
    const { registration, previous, time } = event;
    const { peer } = source.request;
    client.registration = registration;
    if (registration.objectLinks !== previous.objectLinks) {
      client.formats = undefined;
      client.endDevices = undefined;
    }
    this.#prolong(client, this.#expiryOf(registration, clock.monotonic()));
    events.push(event);
    if (client.displaced || peer.key !== client.peer.key || source.endpoint !== client.endpoint) {
      table.move(client, peer, source.endpoint);
      this.#dependants.moved(client);
    }
    contacts.heard(client);
    if (registration.address !== previous.address) {
      events.push({ type: 'address-changed', time, registration, previousAddress: previous.address });
    }
  }

  /** Commits a De-register of the registration `id`. */
  async deregister(client: RegisteredClient, id: string): Promise<Result<Registration, Refusal>> {
    const { deviceKey } = client.registration;
    const turn = this.#turns.enter(deviceKey);
    if (turn === false) return this.#busy();
    if (turn !== true) await turn;
    try {
      if (!isCurrent(client, id)) return notRegistered;
      const { registration } = client;
      const { events, clock } = this.#context;
      this.#dependants.leaving(client);
      const event = events.store({ type: 'deregistered', time: clock.epoch(), registration });
      const failed = await this.#commits.remove(registration);
      if (failed) return failed;
      this.#drop(client);
      events.push(event);
      return success(registration);
    } finally {
      this.#turns.leave(deviceKey);
    }
  }

  async #expire(client: RegisteredClient): Promise<void> {
    const { deviceKey } = client.registration;
    // An Update that came in time and is being committed wins.
    const turn = this.#turns.enter(deviceKey, 'unbounded');
    if (turn !== true) await turn;
    const { clock, events } = this.#context;
    try {
      if (!client.live) return;
      if (client.expiresAt > clock.monotonic()) {
        this.#expiry.watch(client);
        return;
      }
      const { registration } = client;
      this.#dependants.leaving(client);
      this.#drop(client);
      const event = events.store({ type: 'expired', time: clock.epoch(), registration });
      void this.#commits.remove(registration);
      events.push(event);
    } finally {
      this.#turns.leave(deviceKey);
    }
  }

  close(): void {
    this.#expiry.close();
  }

  #drop(client: RegisteredClient): void {
    if (!client.live) return;
    client.live = false;
    this.#context.table.remove(client);
    this.#dependants.ended(client);
  }

  #prolong(client: RegisteredClient, expiresAt: number): void {
    const isCloser = expiresAt < client.expiresAt;
    client.expiresAt = expiresAt;
    if (isCloser) this.#expiry.watch(client);
  }

  #expiryOf(registration: Registration, since: number): number {
    // The Server object of 1.1, resource 1: a lifetime of 0 has no end.
    if (registration.lifetime === 0) return Number.POSITIVE_INFINITY;
    return since + registration.lifetime * 1_000 + toMilliseconds(this.#context.behaviour.lifetimeGrace);
  }

  #busy(): ReturnType<typeof refuse> {
    const message = 'too many requests of this terminal are waiting; try again later';
    return refuse(Code.ServiceUnavailable, 'busy', message, this.#context.behaviour.retryAfter);
  }

  #full(): ReturnType<typeof refuse> {
    const message = 'there is no room for another registration; try again later';
    return refuse(Code.ServiceUnavailable, 'full', message, this.#context.behaviour.retryAfter);
  }
}

function isCurrent(client: RegisteredClient, id: string): boolean {
  return client.live && client.registration.id === id;
}

/** OMA-TS-LightweightM2M 1.0 §8.2.3: 4.04 tells the client that it has to register again. */
export const notRegistered = refuse(Code.NotFound, 'not-registered', 'there is no such registration; register again');

const tooManyParameters = refuse(Code.BadRequest, 'too-many-parameters', 'too many query parameters were kept already');
