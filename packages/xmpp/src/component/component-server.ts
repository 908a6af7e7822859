import {
  type Clock,
  type Duration,
  deafMeter,
  encodeBase64Url,
  type Log,
  type Meter,
  type Random,
  seconds,
  silentLog,
  type Timers,
} from '@yaolian/kernel';
import type { StanzaRouter } from '../im/im-domains.ts';
import type { ImModule } from '../im/module.ts';
import type { ImService } from '../im/options.ts';
import type { SaslCrypto } from '../sasl/crypto.ts';
import type { StreamLimits } from '../stream/framing.ts';
import type { TransportListener } from '../stream/transport.ts';
import { ComponentConnection } from './component-connection.ts';

/** A component that may attach. */
export interface ComponentAccess {
  /** Its domain, prepared. */
  readonly domain: string;
  readonly secret: string;
}

export interface ComponentBounds {
  /** Of one stanza. Default 262,144 bytes. */
  readonly stanza?: StreamLimits;
  /** Time to say who it is. Default 10 s. */
  readonly handshakeTimeout?: Duration;
  /** Connections at once, those that have not said who they are included. Default 100. */
  readonly maximumConnections?: number;
  /** Stanzas of a component that are being taken over; at the bound it is not read. Default 100. */
  readonly maximumPending?: number;
  /** Bytes that a component did not take; beyond, it is cut off. Default 4 MiB. */
  readonly maximumQueuedBytes?: number;
}

export interface ComponentServerOptions {
  readonly im: StanzaRouter;
  readonly components: readonly ComponentAccess[];
  readonly listener: TransportListener;
  readonly crypto: Pick<SaslCrypto, 'hash' | 'equal'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log?: Log;
  readonly meter?: Meter;
  readonly bounds?: ComponentBounds;
}

/** What connections of components have in common. */
export interface ComponentCore {
  readonly options: ComponentServerOptions;
  readonly bounds: Required<ComponentBounds>;
  readonly log: Log;
  readonly newId: () => string;
  readonly secretOf: (domain: string) => string | undefined;
  /** The component of that domain is there; one that was before goes. */
  attached(domain: string, connection: ComponentConnection): void;
  /** The connection is over. */
  gone(connection: ComponentConnection): void;
}

/**
 * Takes components (XEP-0114): application servers (GB/T 29265.206 §8.3) that have a domain of their own and a secret for it, and are then
 * reached at it by every account, and reach every account.
 */
export class ComponentServer {
  readonly #options: ComponentServerOptions;
  readonly #core: ComponentCore;
  readonly #attached = new Map<string, ComponentConnection>();
  readonly #connections = new Set<ComponentConnection>();

  /** @throws RangeError when a domain is taken */
  constructor(options: ComponentServerOptions) {
    const { im, components, listener, random, meter = deafMeter, bounds = {} } = options;
    const secrets = new Map(components.map(({ domain, secret }) => [domain, secret]));
    this.#options = options;
    this.#core = {
      options,
      bounds: { ...defaultBounds, ...bounds },
      log: options.log ?? silentLog,
      newId: () => encodeBase64Url(random.bytes(18)),
      secretOf: (domain) => secrets.get(domain),
      attached: (domain, connection) => this.#onAttached(domain, connection),
      gone: (connection) => this.#onGone(connection),
    };
    for (const domain of secrets.keys()) im.addService(domain, this.#service(domain));
    meter.gauge('xmpp_components', 'Components that are attached', () => this.#attached.size);
    listener.accept((transport) => {
      if (this.#connections.size >= this.#core.bounds.maximumConnections) transport.abort();
      else this.#connections.add(new ComponentConnection(this.#core, transport));
    });
  }

  /** Says in disco which components there are (XEP-0030 §4). @param isListed those of the domain that says it. Default: all */
  module(isListed: (domain: string) => boolean = () => true): ImModule {
    const listed = this.#options.components.filter(({ domain }) => isListed(domain));
    return { name: 'XEP-0114', serverItems: listed.map(({ domain }) => ({ jid: domain })) };
  }

  /** Domains of the components that are there. */
  get attached(): readonly string[] {
    return [...this.#attached.keys()];
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.end({ condition: 'system-shutdown' });
    await this.#options.listener.close();
  }

  #service(domain: string): ImService {
    return {
      onStanza: ({ element: stanza }) => {
        if (this.#attached.get(domain)?.deliver(stanza) === true) return;
        return this.#options.im.refuse(stanza, 'remote-server-timeout');
      },
    };
  }

  #onAttached(domain: string, connection: ComponentConnection): void {
    this.#core.log.info('a component is attached', { domain });
    // A component that lost its connection comes back before we know that it did.
    this.#attached.get(domain)?.end({ condition: 'conflict' });
    this.#attached.set(domain, connection);
  }

  #onGone(connection: ComponentConnection): void {
    this.#connections.delete(connection);
    const { domain } = connection;
    if (domain === undefined || this.#attached.get(domain) !== connection) return;
    this.#attached.delete(domain);
    this.#core.log.info('a component is gone', { domain });
  }
}

const defaultBounds: Required<ComponentBounds> = {
  stanza: { maximumSize: 262_144 },
  handshakeTimeout: seconds(10),
  maximumConnections: 100,
  maximumPending: 100,
  maximumQueuedBytes: 4 * 1_048_576,
};
