import { encodeHex, failure, type PeerIdentity, type Result, success } from '@yaolian/kernel';
import { type Credential, type CredentialStore, proofsOf } from './credential.ts';
import type { SecretDigest } from './secrets.ts';

/**
 * Which endpoint names an authenticated terminal may use:
 * - `credential`: the one that its credential is stored for
 * - `name`: that one, or, without a stored credential, a name that its certificate bears
 * - `any`: that one, or, without a stored credential, every one
 */
export const endpointMatches = ['name', 'credential', 'any'] as const;

export type EndpointMatch = (typeof endpointMatches)[number];

export interface EndpointProofOptions {
  readonly store: CredentialStore;
  readonly digest: SecretDigest;
  readonly match: EndpointMatch;
  /** Whether nobody comes in without a proof, whatever is stored. Default false. */
  readonly required?: boolean;
}

/** A terminal that says which endpoint it is. */
export interface EndpointClaim {
  readonly endpoint: string;
  readonly purpose: 'register' | 'bootstrap';
  /** With what it proved who it is; undefined over transports without proof. */
  readonly identity: PeerIdentity | undefined;
}

/** The credential that proves a claim, if one is stored; a failure says for people what does not fit. */
export type ProofJudgement = Result<Credential | undefined, string>;

/** Judges whether a terminal is the endpoint that it says it is. */
export class EndpointProof {
  readonly #options: EndpointProofOptions;

  constructor(options: EndpointProofOptions) {
    this.#options = options;
  }

  /** A promise only where the store or an identity needs one. */
  judge(claim: EndpointClaim): ProofJudgement | Promise<ProofJudgement> {
    const { identity, endpoint } = claim;
    if (identity !== undefined) return this.#judgeIdentity(identity, claim);
    // Whoever could leave the proof out would be whoever he likes.
    if (this.#options.required) return failure('it proved nothing: it comes by coaps or OSCORE and shows a credential');
    const needsProof = this.#options.store.hasCredential(endpoint);
    return needsProof instanceof Promise ? needsProof.then(judgeUnproven) : judgeUnproven(needsProof);
  }

  async #judgeIdentity(identity: PeerIdentity, claim: EndpointClaim): Promise<ProofJudgement> {
    const credential = await this.credentialOf(identity);
    if (credential !== undefined) return judgeCredential(credential, claim);
    return this.#judgeUnknown(identity, claim.endpoint);
  }

  /** The stored credential behind an identity; contexts of OSCORE are called by the ids of theirs. */
  async credentialOf(identity: PeerIdentity): Promise<Credential | undefined> {
    const { store, digest } = this.#options;
    for (const proof of proofsOf(identity, (bytes) => encodeHex(digest.sha256(bytes)))) {
      const found = await store.findCredential(proof);
      // A context outlives no credential: another one may have its Sender ID by now.
      if (identity.kind === 'oscore' && found?.id !== identity.identity) continue;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** To be called when the terminal was let in: the first use of a new credential ends the older ones. */
  async used(identity: PeerIdentity, time: number): Promise<void> {
    const credential = await this.credentialOf(identity);
    if (credential !== undefined && credential.usedAt === undefined) {
      await this.#options.store.recordUse(credential.id, time);
    }
  }

  async #judgeUnknown(identity: PeerIdentity, endpoint: string): Promise<Result<undefined, string>> {
    const { match, store } = this.#options;
    const bears = identity.kind === 'certificate' && identity.names.includes(endpoint);
    if (match === 'name' && bears) return success(undefined);
    // With `any`, an endpoint that has credentials of its own is still theirs alone.
    if (match === 'any' && !(await store.hasCredential(endpoint))) return success(undefined);
    return failure('what it proved belongs to no endpoint of this name');
  }
}

function judgeUnproven(needsProof: boolean): ProofJudgement {
  return needsProof
    ? failure('this endpoint has credentials: it comes by coaps or OSCORE and shows one')
    : success(undefined);
}

function judgeCredential(credential: Credential, { endpoint, purpose }: EndpointClaim): Result<Credential, string> {
  if (credential.supersededAt !== undefined) return failure('its credential was replaced by a newer one');
  if (credential.endpoint !== endpoint) return failure('its credential is of another endpoint');
  if (credential.purpose !== 'any' && credential.purpose !== purpose) {
    return failure(`its credential is not for ${purpose === 'register' ? 'registering' : 'bootstrap'}`);
  }
  return success(credential);
}
