import { prepareDomain, prepareLocal, prepareResource } from './preparation.ts';

/**
 * An address of XMPP (RFC 7622): `local@domain/resource`, prepared, so that two are the same when their texts are. Immutable.
 */
export class Jid {
  /** Undefined for a server or a service. */
  readonly local: string | undefined;
  readonly domain: string;
  /** Undefined for an account, a server or a service. */
  readonly resource: string | undefined;
  /** Without the resource. */
  readonly bare: Jid;
  readonly #text: string;

  private constructor(local: string | undefined, domain: string, resource: string | undefined) {
    this.local = local;
    this.domain = domain;
    this.resource = resource;
    const address = local === undefined ? domain : `${local}@${domain}`;
    this.#text = resource === undefined ? address : `${address}/${resource}`;
    this.bare = resource === undefined ? this : new Jid(local, domain, undefined);
  }

  /** Reads and prepares an address. Undefined when it is not one (a stanza error `jid-malformed`). */
  static parse(text: string): Jid | undefined {
    // RFC 7622 §3.1: the resource starts at the first '/', the domain after the first '@' before it.
    const slash = text.indexOf('/');
    const address = slash < 0 ? text : text.slice(0, slash);
    const at = address.indexOf('@');
    return Jid.of(
      at < 0 ? undefined : address.slice(0, at),
      address.slice(at + 1),
      slash < 0 ? undefined : text.slice(slash + 1),
    );
  }

  /** Prepares and joins parts. Undefined when one of them cannot be such a part. */
  static of(local: string | undefined, domain: string, resource?: string): Jid | undefined {
    const preparedDomain = prepareDomain(domain);
    if (preparedDomain === undefined) return undefined;
    const preparedLocal = local === undefined ? undefined : prepareLocal(local);
    if (local !== undefined && preparedLocal === undefined) return undefined;
    const preparedResource = resource === undefined ? undefined : prepareResource(resource);
    if (resource !== undefined && preparedResource === undefined) return undefined;
    return new Jid(preparedLocal, preparedDomain, preparedResource);
  }

  get isBare(): boolean {
    return this.resource === undefined;
  }

  /** This address with another resource. Undefined when `resource` cannot be one. */
  withResource(resource: string): Jid | undefined {
    const prepared = prepareResource(resource);
    return prepared === undefined ? undefined : new Jid(this.local, this.domain, prepared);
  }

  equals(other: Jid): boolean {
    return this === other || this.#text === other.#text;
  }

  /** True when both are the same account, server or service. */
  sameBare(other: Jid): boolean {
    return this.bare.#text === other.bare.#text;
  }

  toString(): string {
    return this.#text;
  }

  toJSON(): string {
    return this.#text;
  }
}

/**
 * Remembers the addresses that were read last, because stanzas name the same ones again and again. Two generations of
 * `capacity` texts each: what is not asked for again is forgotten.
 */
export class JidCache {
  readonly #capacity: number;
  #young = new Map<string, Jid>();
  #old = new Map<string, Jid>();

  /** @param capacity addresses in each of the two generations. Default 4096. */
  constructor(capacity = 4096) {
    if (!(capacity >= 1)) throw new RangeError(`capacity is at least 1, not ${capacity}`);
    this.#capacity = capacity;
  }

  /** {@link Jid.parse}. */
  parse(text: string): Jid | undefined {
    const known = this.#young.get(text);
    if (known !== undefined) return known;
    const jid = this.#old.get(text) ?? Jid.parse(text);
    if (jid === undefined) return undefined;
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, jid);
    return jid;
  }
}
