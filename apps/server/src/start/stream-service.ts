import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createStreamCoapEndpoint,
  type MessageProtection,
  ResourceTree,
  type StreamCoapEndpoint,
  type TapSlot,
} from '@yaolian/coap';
import {
  type ByteStream,
  type Clock,
  hasCode,
  type Log,
  type Meter,
  type Random,
  type SocketAddress,
  type StreamListener,
  type Timers,
} from '@yaolian/kernel';
import type { RequestMount } from '@yaolian/lwm2m/server';
import {
  listenTcp,
  listenTls,
  listenWebSocket,
  ownCertificate,
  type TlsCredentials,
  type TlsListener,
} from '@yaolian/node-runtime';
import type { Config, SettingName } from '../config/settings.ts';
import { platformErrors } from '../errors.ts';
import { rateLimitOf } from './coap-service.ts';
import type { LiveAuthorities } from './live-authorities.ts';
import type { LiveCertificate } from './live-certificate.ts';
import { fileTrouble, namingFlag } from './start-trouble.ts';

export interface StreamServicesOptions {
  readonly config: Config;
  /** What TLS shows. */
  readonly certificate: LiveCertificate;
  /** Whose certificates of terminals are believed. */
  readonly authorities: LiveAuthorities;
  /** The key of an identity, for TLS with pre-shared keys. */
  readonly preSharedKey: (identity: string) => Uint8Array | undefined;
  /** Whether a certificate (DER) is a credential of a terminal, for TLS with certificates. */
  readonly storedCertificate: (certificate: Uint8Array) => Promise<boolean>;
  /** Protects messages themselves where there is no TLS, with whom it has keys for it. */
  readonly protection: MessageProtection;
  /** Whether anybody may come without TLS; asked once for each connection. */
  readonly isClearOpen: () => boolean;
  /** Where terminals come by UDP: TCP takes the number of its port, TLS the next, unless they are configured. */
  readonly datagrams: SocketAddress;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
}

type Scheme = 'coap+tcp' | 'coaps+tcp' | 'coap+ws' | 'coaps+ws';

/** A CoAP endpoint on streams, with its resources. Deaf until {@link open}. */
export class StreamService {
  readonly endpoint: StreamCoapEndpoint;
  readonly scheme: Scheme;
  /** Where messages may be watched. */
  readonly tap: TapSlot = { current: undefined };
  readonly url: string;
  readonly address: SocketAddress;
  readonly #held: HeldListener;
  readonly #tree: ResourceTree;

