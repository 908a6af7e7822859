import {
  type Credential,
  type CredentialEntry,
  type CredentialProof,
  type CredentialQuery,
  type CredentialStore,
  type NewCredential,
  type OscoreKeys,
  proofText,
} from '../credential.ts';
import { compareKeys } from './key-order.ts';

/** A {@link CredentialStore} that lives as long as the process: for tests and simulations. */
export class MemoryCredentialStore implements CredentialStore {
  readonly #credentials = new Map<string, Credential>();
  readonly #keys = new Map<string, Uint8Array>();

  async addCredential(credential: NewCredential, key?: Uint8Array): Promise<boolean> {
    const isTaken = this.#credentials.has(credential.id) || this.#find(credential.proof) !== undefined;
    if (isTaken) return false;
    this.#credentials.set(credential.id, { ...credential, usedAt: undefined, supersededAt: undefined });
    if (key) this.#keys.set(credential.id, key.slice());
    return true;
  }

  async addCredentials(entries: readonly CredentialEntry[]): Promise<readonly boolean[]> {
    return Promise.all(entries.map(({ credential, key }) => this.addCredential(credential, key)));
  }

  async credential(id: string): Promise<Credential | undefined> {
    return this.#credentials.get(id);
  }

  async credentials({ endpoint, after, limit }: CredentialQuery): Promise<readonly Credential[]> {
    return [...this.#credentials.values()]
      .filter((one) => endpoint === undefined || one.endpoint === endpoint)
      .filter((one) => after === undefined || compare(one, after) > 0)
      .sort(compare)
      .slice(0, limit);
  }

  async removeCredential(id: string): Promise<boolean> {
    this.#keys.delete(id);
    return this.#credentials.delete(id);
  }

  async findCredential(proof: CredentialProof): Promise<Credential | undefined> {
    return this.#find(proof);
  }

  async hasCredential(endpoint: string): Promise<boolean> {
    return [...this.#credentials.values()].some((one) => one.endpoint === endpoint && one.supersededAt === undefined);
  }

  async hasOscore(): Promise<boolean> {
    return [...this.#credentials.values()].some(({ proof }) => proof.kind === 'oscore');
  }

  preSharedKey(identity: string): Uint8Array | undefined {
    const found = this.#find({ kind: 'psk', identity });
    return found === undefined || found.supersededAt !== undefined ? undefined : this.#keys.get(found.id);
  }

  oscoreKeys(senderId: string, idContext?: string): OscoreKeys | undefined {
    const known = [...this.#credentials.values()].filter(
      ({ proof, supersededAt }) => proof.kind === 'oscore' && proof.senderId === senderId && supersededAt === undefined,
    );
    const contextOf = ({ proof }: Credential) => (proof.kind === 'oscore' ? proof.idContext : undefined);
    const exact = known.find((one) => contextOf(one) === idContext);
    const found = exact ?? (idContext === undefined && known.length === 1 ? known[0] : undefined);
    const masterSecret = found && this.#keys.get(found.id);
    if (found?.proof.kind !== 'oscore' || found.oscore === undefined || masterSecret === undefined) return undefined;
    return { credential: { ...found, proof: found.proof, oscore: found.oscore }, masterSecret };
  }

  async recordUse(id: string, time: number): Promise<void> {
    const used = this.#credentials.get(id);
    if (used === undefined || used.usedAt !== undefined) return;
    const { endpoint, purpose, createdAt } = used;
    for (const one of this.#credentials.values()) {
      const isOlder = one.endpoint === endpoint && one.purpose === purpose && one.createdAt < createdAt;
      if (isOlder && one.supersededAt === undefined) this.#credentials.set(one.id, { ...one, supersededAt: time });
    }
    this.#credentials.set(id, { ...used, usedAt: time });
  }

  #find(proof: CredentialProof): Credential | undefined {
    const text = proofText(proof);
    return [...this.#credentials.values()].find((one) => proofText(one.proof) === text);
  }
}

type Place = Pick<Credential, 'endpoint' | 'id'>;

function compare(a: Place, b: Place): number {
  return compareKeys(a.endpoint, b.endpoint) || compareKeys(a.id, b.id);
}
