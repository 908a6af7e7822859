import { namespaces } from '../../namespaces.ts';
import type { SaslCrypto, ScramHash } from '../../sasl/crypto.ts';
import { element, type XmlElement } from '../../xml/element.ts';
import type { BoundClient } from '../client-table.ts';
import { dataForms } from '../data-form.ts';
import type { ImServer } from '../im-server.ts';
import { verificationString } from '../modules/caps.ts';
import { discoInfo } from '../modules/disco.ts';

const capsNamespace = 'http://jabber.org/protocol/caps';

/** XEP-0300 names of what XEP-0115 clients use. */
const hashes: Readonly<Record<string, ScramHash>> = { 'sha-1': 'SHA-1', 'sha-256': 'SHA-256' };

/** Kinds of clients that are remembered. */
const maximumKnown = 1000;
/** Nodes that one client may want to hear of, and characters of all their names: more are not heard of. */
const maximumNodes = 200;
const maximumText = 8192;

interface Capabilities {
  readonly node: string;
  readonly hash: string;
  readonly ver: string;
}

interface Question extends Capabilities {
  readonly id: string;
}

/** Of clients that say nothing. */
const nothing: ReadonlySet<string> = new Set();

/**
 * Learns which events clients want to hear of (XEP-0163 §4.2): features that end in `+notify`, told by capabilities (XEP-0115). Who comes with
 * some that nobody has shown yet is asked; what the hash proves is remembered for all who come with it.
 */
export class ClientInterests {
  readonly #server: ImServer;
  readonly #crypto: Pick<SaslCrypto, 'hash'>;
  readonly #changed: (client: BoundClient, added: ReadonlySet<string>) => void;
  readonly #known = new Map<string, ReadonlySet<string>>();
  readonly #asked = new WeakMap<BoundClient, Question>();
  #count = 0;

  /** @param changed a session wants to hear of more nodes than before */
  constructor(
    server: ImServer,
    crypto: Pick<SaslCrypto, 'hash'>,
    changed: (client: BoundClient, added: ReadonlySet<string>) => void,
  ) {
    this.#server = server;
    this.#crypto = crypto;
    this.#changed = changed;
  }

  /** A session sent presence to all. */
  seen(client: BoundClient, presence: XmlElement): void {
    const capabilities = readCapabilities(presence);
    if (capabilities === undefined) {
      this.#asked.delete(client);
      client.interests = nothing;
      return;
    }
    const known = this.#known.get(keyOf(capabilities));
    if (known !== undefined) {
      this.#apply(client, known);
      return;
    }
    const asked = this.#asked.get(client);
    if (asked !== undefined && keyOf(asked) === keyOf(capabilities)) return;
    const id = `caps-${++this.#count}`;
    this.#asked.set(client, { ...capabilities, id });
    const attributes = { type: 'get', id, from: this.#server.domain, to: `${client.jid}` };
    const query = element('query', discoInfo, { node: `${capabilities.node}#${capabilities.ver}` });
    client.session.deliver(element('iq', namespaces.client, attributes, query));
  }

  left(client: BoundClient): void {
    this.#asked.delete(client);
    client.interests = nothing;
  }

  /** True for the answer to what {@link seen} asked. */
  isAnswer(client: BoundClient, stanza: XmlElement): boolean {
    const asked = this.#asked.get(client);
    if (stanza.name !== 'iq' || asked === undefined || stanza.attribute('id') !== asked.id) return false;
    const query = stanza.attribute('type') === 'result' ? stanza.child('query', discoInfo) : undefined;
    if (query !== undefined) {
      this.#learn(client, asked, query).catch((error: unknown) => {
        this.#server.options.log?.error('capabilities could not be checked', { error, jid: `${client.jid}` });
      });
    }
    return true;
  }

  async #learn(client: BoundClient, asked: Question, query: XmlElement): Promise<void> {
    const features = query.elements('feature').map((feature) => feature.attribute('var') ?? '');
    const interests = interestsOf(features);
    // XEP-0115 §5.4: what does not fit its hash holds for nobody else.
    if ((await this.#stringOf(query, features, asked)) === asked.ver) {
      if (this.#known.size >= maximumKnown) this.#known.delete(this.#known.keys().next().value!);
      this.#known.set(keyOf(asked), interests);
    }
    // By now it may have sent other presence.
    if (this.#asked.get(client) === asked && client.presence !== undefined) this.#apply(client, interests);
  }

  async #stringOf(query: XmlElement, features: readonly string[], { hash }: Question): Promise<string | undefined> {
    const identities = query.elements('identity').map((identity) => ({
      category: identity.attribute('category') ?? '',
      type: identity.attribute('type') ?? '',
      language: identity.attribute('xml:lang') ?? '',
      name: identity.attribute('name') ?? '',
    }));
    // XEP-0115 §5.4, 3.3 and 3.4: twice the same is ill-formed.
    if (new Set(features).size !== features.length) return undefined;
    if (new Set(identities.map((one) => JSON.stringify(one))).size !== identities.length) return undefined;
    const forms = query.elements('x', dataForms);
    return verificationString({ identities, features, forms }, this.#crypto, hashes[hash]);
  }

  #apply(client: BoundClient, interests: ReadonlySet<string>): void {
    const before = client.interests;
    client.interests = interests;
    const added = new Set([...interests].filter((node) => !before.has(node)));
    if (added.size > 0) this.#changed(client, added);
  }
}

function readCapabilities(presence: XmlElement): Capabilities | undefined {
  const caps = presence.child('c', capsNamespace);
  const { node = '', ver = '', hash = '' } = caps?.attributes ?? {};
  if (node === '' || ver === '' || !Object.hasOwn(hashes, hash)) return undefined;
  return node.length + ver.length <= maximumText ? { node, hash, ver } : undefined;
}

const keyOf = ({ hash, ver }: Capabilities) => `${hash} ${ver}`;

function interestsOf(features: readonly string[]): ReadonlySet<string> {
  const suffix = '+notify';
  const nodes = new Set<string>();
  let length = 0;
  for (const feature of features) {
    if (!feature.endsWith(suffix)) continue;
    length += feature.length;
    if (nodes.size >= maximumNodes || length > maximumText) break;
    nodes.add(feature.slice(0, -suffix.length));
  }
  return nodes.size === 0 ? nothing : nodes;
}