  constructor(scheme: Scheme, listener: StreamListener, options: StreamServicesOptions) {
    const { config, clock, timers, random, log, meter } = options;
    this.scheme = scheme;
    this.address = listener.localAddress;
    this.url = `${scheme}://${listener.localAddress.key}`;
    this.#held = new HeldListener(listener, scheme.startsWith('coaps') ? undefined : options.isClearOpen);
    this.#tree = new ResourceTree({ log });
    this.endpoint = createStreamCoapEndpoint({
      listener: this.#held,
      clock,
      timers,
      random,
      log,
      meter,
      tap: this.tap,
      labels: { transport: scheme },
      ...(scheme.startsWith('coaps') ? {} : { protection: options.protection }),
      ...(config['coap.rate-limiting'] ? { rateLimit: rateLimitOf(config) } : {}),
      bounds: {
        maximumBodyBytes: config['coap.max-body'],
        maximumRequests: config['coap.max-requests'],
        maximumConnections: config['coap.max-connections'],
        maximumConnectionsPerHost: config['coap.max-connections-per-host'],
      },
      timing: { pingAfter: config['coap.ping-after'] },
    });
    this.endpoint.handle(this.#tree.handle);
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

/** A listening socket that turns everybody away until it is told to {@link open}: who comes too early comes again. */
class HeldListener implements StreamListener {
  readonly #listener: StreamListener;
  readonly #isOpen: (() => boolean) | undefined;
  #onStream: ((stream: ByteStream) => void) | undefined;

  /** @param isOpen whether anybody gets in then; absent: always */
  constructor(listener: StreamListener, isOpen: (() => boolean) | undefined) {
    this.#listener = listener;
    this.#isOpen = isOpen;
  }

  get localAddress(): SocketAddress {
    return this.#listener.localAddress;
  }

  accept(onStream: (stream: ByteStream) => void): void {
    this.#onStream = onStream;
  }

  open(): void {
    const [onStream, isOpen] = [this.#onStream, this.#isOpen];
    if (onStream === undefined) return;
    this.#listener.accept(isOpen ? (stream) => (isOpen() ? onStream(stream) : stream.abort()) : onStream);
  }

  close(): Promise<void> {
    return this.#listener.close();
  }
}

/**
 * Binds TCP, TLS and WebSockets as the configuration has it.
 * @throws YaolianError TCP_…, TLS_CREDENTIALS_BAD, TLS_SETTING_BAD
 */
export async function bindStreams(options: StreamServicesOptions): Promise<StreamService[]> {
  const { config, datagrams, certificate } = options;
  const isFree = config['coap.port'] === 0;
  const bounds = {
    maximumHandshakes: config['coap.max-tls-handshakes'],
    maximumHandshakesPerHost: config['coap.max-connections-per-host'],
  };
  const services: StreamService[] = [];
  const add = async <L extends StreamListener>(
    scheme: Scheme,
    setting: SettingName,
    listen: (host: string) => Promise<L>,
  ) => {
    const listener = await anywhere(listen, { host: config['coap.host'], log: options.log, setting });
    services.push(new StreamService(scheme, listener, options));
    return listener;
  };
  const addSecure = async (scheme: Scheme, setting: SettingName, listen: (host: string) => Promise<TlsListener>) => {
    const listener = await add(scheme, setting, listen);
    certificate.onChange((credentials) => listener.setCredentials(credentials));
    options.authorities.onChange((authorities) => listener.setClientAuthorities(authorities));
  };
  try {
    if (config['coap.tcp']) {
      const port = config['coap.tcp-port'] ?? (isFree ? 0 : datagrams.port);
      await add('coap+tcp', 'coap.tcp-port', (host) => listenTcp({ host, port }));
    }
    if (config['coap.tls']) {
      const port = config['coap.tls-port'] ?? (isFree ? 0 : datagrams.port + 1);
      const tls = tlsOptions(options);
      await addSecure('coaps+tcp', 'coap.tls-port', (host) => listenTls({ host, port, ...tls, ...bounds }));
    }
    const ws = config['coap.ws-port'];
    if (ws !== undefined)
      await add('coap+ws', 'coap.ws-port', (host) => listenWebSocket({ host, port: ws, ...bounds }));
    const wss = config['coap.wss-port'];
    if (wss !== undefined) {
      const tls = tlsOptions(options);
      await addSecure('coaps+ws', 'coap.wss-port', (host) => listenWebSocket({ host, port: wss, tls, ...bounds }));
    }
    return services;
  } catch (error) {
    for (const service of services) await service.close();
    throw error;
  }
}

/** `::`, the default, listens on both families; a machine without IPv6 has only the other one. `setting` is that of the port. */
export async function anywhere<L>(
  listen: (host: string) => Promise<L>,
  { host, log, setting }: { readonly host: string; readonly log: Log; readonly setting: SettingName },
): Promise<L> {
  try {
    return await listen(host);
  } catch (error) {
    const isLackOfIPv6 = hasCode(error, 'TCP_ADDRESS_UNAVAILABLE') || hasCode(error, 'TCP_OPEN_FAILED');
    if (host !== '::' || !isLackOfIPv6) throw namingFlag(error, setting);
    log.info('no IPv6 here: listening on IPv4 only', { reason: (error as Error).message });
    return listen('0.0.0.0').catch((failure: unknown) => {
      throw namingFlag(failure, setting);
    });
  }
}

function tlsOptions(options: StreamServicesOptions) {
  const authorities = options.authorities.pem;
  return {
    credentials: options.certificate.current,
    psk: options.preSharedKey,
    storedCertificate: options.storedCertificate,
    ...(authorities === undefined ? {} : { clientAuthorities: authorities }),
  };
}

/**
 * The certificate of this platform for TLS, whoever serves it: the one configured, or the one that it made for itself.
 * @param isAnew it makes another one, where it makes any
 * @throws YaolianError TLS_SETTING_BAD, TLS_CREDENTIALS_BAD
 */
export async function tlsCredentials(
  {
    config,
    dataFolder,
    clock,
    log,
  }: Pick<StreamServicesOptions, 'config' | 'clock' | 'log'> & { readonly dataFolder: string },
  isAnew = false,
): Promise<TlsCredentials> {
  const certificateFile = config['tls.certificate'];
  const keyFile = config['tls.key'];
  if (certificateFile !== undefined && keyFile !== undefined) {
    return {
      certificate: await readSetting('tls.certificate', certificateFile),
      key: await readSetting('tls.key', keyFile),
    };
  }
  if (certificateFile !== undefined || keyFile !== undefined) {
    const missing = keyFile === undefined ? 'tls.key' : 'tls.certificate';
    throw platformErrors.TLS_SETTING_BAD(missing, 'tls.certificate and tls.key go together, and it is not set');
  }
  const names = config['tls.names']?.split(',').map((name) => name.trim()) ?? [];
  const domains = [config['ra.domain'] ?? config['xmpp.domain'], ...(config['xmpp.domains']?.split(',') ?? [])];
  for (const domain of domains) if (domain !== undefined && !names.includes(domain.trim())) names.push(domain.trim());
  const own = await ownCertificate({ folder: tlsFolder(dataFolder), clock, names, isAnew });
  if (own.isNew) log.info('made a certificate for TLS', { file: own.certificateFile, fingerprint: own.fingerprint });
  return own;
}

/** Where the platform keeps certificates and keys of its own. */
export const tlsFolder = (dataFolder: string): string => join(dataFolder, 'tls');

/** The file that a setting names. @throws YaolianError TLS_SETTING_BAD */
export async function readSetting(name: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw platformErrors.TLS_SETTING_BAD(name, fileTrouble(file, error), error);
  }
}
