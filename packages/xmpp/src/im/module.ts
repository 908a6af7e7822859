import type { Jid } from '../jid/jid.ts';
import type { XmlElement } from '../xml/element.ts';
import type { BoundClient } from './client-table.ts';
import type { StanzaError } from './stanza-error.ts';
import type { SubscriptionType } from './subscription.ts';

/** An iq request that a module answers. */
export interface IqRequest {
  readonly type: 'get' | 'set';
  readonly from: Jid;
  /** The session that it came from; undefined for services. */
  readonly client: BoundClient | undefined;
  /** The account that it is for; undefined: the server itself. */
  readonly account: string | undefined;
  /** It is for the account of the one who asks. */
  readonly isOwn: boolean;
  readonly payload: XmlElement;
}

/** The payload of a result, or none, or why not. */
export type PayloadAnswer = XmlElement | undefined | StanzaError;

/** The payload of the result, or none, or why not; a session: that one answers, and its answer comes as if from its account. */
export type ModuleAnswer = PayloadAnswer | BoundClient;

export interface ModuleHandler {
  /** Default: any that no other handler answers. */
  readonly namespace?: string;
  /** The name of the payload. Default: any. */
  readonly name?: string;
  readonly types: readonly ('get' | 'set')[];
  /** Who may be asked: the server, one's own account, accounts of others. */
  readonly targets: readonly ('server' | 'own' | 'other')[];
  /** Its answer comes from elsewhere and may take long: what the session sends to others goes on meanwhile. Default: no. */
  readonly isSlow?: boolean;
  handle(request: IqRequest): ModuleAnswer | Promise<ModuleAnswer>;
}

export interface DiscoIdentity {
  readonly category: string;
  readonly type: string;
  readonly language?: string;
  readonly name?: string;
}

export interface DiscoItem {
  readonly jid: string;
  readonly name?: string;
  readonly node?: string;
}

/** One extension of the server: what it answers, and what it says about that in disco (XEP-0030). */
export interface ImModule {
  /** `XEP-0092` */
  readonly name: string;
  /** Features of the server. */
  readonly serverFeatures?: readonly string[];
  /** Features of accounts. */
  readonly accountFeatures?: readonly string[];
  readonly serverIdentities?: readonly DiscoIdentity[];
  /** What the server says of itself besides (XEP-0128). */
  readonly serverForms?: readonly XmlElement[];
  readonly accountIdentities?: readonly DiscoIdentity[];
  readonly serverItems?: readonly DiscoItem[];
  readonly handlers?: readonly ModuleHandler[];
  /**
   * Whether an account may send this to another one of the domain: a message, an iq of any type, directed presence or a probe. Asked
   * for what sessions send, in their order; not for subscriptions. Asked too for all that goes to another domain of the process or
   * comes from one, subscriptions and what is for a domain itself included. Fast where it does not answer with a promise.
   * @returns why not
   */
  readonly admits?: (from: Jid, to: Jid, stanza: XmlElement) => Refusal | Promise<Refusal>;
  /** Whether a message that waited for an account reaches it: what let it be sent may be over by now. Who sent another one is told so. */
  readonly releases?: (account: string, message: XmlElement) => Promise<Refusal>;
  readonly contacts?: ContactKeeper;
  /** A session became available, or is so no more. */
  presenceChanged?(client: BoundClient): void;
  /** Available presence of an account, to all or to somebody, as it goes on: with what the server knows of the account. */
  stampPresence?(account: string, presence: XmlElement): Promise<XmlElement>;
  /** A session sent available presence to all. */
  presenceSent?(client: BoundClient, presence: XmlElement): void;
  /** From now on somebody sees the presence of an account. */
  subscriberAdded?(account: string, subscriber: Jid): void;
  /** What an account has beside its sessions, as far as who asks may see it (XEP-0030 §4). */
  accountItems?(request: IqRequest): Promise<readonly DiscoItem[]>;
  /** What a node of an account has (XEP-0060 §5.5); undefined where there is none for who asks. */
  nodeItems?(request: IqRequest, node: string): Promise<readonly DiscoItem[] | undefined>;
  /** What is said of a node of an account (XEP-0030 §3.2); undefined where there is none for who asks. */
  describeNode?(request: IqRequest, node: string): Promise<XmlElement | undefined>;
  /**
   * A session sent a message, or an answer to an iq, to the server itself.
   * @returns whether it is taken; what nobody takes is refused as RFC 6121 has it
   */
  toServer?(client: BoundClient, stanza: XmlElement): boolean;
}

export type Refusal = StanzaError | undefined;

/**
 * Who decides what accounts of the domain are to each other in place of the tables of RFC 6121 appendix A: an application whose
 * relations show as contacts. What they are then stands in the `RosterStore`.
 */
export interface ContactKeeper {
  /** `account` asks, answers or ends a subscription. */
  subscribe(account: string, contact: Jid, type: SubscriptionType): Promise<Refusal>;
  /** What `account` calls a contact. False when the two have nothing in common: the roster keeps it. */
  rename(account: string, contact: Jid, name: string, groups: readonly string[]): Promise<boolean | StanzaError>;
  /** `account` ends whatever it has with the contact. False when there was nothing. */
  remove(account: string, contact: Jid): Promise<boolean | StanzaError>;
}

/** What modules answer. */
export class ModuleHandlers {
  /** In the order of the modules; those that answer any namespace under undefined. */
  readonly #ofNamespace: ReadonlyMap<string | undefined, readonly ModuleHandler[]>;

  constructor(modules: readonly ImModule[]) {
    this.#ofNamespace = Map.groupBy(
      modules.flatMap(({ handlers = [] }) => handlers),
      ({ namespace }) => namespace,
    );
  }

  /** The handler of a request; undefined: nobody answers such a thing (service-unavailable). */
  of({ account, isOwn, type, payload: { name, namespace } }: IqRequest): ModuleHandler | undefined {
    const target = account === undefined ? 'server' : isOwn ? 'own' : 'other';
    const fits = (handler: ModuleHandler) =>
      (handler.name === undefined || handler.name === name) &&
      handler.targets.includes(target) &&
      handler.types.includes(type);
    return this.#ofNamespace.get(namespace)?.find(fits) ?? this.#ofNamespace.get(undefined)?.find(fits);
  }
}
