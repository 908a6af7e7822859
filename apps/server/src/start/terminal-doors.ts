import { type CoapEndpoint, createCoapEndpoint } from '@yaolian/coap';
import type { DatagramPort, SocketAddress } from '@yaolian/kernel';
import type { BootstrapServer } from '@yaolian/lwm2m/bootstrap';
import type { Lwm2mServer, Lwm2mServerOptions, RequestMount } from '@yaolian/lwm2m/server';
import { requireOscore } from '@yaolian/oscore';
import type { Storage } from '@yaolian/storage';
import type { SettingName } from '../config/settings.ts';
import type { CoapAddresses } from '../firmware/addresses.ts';
import type { OscoreTerminals } from '../security/oscore-terminals.ts';
import type { TerminalTrust } from '../security/terminal-trust.ts';
import type { Transport } from '../trace/frame.ts';
import type { TraceRecorder } from '../trace/recorder.ts';
import { CoapService, type CoapServiceOptions } from './coap-service.ts';
import type { LiveAuthorities } from './live-authorities.ts';
import type { LiveCertificate } from './live-certificate.ts';
import { MqttService } from './mqtt-service.ts';
import { bindSecureCoap, type SecureCoap } from './secure-coap.ts';
import { bindStreams, type StreamService } from './stream-service.ts';
import type { UndoStack } from './undo-stack.ts';

export interface TerminalDoorsOptions
  extends Omit<CoapServiceOptions, 'port' | 'setting' | 'multicast' | 'protection'> {
  readonly storage: Storage;
  readonly trust: TerminalTrust;
  readonly certificate: LiveCertificate;
  readonly authorities: LiveAuthorities;
  /** Security contexts with terminals that come in the clear. */
  readonly oscore: OscoreTerminals;
}

type Services = Pick<TerminalDoors, 'clear' | 'secure' | 'streams' | 'bootstrapAlone' | 'mqtt'> & {
  readonly oscore: OscoreTerminals;
  readonly nowhere: CoapEndpoint;
};

/** Every port that terminals come to: CoAP over UDP, DTLS, TCP, TLS and WebSockets, and bootstrap where it has its own. Deaf until {@link open}. */
export class TerminalDoors {
  /** UDP in the clear. Without `coap.nosec` only discovery answers there and on streams in the clear, and terminals with OSCORE are served. */
  readonly clear: CoapService;
  readonly secure: SecureCoap | undefined;
  readonly streams: readonly StreamService[];
  /** Bootstrap on a port of its own, beside the one on the ports of the DM service. */
  readonly bootstrapAlone: CoapService | undefined;
  /** Terminals over an MQTT broker. Without `coap.nosec` none of them proves who it is, so that none is let in. */
  readonly mqtt: MqttService | undefined;
  readonly #isClearServed: boolean;
  readonly #oscore: OscoreTerminals;
  readonly #nowhere: CoapEndpoint;

  private constructor(services: Services, isClearServed: boolean) {
    const { clear, secure, streams, bootstrapAlone, mqtt, oscore, nowhere } = services;
    this.#oscore = oscore;
    this.#nowhere = nowhere;
    this.clear = clear;
    this.secure = secure;
    this.streams = streams;
    this.bootstrapAlone = bootstrapAlone;
    this.mqtt = mqtt;
    this.#isClearServed = isClearServed;
  }

