import type { Credential, CredentialStore, OscoreKeys } from '@yaolian/directory';
import { type Clock, decodeHex, encodeHex, type Log, type Meter, type Random } from '@yaolian/kernel';
import type { Registration } from '@yaolian/lwm2m/server';
import {
  createOscore,
  type Oscore,
  type OscoreAead,
  type OscoreCredentials,
  type OscoreCrypto,
  type OscoreKdf,
  type OscorePeer,
  type OscoreStateStore,
  type OscoreTapSlot,
} from '@yaolian/oscore';

export interface OscoreTerminalsOptions {
  readonly crypto: OscoreCrypto;
  readonly store: CredentialStore;
  readonly states: OscoreStateStore;
  /** Security contexts at once. */
  readonly maximumContexts: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
}

/** Registrations that are taken up at a time: their contexts are stored in one transaction. */
const openedAtOnce = 500;

/** Security contexts of OSCORE (RFC 8613) with terminals, as the credentials have them. The peers are called by the ids of those. */
export class OscoreTerminals {
  /** For the endpoints that terminals come to in the clear. */
  readonly protection: Oscore;
  /** Where what is inside protected messages may be watched. */
  readonly tap: OscoreTapSlot = { current: undefined };
  readonly #store: CredentialStore;
  readonly #log: Log;
  /** Of registrations that were taken up, by their keys. */
  readonly #restored = new Map<string, OscorePeer>();

  constructor({ crypto, store, states, maximumContexts, clock, random, log, meter }: OscoreTerminalsOptions) {
    this.#store = store;
    this.#log = log;
    this.protection = createOscore({
      ...{ crypto, store: states, clock, random, log, meter },
      findCredentials: async ({ kid, kidContext }) => {
        const senderId = encodeHex(kid);
        const keys = await store.oscoreKeys(senderId, kidContext && encodeHex(kidContext));
        if (keys !== undefined || kidContext === undefined) return keys && ourView(keys);
        // RFC 8613 Appendix B.2: a new ID Context, of whoever alone has the Sender ID.
        const only = await store.oscoreKeys(senderId);
        return only?.credential.oscore.rederives ? ourView(only) : undefined;
      },
      bounds: { maximumContexts },
      tap: this.tap,
    });
  }

  /**
   * Opens the contexts of registrations of an earlier process, so that their terminals can be asked before they are heard. Those
   * that came over TCP, or whose credentials are gone, cannot.
   */
  async restore(registrations: Iterable<Registration>): Promise<void> {
    let lot: Promise<void>[] = [];
    for (const registration of registrations) {
      const { peerKey, binding } = registration;
      if (!isOscoreKey(peerKey) || (binding.includes('T') && !binding.includes('U'))) continue;
      lot.push(this.#open(registration));
      if (lot.length < openedAtOnce) continue;
      await Promise.all(lot);
      lot = [];
    }
    await Promise.all(lot);
  }

  /** The terminal behind the key of a restored registration; undefined where it cannot be asked. */
  readonly restoredPeer = (key: string): OscorePeer | undefined => this.#restored.get(key);

  /** Whether a registration came over OSCORE and its terminal cannot be reached: never is it asked in the clear. */
  isLost({ peerKey }: Registration): boolean {
    return isOscoreKey(peerKey) && !this.#restored.has(peerKey);
  }

  /** Ends the contexts that were made with a credential. */
  end({ id }: Credential): void {
    for (const peer of this.protection.peers()) {
      if (peer.identity.identity !== id) continue;
      this.#restored.delete(peer.key);
      this.protection.forget(peer).catch((error: unknown) => {
        this.#log.error('the state of a security context was not kept', { credential: id, error });
      });
    }
  }

  close(): Promise<void> {
    return this.protection.close();
  }

  async #open({ endpoint, peerKey, address }: Registration): Promise<void> {
    const credentials = await this.#store.credentials({ endpoint, limit: maximumOfEndpoint });
    for (const { proof, purpose } of credentials) {
      if (proof.kind !== 'oscore' || purpose === 'bootstrap') continue;
      const keys = await this.#store.oscoreKeys(proof.senderId, proof.idContext);
      if (keys === undefined) continue;
      const peer = await this.protection.open(ourView(keys), address);
      if (peer.key === peerKey) {
        this.#restored.set(peer.key, peer);
        return;
      }
      await this.protection.forget(peer);
    }
  }
}

/** Credentials of one endpoint that are looked at. */
const maximumOfEndpoint = 100;

function isOscoreKey(key: string | undefined): key is string {
  return key?.startsWith('oscore:') ?? false;
}

/** Credentials are kept as the terminal sees them; the platform is its mirror. */
function ourView({ credential: { id, proof, oscore }, masterSecret }: OscoreKeys): OscoreCredentials {
  const { recipientId, aead, kdf, masterSalt } = oscore;
  return {
    name: id,
    masterSecret,
    senderId: bytes(recipientId),
    recipientId: bytes(proof.senderId),
    ...(masterSalt !== undefined && { masterSalt: bytes(masterSalt) }),
    ...(proof.idContext !== undefined && { idContext: bytes(proof.idContext) }),
    aead: aead as OscoreAead,
    kdf: kdf as OscoreKdf,
    rederives: oscore.rederives ?? false,
  };
}

function bytes(hex: string): Uint8Array {
  return decodeHex(hex) ?? new Uint8Array();
}
