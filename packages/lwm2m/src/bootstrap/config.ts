import type { ResourceType } from '../value.ts';

/**
 * A value as data. string, corelnk: a string; integer, unsigned: a number, or a string of digits beyond 2^53; float: a number, or
 * `NaN`, `Infinity`, `-Infinity`; boolean; opaque: base64 (RFC 4648 §4); time: RFC 3339; objlnk: `object:instance`.
 */
export type JsonValue = string | number | boolean;

/** Values of a resource with instances, by instance id. */
export type JsonValues = Readonly<Record<string, JsonValue>>;

export const SecurityMode = { Psk: 0, RawPublicKey: 1, Certificate: 2, NoSec: 3, CertificateWithEst: 4 } as const;
export type SecurityMode = (typeof SecurityMode)[keyof typeof SecurityMode];

/**
 * Where keys come from that the configuration does not hold: `new`, made for the terminal at each bootstrap, or `stored`, those
 * that the server keeps for it. {@link BootstrapPreparation} puts them in.
 */
export type BootstrapIssue = 'new' | 'stored';

/** An instance of object 21, OSCORE (RFC 8613), as the terminal sees it; the Master Secret is the `secretKey` of its account. */
export interface BootstrapOscore {
  /** Resource 1, hex. */
  readonly senderId: string;
  /** Resource 2, hex: the Sender ID of the server. */
  readonly recipientId: string;
  /** Resource 3, COSE's number of the AEAD. */
  readonly aead?: number;
  /** Resource 4, COSE's number of the HMAC: 5, 7. */
  readonly hmac?: number;
  /** Resource 5, hex. */
  readonly masterSalt?: string;
  /** Resource 6, hex. */
  readonly idContext?: string;
}

/** An instance of object 0, LwM2M Security (OMA-TS-LightweightM2M 1.0 appendix E.1). What is absent and has no default is not written. */
export interface BootstrapSecurity {
  readonly instanceId: number;
  /** Resource 0: `coap://192.0.2.1:5683`. */
  readonly uri: string;
  /** Resource 1: whether it is a bootstrap server's account. Default false. */
  readonly isBootstrapServer?: boolean;
  /** Resource 2. Default NoSec. */
  readonly securityMode?: SecurityMode;
  /** Resource 3, base64: PSK identity, public key or certificate. Default empty where there is a short server ID. */
  readonly publicKeyOrIdentity?: string;
  /** Resource 4, base64. Default as for resource 3. */
  readonly serverPublicKey?: string;
  /** Resource 5, base64; with `oscore` the Master Secret, resource 0 of object 21. Default as for resource 3. */
  readonly secretKey?: string;
  /** Resource 10: joins it with the instance of object 1 that has the same. */
  readonly shortServerId?: number;
  /** Resource 11, seconds. */
  readonly clientHoldOffTime?: number;
  /** Resource 12, seconds. */
  readonly bootstrapServerAccountTimeout?: number;
  /** Resource 13 (LwM2M 1.1): 0 resource 4 is the certificate; 1, 2, 3: its SHA-256, SHA-384, SHA-512. */
  readonly matchingType?: number;
  /** Resource 14 (LwM2M 1.1): the name that the server is asked for and proves. */
  readonly sni?: string;
  /** Resource 15 (LwM2M 1.1): 0 CA constraint, 1 service certificate constraint, 2 trust anchor assertion, 3 domain-issued. */
  readonly certificateUsage?: number;
  /** Resource 16 (LwM2M 1.1): what the terminal offers, by IANA's numbers. */
  readonly ciphersuites?: readonly number[];
  /** Resource 17 (LwM2M 1.1): the instance of object 21 that protects all messages by OSCORE, `21:0`; `writes` tell what is in it. */
  readonly oscoreSecurityMode?: string;
  /** Resource 18 (LwM2M 1.2): the groups that it offers, by IANA's numbers. */
  readonly groups?: readonly number[];
  /** Resource 20 (LwM2M 1.2): the SignatureSchemes that it may use, by IANA's numbers. */
  readonly signatureAlgorithms?: readonly number[];
  /** Resource 26 (LwM2M 1.2): the instance of object 24 that has the account at the broker of an `mqtt://` URI, `24:0`. */
  readonly mqttServer?: string;
  /** The instance of object 21 with the id of this one, which resource 17 then links to. */
  readonly oscore?: BootstrapOscore;
  /** Resources 3 to 5, or with NoSec a security context of OSCORE, are not here: they come from somewhere else. */
  readonly issue?: BootstrapIssue;
}