  /** @throws YaolianError UDP_… and TCP_… of the node runtime, TLS_CREDENTIALS_BAD, TLS_SETTING_BAD */
  static async bind(options: TerminalDoorsOptions, undo: UndoStack): Promise<TerminalDoors> {
    const { config, storage, trust, certificate, authorities, oscore, ...machine } = options;
    const { protection } = oscore;
    const isClearServed = config['coap.nosec'];
    const bind = (port: number, setting: SettingName, multicast: boolean) =>
      CoapService.bind({ ...machine, config, port, setting, multicast, protection });
    const clear = await bind(config['coap.port'], 'coap.port', config['coap.multicast']);
    undo.push('coap', () => clear.close());
    const streams = await bindStreams({
      ...{ ...machine, config, certificate, authorities, protection, datagrams: clear.address },
      isClearOpen: () => isClearServed || storage.credentials.hasOscore(),
      preSharedKey: (identity) => storage.credentials.preSharedKey(identity),
      storedCertificate: trust.storedCertificate,
    });
    for (const service of streams) undo.push('CoAP over streams', () => service.close());
    const secure = await bindDtls(options, clear);
    if (secure) undo.push('coaps', () => secure.close());
    const port = config['coap.bootstrap-port'];
    const bootstrapAlone = port === undefined ? undefined : await bind(port, 'coap.bootstrap-port', false);
    if (bootstrapAlone) undo.push('the port of bootstrap', () => bootstrapAlone.close());
    const mqtt = await MqttService.of({ ...machine, config });
    if (mqtt) undo.push('LwM2M over MQTT', () => mqtt.close());
    const { clock, timers, random } = machine;
    const nowhere = createCoapEndpoint({ port: new PortToNowhere(clear.address), clock, timers, random });
    undo.push('the endpoint of nobody', () => nowhere.close());
    return new TerminalDoors({ clear, secure, streams, bootstrapAlone, mqtt, oscore, nowhere }, isClearServed);
  }

