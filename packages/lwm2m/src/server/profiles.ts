import { failure, type Result, success } from '@yaolian/kernel';
import type { ObjectLinksReader, ReadObjectLinks } from '../object-links.ts';

/** What a Profile ID stands for: the object list of all terminals of a kind (OMA-TS-LightweightM2M_Core 1.2 §6.2.1). */
export interface Profile {
  /** `6:1234abcd` (a hash of the list, by the suites of RFC 6920), `oma:…` or `v:…`. */
  readonly id: string;
  /** Link-format, as a terminal sent it. */
  readonly objectLinks: string;
  /** Milliseconds since the epoch. */
  readonly learnedAt: number;
}

/** Where profiles are kept. A promise resolves when the change is on disk. */
export interface ProfileStore {
  /** Everything there is, once, at start. */
  loadProfiles(): Promise<Iterable<Profile>>;
  putProfile(profile: Profile): Promise<void>;
  /** False when there was none. */
  removeProfile(id: string): Promise<boolean>;
}

// OMA-TS-LightweightM2M_Core 1.2 §6.2.1:
// value = profileID / ( DQUOTE profileID *( "," profileID ) DQUOTE )
// profileID = 1*DIGIT ":" 1*( DIGIT / "a"-"f" ) / ( "oma" / "v" ) ":" 1*( ALPHA / DIGIT / "-" )
const profileId = /^(?:\d{1,3}:[0-9a-f]{8,64}|(?:oma|v):[A-Za-z0-9-]{1,64})$/;

/** Reads the value of the parameter `pid`. Quotes around one ID are tolerated, and missing ones around several. */
export function parseProfileIds(value: string): Result<readonly string[], string> {
  const bare = /^"(.*)"$/.exec(value)?.[1] ?? value;
  const ids = bare.split(',');
  if (ids.length > maximumIds) return failure(`pid names more than ${maximumIds} profiles`);
  const wrong = ids.find((id) => !profileId.test(id));
  if (wrong === undefined) return success(ids);
  return failure(`"${wrong.slice(0, 40)}" is no Profile ID, such as 6:1234abcd, oma:name or v:name`);
}

const maximumIds = 16;

export interface ProfilesOptions {
  readonly store: ProfileStore | undefined;
  /** Profiles at most; beyond, no further ones are learned. */
  readonly maximum: number;
}

/**
 * The profiles that terminals may name instead of sending their object lists. One is learned from a Register that carries both
 * its ID and the list; what it stands for does not change after that, so that no terminal speaks for others.
 */
export class Profiles {
  readonly #options: ProfilesOptions;
  readonly #known = new Map<string, Profile>();

  constructor(options: ProfilesOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    for (const profile of (await this.#options.store?.loadProfiles()) ?? []) this.#known.set(profile.id, profile);
  }

  get(id: string): Profile | undefined {
    return this.#known.get(id);
  }

  /** In the order of their IDs. */
  list(): readonly Profile[] {
    return [...this.#known.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Learns a profile unless it is known. Resolves when it is on disk. */
  async learn(profile: Profile): Promise<void> {
    if (this.#known.has(profile.id) || this.#known.size >= this.#options.maximum) return;
    this.#known.set(profile.id, profile);
    try {
      await this.#options.store?.putProfile(profile);
    } catch (error) {
      this.#known.delete(profile.id);
      throw error;
    }
  }

  /** Forgets a profile: the next terminal that names it has to send its list. */
  async remove(id: string): Promise<boolean> {
    const was = this.#known.delete(id);
    await this.#options.store?.removeProfile(id);
    return was;
  }
}

/** The list that Profile IDs and a list beside them make up together. */
export function mergeLinks(
  reader: ObjectLinksReader,
  lists: readonly string[],
): Result<ReadObjectLinks, { readonly message: string }> {
  return reader.read(lists.filter((list) => list !== '').join(','));
}
