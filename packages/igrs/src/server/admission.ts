import { type Jid, type Refusal, StanzaError, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { decodeDataRequest, featureOfPath } from '../wire/data.ts';
import { decodeHistoryQuestion } from '../wire/history.ts';
import type { RaAccounts, RaAudit, RaOperation, RaPermissions } from './ports.ts';

export interface AdmissionOptions {
  readonly accounts: RaAccounts;
  readonly permissions: RaPermissions;
  readonly audit: RaAudit;
  /** Whether two accounts may exchange stanzas (§11.1). */
  readonly areAssociated: (a: string, b: string) => Promise<boolean>;
}

/** Pairs of users that are remembered. */
const maximum = 10_000;

/**
 * §11.1: only associated accounts exchange stanzas; for devices the permissions of their owners decide besides (§9). What a device is
 * asked in `data` is the operation that it names; all else is a message.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  /** Users that may write to users, so that those who talk do not wait. */
  readonly #known = new Set<string>();
  #generation = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  admits(from: Jid, to: Jid, stanza: XmlElement): Refusal | Promise<Refusal> {
    // Accounts of other domains of the process are in no association.
    if (from.domain !== to.domain || from.local === undefined || to.local === undefined)
      return new StanzaError('forbidden');
    const pair = `${from.local} ${to.local}`;
    return this.#known.has(pair) ? undefined : this.#look(pair, from.local, to, stanza);
  }

  /** Associations or accounts changed. */
  changed(): void {
    this.#generation++;
    this.#known.clear();
  }

  /** §9: whether a message that waited for an account may still reach it, where that is a device. Users get what was said to them. */
  async releases(from: string, to: string, stanza: XmlElement): Promise<Refusal> {
    if (from === to || (await this.#options.accounts.kindOf(to)) !== 'device') return undefined;
    if (await this.#may(from, to, messages)) return undefined;
    void this.#note(from, to, operationOf(stanza) ?? messages, 'forbidden');
    return new StanzaError('forbidden');
  }

  async #may(from: string, to: string, { feature, operation }: Asked): Promise<boolean> {
    const { areAssociated, permissions } = this.#options;
    if (!(await areAssociated(from, to))) return false;
    return (await permissions.decide(to, { account: from, feature, operation })).allowed;
  }

  async #look(pair: string, from: string, { local, resource }: Jid, stanza: XmlElement): Promise<Refusal> {
    const { accounts, areAssociated, permissions } = this.#options;
    const generation = this.#generation;
    const to = local!;
    const isAssociated = await areAssociated(from, to);
    if ((await accounts.kindOf(to)) !== 'device') {
      if (!isAssociated) return new StanzaError('forbidden');
      if (this.#known.size >= maximum) this.#known.clear();
      if (generation === this.#generation) this.#known.add(pair);
      return undefined;
    }
    const asked = operationOf(stanza);
    if (asked === undefined) return isAssociated ? undefined : new StanzaError('forbidden');
    const { path, ...wanted } = asked;
    if (isAssociated && (await permissions.decide(to, { account: from, ...wanted })).allowed) {
      // At its account the platform asks in place of users, and notes it there. Bytes of channels are not noted one by one.
      const isNoted = path === undefined ? stanza.name === 'message' : resource !== undefined;
      if (isNoted) await this.#note(from, to, asked, 'relayed'); // on disk before the device hears of it
      return undefined;
    }
    // The answer does not wait for the audit: how long it takes must not tell that there is such a device.
    void this.#note(from, to, asked, 'forbidden');
    return new StanzaError('forbidden');
  }

  #note(actor: string, device: string, { operation, path }: Asked, outcome: 'relayed' | 'forbidden'): Promise<void> {
    return this.#options.audit.record({
      ...{ door: 'ra', actor, action: operation, device },
      ...{ subject: path, outcome },
    });
  }
}

interface Asked {
  readonly feature: string;
  readonly operation: RaOperation;
  /** Undefined for messages. */
  readonly path?: string;
}

const messages = { feature: 'urn:ietf:params:xml:ns:xmpp-stanzas', operation: 'message' } as const;

/** What a stanza asks a device to do. Undefined: nothing; it is presence, or an answer. */
function operationOf(stanza: XmlElement): Asked | undefined {
  if (stanza.name === 'presence') return undefined;
  const type = stanza.attribute('type');
  if (stanza.name !== 'iq') return messages;
  if (type !== 'get' && type !== 'set') return undefined;
  const [payload] = stanza.elements();
  const past = payload && type === 'get' ? decodeHistoryQuestion(payload) : undefined;
  if (past !== undefined) return { feature: featureOfPath(past.path), operation: 'read', path: past.path };
  const request = payload?.namespace === raNamespaces.data ? decodeDataRequest(payload, type) : undefined;
  if (request === undefined) return messages;
  const operation = request.kind === 'cancel' ? 'observe' : request.kind;
  return { feature: featureOfPath(request.path), operation, path: request.path };
}