  /**
   * What the DM server asks terminals through.
   * @param isProven whether a registration was made with a proof: it is never asked in the clear after a restart, session or not
   */
  endpoints(isProven: NonNullable<Lwm2mServerOptions['endpoints'][number]['serves']>): Lwm2mServerOptions['endpoints'] {
    const { secure, mqtt } = this;
    const proven = secure && {
      endpoint: secure.service.endpoint,
      serves: isProven,
      peerOf: (key: string) => secure.dtls.session(key),
    };
    return [
      ...(proven ? [proven] : []),
      {
        endpoint: mqtt?.endpoint ?? this.#nowhere,
        serves: (_, registration) => MqttService.made(registration),
        ...(mqtt && { peerOf: mqtt.peerOf }),
      },
      { endpoint: this.#nowhere, serves: (_, registration) => this.#oscore.isLost(registration) },
      { endpoint: this.clear.endpoint, peerOf: this.#oscore.restoredPeer },
      ...this.streams.map(({ endpoint }) => ({ endpoint })),
    ];
  }

  mountServers(server: Lwm2mServer, bootstrap: BootstrapServer): void {
    const mountsOf = (service: CoapService | StreamService) => [
      ...server.mounts(service.endpoint),
      ...bootstrapMounts(bootstrap, service),
    ];
    for (const service of this.#served) service.mount(mountsOf(service));
    for (const service of this.#protected) service.mount(mountsOf(service).map(protectedMount));
    if (this.mqtt) {
      const { endpoint } = this.mqtt;
      this.mqtt.serve(server, [...server.mounts(endpoint), ...bootstrap.mounts(endpoint)]);
    }
    const alone = this.bootstrapAlone;
    if (alone === undefined) return;
    const mounts = bootstrapMounts(bootstrap, alone);
    alone.mount(this.#isClearServed ? mounts : mounts.map(protectedMount));
  }

  /** On every port of the DM service. */
  mount(mounts: readonly RequestMount[]): void {
    for (const service of this.#served) service.mount(mounts);
    for (const service of this.#protected) service.mount(mounts.map(protectedMount));
  }

  /** On the ports with DTLS or TLS alone. */
  mountSecure(mounts: readonly RequestMount[]): void {
    for (const service of this.#secure) service.mount(mounts);
  }

  /** Whether there is a port with DTLS or TLS. */
  get hasSecure(): boolean {
    return this.#secure.length > 0;
  }

  watch(recorder: TraceRecorder): void {
    for (const service of this.inTheClear) recorder.watch('coap', service.tap);
    for (const { scheme, tap } of this.streams) recorder.watch(scheme, tap);
    recorder.watchOscore(this.#oscore.tap);
    if (this.mqtt) recorder.watch('mqtt', this.mqtt.tap);
    if (this.secure === undefined) return;
    recorder.watch('coaps', this.secure.service.tap);
    recorder.watchDtls(this.secure.tap);
    this.secure.keyLog.listener = recorder.keyLog;
  }

  /** Lets terminals in. */
  async open(): Promise<void> {
    for (const service of [...this.inTheClear, ...this.#secured, ...this.streams]) service.open();
    await this.mqtt?.open();
  }

  /** UDP ports without DTLS. */
  get inTheClear(): readonly CoapService[] {
    return [this.clear, ...(this.bootstrapAlone ? [this.bootstrapAlone] : [])];
  }

  /** Where CoAP is served to everybody, by scheme. */
  get addresses(): CoapAddresses {
    return {
      ...(this.#isClearServed && { coap: this.clear.address }),
      ...(this.secure && { coaps: this.secure.service.address }),
      ...Object.fromEntries(this.#servedStreams.map(({ scheme, address }) => [scheme, address])),
    };
  }

  /** What terminals come by that are heard through an endpoint; undefined: none is any more, since a restart. */
  transportOf(endpoint: CoapEndpoint | undefined): Transport | undefined {
    if (endpoint === undefined) return undefined;
    if (endpoint === this.clear.endpoint) return 'coap';
    if (endpoint === this.secure?.service.endpoint) return 'coaps';
    if (endpoint === this.mqtt?.endpoint) return 'mqtt';
    return this.streams.find((service) => service.endpoint === endpoint)?.scheme;
  }

  /** `{ service: 'dm', url: 'coap://[::]:5683' }`, … */
  get listening(): readonly { readonly service: string; readonly url: string }[] {
    const { clear, streams, bootstrapAlone: alone } = this;
    return [
      { service: 'dm', url: `coap://${clear.address.key}` },
      ...this.#secured.map(({ address }) => ({ service: 'dm', url: `coaps://${address.key}` })),
      ...streams.map(({ url }) => ({ service: 'dm', url })),
      ...(this.mqtt ? [{ service: 'dm', url: this.mqtt.url }] : []),
      ...(alone ? [{ service: 'bootstrap', url: `coap://${alone.address.key}` }] : []),
    ];
  }

  get #secured(): readonly CoapService[] {
    return this.secure ? [this.secure.service] : [];
  }

  get #secure(): readonly (CoapService | StreamService)[] {
    return [...this.#secured, ...this.streams.filter(({ scheme }) => scheme.startsWith('coaps'))];
  }

  get #served(): readonly (CoapService | StreamService)[] {
    return [...(this.#isClearServed ? [this.clear] : []), ...this.#servedStreams, ...this.#secured];
  }

  get #servedStreams(): readonly StreamService[] {
    return this.#isClearServed ? this.streams : this.streams.filter(({ scheme }) => scheme.startsWith('coaps'));
  }

  /** Where terminals with OSCORE are served, and nobody else. */
  get #protected(): readonly (CoapService | StreamService)[] {
    if (this.#isClearServed) return [];
    return [this.clear, ...this.streams.filter(({ scheme }) => !scheme.startsWith('coaps'))];
  }
}

/** CoAP over DTLS, where the configuration wants it. */
async function bindDtls(options: TerminalDoorsOptions, clear: CoapService): Promise<SecureCoap | undefined> {
  const { config, storage, oscore: _, ...machine } = options;
  if (!config['coap.dtls']) return undefined;
  const { settings, sealer, secureSessions: sessions } = storage;
  const port = config['coap.dtls-port'] ?? (config['coap.port'] === 0 ? 0 : clear.address.port + 1);
  return bindSecureCoap({ ...machine, config, settings, sealer, sessions, multicast: false, port });
}

/** For terminals with OSCORE: all others are answered 4.01 there (RFC 8613 §8.2), and nothing lists it. */
function protectedMount({ path, handler }: RequestMount): RequestMount {
  return { path, handler: requireOscore(handler) };
}

/** Where terminals are that cannot be reached: what is sent to them is lost. */
class PortToNowhere implements DatagramPort {
  readonly localAddress: SocketAddress;

  constructor(localAddress: SocketAddress) {
    this.localAddress = localAddress;
  }

  send(): void {}

  listen(): void {}

  async close(): Promise<void> {}
}

/** OMA registers no resource type for bootstrap; `/.well-known/core` lists the path all the same. */
function bootstrapMounts(
  bootstrap: BootstrapServer,
  { endpoint }: CoapService | StreamService,
): readonly RequestMount[] {
  return bootstrap.mounts(endpoint).map((mount) => ({ description: { rt: 'oma.lwm2m.bs' }, ...mount }));
}
