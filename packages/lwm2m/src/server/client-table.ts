import type { CoapEndpoint } from '@yaolian/coap';
import type { Peer } from '@yaolian/kernel';
import type { LocationTarget } from './location.ts';
import { OrderedNames } from './ordered-names.ts';
import type { RegisteredClient } from './registered-client.ts';

/**
 * The registered clients by registration id, endpoint name and device key, and in order of endpoint names. Each key leads
 * to at most one client: a device has one registration.
 */
export class ClientTable {
  readonly #byId = new Map<string, RegisteredClient>();
  readonly #byEndpoint = new Map<string, RegisteredClient>();
  /** Only devices whose key is not the endpoint name itself: with the plain OMA profile this stays empty. */
  readonly #byDeviceKey = new Map<string, RegisteredClient>();
  readonly #names = new OrderedNames();
  /** Who speaks from a peer: the last one, should several do so. */
  readonly #byPeer = new Map<string, RegisteredClient>();

  get size(): number {
    return this.#byId.size;
  }

  byId(id: string): RegisteredClient | undefined {
    return this.#byId.get(id);
  }

  byEndpoint(endpoint: string): RegisteredClient | undefined {
    return this.#byEndpoint.get(endpoint);
  }

  byDeviceKey(deviceKey: string): RegisteredClient | undefined {
    const client = this.#byDeviceKey.get(deviceKey);
    if (client) return client;
    const namesake = this.#byEndpoint.get(deviceKey);
    return namesake?.registration.deviceKey === deviceKey ? namesake : undefined;
  }

  /** The client whose requests come from this peer. */
  byPeer(peer: Pick<Peer, 'key'>): RegisteredClient | undefined {
    return this.#byPeer.get(peer.key);
  }

  /**
   * A client's requests come from this peer now. Nothing in a request from the server says which client it is for: who was at a peer to which
   * another client moves is asked nothing there, until it speaks again. Clients that share a socket from the beginning do not move.
   */
  move(client: RegisteredClient, peer: Peer, endpoint: CoapEndpoint): void {
    const moves = peer.key !== client.peer.key || endpoint !== client.endpoint;
    this.#leavePeer(client);
    client.peer = peer;
    client.endpoint = endpoint;
    client.displaced = false;
    const holder = this.#byPeer.get(peer.key);
    // A connection is of one client, and its key comes never again.
    if (moves && holder?.endpoint === endpoint && !endpoint.connectionOriented) holder.displaced = true;
    this.#byPeer.set(peer.key, client);
  }

  #leavePeer(client: RegisteredClient): void {
    if (this.#byPeer.get(client.peer.key) === client) this.#byPeer.delete(client.peer.key);
  }

  /** @param versionOf what the form `device-key-version` puts after `;` for a client */
  at(target: LocationTarget, versionOf: (client: RegisteredClient) => string): RegisteredClient | undefined {
    if (target.by === 'id') return this.#byId.get(target.id);
    if (target.by === 'endpoint') return this.#byEndpoint.get(target.endpoint);
    const client = this.byDeviceKey(target.deviceKey);
    return client && versionOf(client) === target.version ? client : undefined;
  }

  /** Adds a client whose keys are free. */
  add(client: RegisteredClient): void {
    const { id, endpoint, deviceKey } = client.registration;
    this.#byId.set(id, client);
    this.#byEndpoint.set(endpoint, client);
    if (deviceKey !== endpoint) this.#byDeviceKey.set(deviceKey, client);
    this.#names.add(endpoint);
    this.#byPeer.set(client.peer.key, client);
  }

  remove(client: RegisteredClient): void {
    const { id, endpoint, deviceKey } = client.registration;
    this.#byId.delete(id);
    this.#byEndpoint.delete(endpoint);
    if (deviceKey !== endpoint) this.#byDeviceKey.delete(deviceKey);
    this.#names.remove(endpoint);
    this.#leavePeer(client);
  }

  /** Gives a client that is in the table a new registration, for the same or another endpoint name. */
  replace(client: RegisteredClient, registration: RegisteredClient['registration']): void {
    const { id, endpoint, deviceKey } = client.registration;
    if (endpoint === registration.endpoint && deviceKey === registration.deviceKey) {
      if (id !== registration.id) {
        this.#byId.delete(id);
        this.#byId.set(registration.id, client);
      }
      client.registration = registration;
      return;
    }
    this.remove(client);
    client.registration = registration;
    this.add(client);
  }

  /** Every client, in no particular order. */
  values(): IterableIterator<RegisteredClient> {
    return this.#byId.values();
  }

  /** Clients whose endpoint name comes after `after`, in order of names. Ends early when the table changes meanwhile. */
  *after(after: string | undefined): Generator<RegisteredClient> {
    for (const name of this.#names.after(after)) {
      const client = this.#byEndpoint.get(name);
      if (client) yield client;
    }
  }
}
