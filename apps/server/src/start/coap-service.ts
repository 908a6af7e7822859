import {
  createCoapEndpoint,
  type DatagramCoapEndpoint,
  type MessageProtection,
  type RateLimit,
  ResourceTree,
  type TapSlot,
} from '@yaolian/coap';
import {
  type Clock,
  type DatagramPort,
  hasCode,
  isIPv4,
  type Log,
  type Meter,
  type Random,
  type SocketAddress,
  type Timers,
} from '@yaolian/kernel';
import type { RequestMount } from '@yaolian/lwm2m/server';
import type { openUdpPort, UdpPort, UdpPortOptions } from '@yaolian/node-runtime';
import { type Config, type SettingName, settings } from '../config/settings.ts';
import { HeldPort } from './held-port.ts';
import { namingFlag } from './start-trouble.ts';

export interface CoapServiceOptions {
  readonly config: Config;
  readonly port: number;
  /** That of the port. */
  readonly setting: SettingName;
  readonly multicast: boolean;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
  readonly openUdp: typeof openUdpPort;
  /** A label of the numbers of this service. Absent: none. */
  readonly transport?: string;
  /** Protects messages themselves, with whom it has keys for it. Absent: nothing does. */
  readonly protection?: MessageProtection;
  /** Puts a security layer upon the UDP port. Absent: none. */
  readonly secure?: (port: DatagramPort) => DatagramPort;
}

/** A CoAP endpoint on a UDP port, with its resources. Deaf until {@link open}. */
export class CoapService {
  readonly endpoint: DatagramCoapEndpoint;
  /** Where messages may be watched. */
  readonly tap: TapSlot = { current: undefined };
  readonly address: SocketAddress;
  readonly adapter: 'batched' | 'portable';
  readonly #held: HeldPort;
  readonly #tree: ResourceTree;

  private constructor(udp: UdpPort, options: CoapServiceOptions) {
    const { clock, timers, random, log, meter, config } = options;
    this.#held = new HeldPort(udp);
    this.address = udp.localAddress;
    this.adapter = udp.adapter;
    this.#tree = new ResourceTree({ log });
    this.endpoint = createCoapEndpoint({
      port: options.secure ? options.secure(this.#held) : this.#held,
      ...(options.transport === undefined ? {} : { labels: { transport: options.transport } }),
      clock,
      timers,
      random,
      log,
      meter,
      tap: this.tap,
      ...(options.protection && { protection: options.protection }),
      ...(config['coap.rate-limiting'] ? { rateLimit: rateLimitOf(config) } : {}),
      transmission: {
        ackTimeout: config['coap.ack-timeout'],
        maxRetransmit: config['coap.max-retransmit'],
        nstart: config['coap.nstart'],
      },
      bounds: {
        deduplicationBytes: config['coap.deduplication-memory'],
        maximumBodyBytes: config['coap.max-body'],
        maximumRequests: config['coap.max-requests'],
      },
    });
    this.endpoint.handle(this.#tree.handle);
  }

  /** @throws YaolianError UDP_… of the node runtime */
  static async bind(options: CoapServiceOptions): Promise<CoapService> {
    return new CoapService(await bindUdp(options), options);
  }

  mount(mounts: readonly RequestMount[]): void {
    for (const { path, handler, description } of mounts) {
      this.#tree.mount(path, handler, description === undefined ? {} : { description });
    }
  }

  open(): void {
    this.#held.open();
  }

  close(): Promise<void> {
    return this.endpoint.close();
  }
}

export function rateLimitOf(config: Config): RateLimit {
  return {
    requestsPerSecond: config['coap.rate-limit'],
    burst: config['coap.rate-burst'],
    scope: config['coap.rate-scope'],
    maximumPeers: 100_000,
  };
}

/** All CoAP Nodes (RFC 7252 §12.8): IPv4, and IPv6 link-local and site-local. */
const groups4 = ['224.0.1.187'];
const groups6 = ['ff02::fd', 'ff05::fd'];

async function bindUdp(options: CoapServiceOptions): Promise<UdpPort> {
  const host = options.config['coap.host'];
  try {
    return await options.openUdp(udpOptions(options, host));
  } catch (error) {
    // The default listens on both families; a machine without IPv6 has only the other one.
    const isLackOfIPv6 = hasCode(error, 'UDP_ADDRESS_UNAVAILABLE') || hasCode(error, 'UDP_OPEN_FAILED');
    if (host !== '::' || host !== settings['coap.host'].default || !isLackOfIPv6)
      throw namingFlag(error, options.setting);
    options.log.info('no IPv6 here: listening on IPv4 only', { reason: (error as Error).message });
    return options.openUdp(udpOptions(options, '0.0.0.0')).catch((failure: unknown) => {
      throw namingFlag(failure, options.setting);
    });
  }
}

function udpOptions(options: CoapServiceOptions, host: string): UdpPortOptions {
  const { config, port, log, meter } = options;
  const adapter = config['coap.udp-adapter'];
  const groups = isIPv4(host) ? groups4 : [...groups4, ...groups6];
  const isEverywhere = host === '::' || host === '0.0.0.0';
  return {
    host,
    port,
    log,
    meter,
    // Not said: what the environment says of all UDP ports.
    ...(adapter === 'auto' ? {} : { adapter }),
    ...(options.multicast && isEverywhere ? { multicast: { groups } } : {}),
  };
}