/** An instance of object 1, LwM2M Server (appendix E.2). What is absent and has no default is not written. */
export interface BootstrapServerAccount {
  readonly instanceId: number;
  /** Resource 0, 1 to 65534. */
  readonly shortServerId: number;
  /** Resource 1, seconds. Default 86400. */
  readonly lifetime?: number;
  /** Resource 2, seconds. */
  readonly minimumPeriod?: number;
  /** Resource 3, seconds. */
  readonly maximumPeriod?: number;
  /** Resource 5, seconds. */
  readonly disableTimeout?: number;
  /** Resource 6. Default true. */
  readonly storeNotifications?: boolean;
  /** Resource 7. Default `U`. */
  readonly binding?: string;
  /** Resource 13 (LwM2M 1.1): servers that have one are registered with one after the other, the lowest first. */
  readonly registrationPriority?: number;
  /** Resource 14 (LwM2M 1.1), seconds: before the first Register. */
  readonly initialRegistrationDelay?: number;
  /** Resource 15 (LwM2M 1.1): while registration here fails, servers of a higher number in 13 wait. */
  readonly registrationFailureBlocks?: boolean;
  /** Resource 16 (LwM2M 1.1): false keeps the terminal from bootstrapping again when registration fails. */
  readonly bootstrapOnRegistrationFailure?: boolean;
  /** Resource 17 (LwM2M 1.1): attempts in a sequence. */
  readonly retryCount?: number;
  /** Resource 18 (LwM2M 1.1), seconds: after the first failed attempt; doubles. */
  readonly retryTimer?: number;
  /** Resource 19 (LwM2M 1.1), seconds: between two sequences. */
  readonly sequenceDelay?: number;
  /** Resource 20 (LwM2M 1.1): sequences before registration has failed. */
  readonly sequenceRetryCount?: number;
  /** Resource 22 (LwM2M 1.1): one letter of the bindings, `U`, `T`. */
  readonly preferredTransport?: string;
  /** Resource 26 (LwM2M 1.2): 1 has notifications confirmed, 0 does not. */
  readonly notificationMode?: number;
  /** Resource 23 (LwM2M 1.1): false lets the terminal Send; absent, it may not. */
  readonly muteSend?: boolean;
}

/** Something else to write: an object instance, a resource or a resource instance. */
export interface BootstrapWrite {
  /** `/3/0/14`, `/2/0` */
  readonly path: string;
  /** Of a resource or resource instance. */
  readonly value?: JsonValue;
  /** Of a resource with instances. */
  readonly values?: JsonValues;
  /** Of an object instance, by resource id. */
  readonly resources?: Readonly<Record<string, JsonValue | JsonValues>>;
  /** Of a resource that the object model does not know. */
  readonly type?: ResourceType;
  /** The same by resource id. */
  readonly types?: Readonly<Record<string, ResourceType>>;
}

/** What a terminal is told at bootstrap: data, which JSON can carry. Carried out in this order. */
export interface BootstrapConfig {
  /** What is deleted first: `/` (all but the bootstrap account), objects, object instances. Default `/`. */
  readonly deletes?: readonly string[];
  /** What is asked after with Bootstrap-Discover: `/`, objects. Default nothing. */
  readonly discovers?: readonly string[];
  /** What is read (LwM2M 1.1: objects 1 and 2). Default nothing. */
  readonly reads?: readonly string[];
  readonly security: readonly BootstrapSecurity[];
  readonly servers: readonly BootstrapServerAccount[];
  readonly writes?: readonly BootstrapWrite[];
  /** What is asked after with Bootstrap-Discover once all is written: `/`, objects. Default nothing. */
  readonly discoversAfter?: readonly string[];
}

/** One configuration with the terminals that it is for. */
export interface BootstrapEntry {
  /** An endpoint name or a device key; undefined: everybody who has none of their own. */
  readonly name: string | undefined;
  readonly config: BootstrapConfig;
}

/** Where bootstrap configurations are kept. A promise resolves when the change is on disk. */
export interface BootstrapConfigStore {
  /** Exactly this one. @param name undefined: the default */
  get(name: string | undefined): Promise<BootstrapConfig | undefined>;
  put(name: string | undefined, config: BootstrapConfig): Promise<void>;
  /** False when there was none. */
  remove(name: string | undefined): Promise<boolean>;
  /** The default first, then by name; `after` a name, or all. */
  list(query: { readonly after?: string; readonly limit: number }): Promise<readonly BootstrapEntry[]>;
}

/** Keeps configurations in memory: for programs that have few and bring them along. */
export class MemoryBootstrapConfigStore implements BootstrapConfigStore {
  readonly #configs = new Map<string | undefined, BootstrapConfig>();

  get(name: string | undefined): Promise<BootstrapConfig | undefined> {
    return Promise.resolve(this.#configs.get(name));
  }

  put(name: string | undefined, config: BootstrapConfig): Promise<void> {
    this.#configs.set(name, config);
    return Promise.resolve();
  }

  remove(name: string | undefined): Promise<boolean> {
    return Promise.resolve(this.#configs.delete(name));
  }

  list({ after, limit }: { readonly after?: string; readonly limit: number }): Promise<readonly BootstrapEntry[]> {
    const entries = [...this.#configs].map(([name, config]) => ({ name, config }));
    const rank = (name: string | undefined) => (name === undefined ? '' : ` ${name}`);
    const sorted = entries.toSorted((a, b) => (rank(a.name) < rank(b.name) ? -1 : 1));
    const rest = after === undefined ? sorted : sorted.filter(({ name }) => name !== undefined && name > after);
    return Promise.resolve(rest.slice(0, limit));
  }
}
