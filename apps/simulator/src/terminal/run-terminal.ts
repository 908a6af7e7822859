import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ReportSchedule, reportedFields } from '@yaolian/china-mobile-dm';
import { type CoapEndpoint, ContentFormat, createCoapEndpoint } from '@yaolian/coap';
import {
  type Clock,
  type Duration,
  encodeUtf8,
  milliseconds,
  minutes,
  type Random,
  seconds,
  type Timer,
  type Timers,
} from '@yaolian/kernel';
import {
  type ClientEvent,
  type ClientRecord,
  type Connector,
  type CreatableObject,
  countedPort,
  type DeviceInstance,
  EndDevice,
  type EventLogger,
  type FirmwareUpdate,
  type Journal,
  Lwm2mClient,
  type Lwm2mClientOptions,
  type Lwm2mVersion,
  type ObjectInstance,
  type OscoreAccess,
  type RetryPolicy,
  SecurityMode,
  Traffic,
} from '@yaolian/lwm2m/client';
import {
  nodeClock,
  nodeRandom,
  nodeTimers,
  type OscoreStates,
  openOscoreCrypto,
  openOscoreStates,
  openUdpPort,
  type TlsClientOptions,
} from '@yaolian/node-runtime';
import { createOscore, type Oscore, VolatileOscoreStates } from '@yaolian/oscore';
import { untrustedText } from '../firmware/http-fetcher.ts';
import { type FirmwareMemory, journalFile } from '../firmware/journal-file.ts';
import { type SimulatedFirmwareOptions, simulatedFirmware } from '../firmware/simulated-firmware.ts';
import { simulatedSoftware } from '../firmware/simulated-software.ts';
import { checkSeed, type Identity, simulatedIdentity } from '../identity.ts';
import { type SimulatorOutput, StatusOutput } from '../output.ts';
import { accountRetry } from '../retry.ts';
import { SeededRandom } from '../seeded-random.ts';
import { RadioPort } from '../udp/radio-port.ts';
import { isMqtt, resolveServer } from '../udp/resolve.ts';
import { type VendorProfile, type VendorTerminal, vendorTerminal } from './china-mobile.ts';
import { type ChosenObjectsOptions, chosenFirmware, chosenObjects, type SimulatedObject } from './chosen-objects.ts';
import { terminalConnector } from './connector.ts';
import { estEnrolment } from './enrolment.ts';
import type { Keys } from './keys.ts';
import { Measured } from './measured.ts';
import { narrate } from './narration.ts';
import { choicesOf, type DefinitionFile, type ObjectChoice } from './object-choices.ts';
import { terminalObjects, wandering } from './objects.ts';
import { smartcardFile } from './smartcard-file.ts';
import { type TerminalCounts, TerminalStatus } from './status-line.ts';

export interface TerminalOptions {
  /** `coap://192.0.2.1:5683`, `coap+tcp://…`, `coaps+tcp://…`, `coap+ws://…`, `coaps+ws://…`, `coaps://…`, `mqtt://…`, `mqtts://…`. Default, without a Bootstrap-Server: `coap://127.0.0.1:5683`. */
  readonly server?: string;
  /** The terminal bootstraps at its start, as China Mobile's specification has it. */
  readonly bootstrap?: string;
  /** It asks the Bootstrap-Server for everything at once (Bootstrap-Pack-Request) before it lets itself be told step by step. LwM2M 1.2. */
  readonly bootstrapPack?: boolean;
  /** Default: an IMEI and an IMSI made from the seed, `860000…;46000…;;1.0`. */
  readonly endpointName?: string;
  /** Names and values are the same for the same seed. Default 1. */
  readonly seed?: number;
  /** Default 24 h. */
  readonly lifetime?: Duration;
  /** Default: 93 s before the lifetime ends. */
  readonly updateEvery?: Duration;
  /** Default 1.1; over MQTT 1.2, which has it. */
  readonly lwm2mVersion?: Lwm2mVersion;
  /**
   * What the terminal has besides objects 0, 1 and 2: `3,4,6,7,3303x2,3311@1.0`. Objects of the specifications behave, sensors wander,
   * others hold values. Default: Device, Connectivity Monitoring, Location, a thermometer and a light.
   */
  readonly objects?: string;
  /** Files that define objects, for `objects` beside OMA's registry. */
  readonly definitions?: readonly DefinitionFile[];
  /** How often the temperature, or whatever it measures, moves. Default 5 s. */
  readonly sampleEvery?: Duration;
  /** When nobody has answered for so long at the start, it is said what may be wrong. Default 15 s. */
  readonly silenceAllowed?: Duration;
  /** How long the terminal is gone when a server reboots it. Default 3 s. */
  readonly rebootTime?: Duration;
  readonly confirmableNotifications?: boolean;
  /** Queue mode: it listens so long after its last message, and is deaf then. Absent: it always listens. */
  readonly awake?: Duration;
  /** How often it sends its temperature unasked. Default never. */
  readonly sendEvery?: Duration;
  /** The terminal has the Firmware Update object. */
  readonly firmware?: SimulatedFirmwareOptions & {
    /** A file where it remembers its update and its version over restarts of this program. */
    readonly journal?: string;
  };
  /**
   * A file where it remembers its servers, keys included, and what they are yet to be told, over restarts of this program. It
   * bootstraps only where it has no server then.
   */
  readonly memory?: string;
  /** A file in the place of a smartcard's EF LwM2M_Bootstrap, looked at before each Register and Update; not there: no card is in. */
  readonly smartcard?: string;
  /** A terminal of China Mobile's profile B or C. Absent: one of profile A, by its name. */
  readonly vendor?: VendorProfile;
  /** How long before its end a certificate that it got by EST is renewed. Default a third of its time. */
  readonly renewBefore?: Duration;
  /** Default: as LwM2M has it, and 10 s (1/x/18) before the second attempt at the server that it is given here. */
  readonly retry?: RetryPolicy;
  /** A security context of OSCORE for its server, or for its Bootstrap-Server where it has one; as the terminal sees it. */
  readonly oscore?: OscoreAccess;
  /** A folder where the numbers of security contexts are kept. Absent: they end with this program, and so must the keys. */
  readonly oscoreStates?: string;
  /** Name and password for the broker of `mqtt://` and `mqtts://` addresses. */
  readonly mqtt?: { readonly userName: string; readonly password?: Uint8Array };
  /** For servers with `coaps` and its kin, besides what their accounts say. */
  readonly tls?: TlsClientOptions;
  readonly output: SimulatorOutput;
  /** Events as lines of JSON, and no status line. Default false. */
  readonly json?: boolean;
  /** `a` airplane mode and back, `u` Update, `s` Send, `q` quit. */
  readonly keys?: Keys;
  /** Aborted: the terminal de-registers and ends. */
  readonly signal?: AbortSignal;
  /** Told of everything that happens, besides being written. */
  readonly onEvent?: (event: ClientEvent) => void;
}

export interface TerminalSummary extends TerminalCounts {
  readonly endpointName: string;
}

/**
 * Runs one simulated terminal until `signal` is aborted or `q` is pressed; it de-registers before the promise resolves.
 * @throws YaolianError SIMULATOR_BAD_OPTION, SIMULATOR_CANNOT_RESOLVE, or UDP_… when no port can be opened
 */
export async function runTerminal(options: TerminalOptions): Promise<TerminalSummary> {
  checkSeed(options.seed ?? 1);
  const choices = choicesOf(options);
  const isUsual = options.bootstrap === undefined && options.smartcard === undefined;
  const server = options.server ?? (isUsual ? 'coap://127.0.0.1:5683' : undefined);
  const named = server ?? options.bootstrap;
  const first = named === undefined ? undefined : await resolveServer(named === server ? 'server' : 'bootstrap', named);
  if (server !== undefined && options.bootstrap !== undefined) await resolveServer('bootstrap', options.bootstrap);
  const udp = await openUdpPort({ host: first?.family === 6 ? '::' : '0.0.0.0', port: 0 });
  const traffic = new Traffic();
  const port = new RadioPort(countedPort(udp, traffic));
  const states = options.oscoreStates === undefined ? undefined : statesIn(options.oscoreStates);
  const store = states ?? new VolatileOscoreStates();
  const oscore = createOscore({ crypto: await openOscoreCrypto(), store, clock, random: clientRandom });
  const endpoint = createCoapEndpoint({ port, clock, timers, random: clientRandom, protection: oscore });
  let movedTo: string | undefined;
  let summary: TerminalSummary;
  try {
    const run = new TerminalRun(options, server, { endpoint, oscore, radio: port, traffic, choices });
    summary = await run.run();
    movedTo = run.movedTo;
  } finally {
    await endpoint.close();
    await oscore.close();
    states?.close();
  }
  if (movedTo === undefined) return summary;
  // It remembers where it was; from now on that is somewhere else.
  if (options.memory !== undefined) rmSync(options.memory, { force: true });
  return runTerminal({ ...withoutBootstrap(options), server: movedTo });
}

/** A folder for each context, made when it is needed: terminals of several processes may share what is above. */
function statesIn(folder: string): OscoreStates {
  const opened = new Map<string, Promise<OscoreStates>>();
  const of = (id: string) => {
    const states = opened.get(id) ?? openOscoreStates(join(folder, id));
    opened.set(id, states);
    return states;
  };
  return {
    load: async (id) => (await of(id)).load(id),
    save: async (id, state) => (await of(id)).save(id, state),
    remove: async (id) => (await of(id)).remove?.(id),
    close: () => {
      for (const states of opened.values()) void states.then((one) => one.close()).catch(() => {});
    },
  };
}

/** China Mobile's terminals bootstrap at every start; one that remembers its servers does as OMA has it. */
function bootstrapTime({ memory }: TerminalOptions): 'start' | 'needed' {
  return memory === undefined ? 'start' : 'needed';
}

function withoutBootstrap({ bootstrap: _, ...options }: TerminalOptions): TerminalOptions {
  return options;
}

/** What a terminal of 1.1 says that it reads and writes. */
const announcedFormats = [
  ContentFormat.Cbor,
  ContentFormat.SenmlJson,
  ContentFormat.SenmlCbor,
  ContentFormat.Lwm2mTlv,
  ContentFormat.Lwm2mJson,
  ContentFormat.Lwm2mCbor,
];

/** What a terminal of profile C reports (object 669). */
const reportPath = `/${reportedFields.id}/0/${reportedFields.named.report.id}`;

const clock: Clock = nodeClock;
const timers: Timers = nodeTimers;
const clientRandom: Random = nodeRandom;

/** With `coaps` the account needs credentials, as its security mode says. */
function serverOf(uri: string, options: TerminalOptions) {
  return { ...securityOf(uri, options), ...(options.lifetime && { lifetime: options.lifetime }) };
}

function securityOf(uri: string, { tls, oscore, bootstrap, mqtt }: TerminalOptions) {
  // The key from the factory is that of the Bootstrap-Server, which gives the others.
  const isProtected = oscore !== undefined && (bootstrap === undefined || uri === bootstrap);
  const account = isMqtt(uri) && mqtt && { mqtt: { clientIdentifier: '', ...mqtt } };
  const common = { uri, ...(isProtected && { oscore }), ...account };
  // What a broker asks of a terminal over TLS is in the options of TLS.
  if (!uri.toLowerCase().startsWith('coaps')) return common;
  if (tls?.psk === undefined) return { ...common, securityMode: SecurityMode.Certificate, secretKey: noKey };
  const { identity, key } = tls.psk;
  return {
    ...common,
    securityMode: SecurityMode.PreSharedKey,
    publicKeyOrIdentity: encodeUtf8(identity),
    secretKey: key,
  };
}

/** A terminal that does not prove who it is has a key all the same: the account would else make no sense. */
const noKey = Uint8Array.of(0);

/** What a run is given that was made for it. */
interface TerminalParts {
  readonly endpoint: CoapEndpoint;
  readonly oscore: Oscore;
  readonly radio: RadioPort;
  readonly traffic: Traffic;
  readonly choices: readonly ObjectChoice[] | undefined;
}

class TerminalRun {
  readonly #options: TerminalOptions;
  readonly #server: string | undefined;
  readonly #output: StatusOutput;
  readonly #status = new TerminalStatus();
  readonly #client: Lwm2mClient;
  readonly #connector: Connector;
  readonly #measured: Measured;
  readonly #device: DeviceInstance;
  readonly #radio: RadioPort;
  #logger: EventLogger | undefined;
  readonly #random: SeededRandom;
  readonly #firmware: FirmwareUpdate | undefined;
  #quit: () => void = () => {};
  #sending: Timer | undefined;
  readonly #vendor: VendorTerminal | undefined;
  #heartbeat: Timer | undefined;
  readonly #reports = new ReportSchedule(timers, () => this.#reportOnce());
  #movedTo: string | undefined;

  constructor(options: TerminalOptions, server: string | undefined, parts: TerminalParts) {
    const { endpoint, radio } = parts;
    this.#radio = radio;
    const { seed = 1, lifetime, bootstrap } = options;
    const version = options.lwm2mVersion ?? ([server, bootstrap].some((uri) => uri && isMqtt(uri)) ? '1.2' : '1.1');
    const identity = simulatedIdentity(seed, 0);
    this.#options = options;
    this.#server = server;
    this.#output = new StatusOutput(options.output, options.json);
    this.#random = new SeededRandom(seed);
    const onReboot = () => void this.#reboot();
    const usual = terminalObjects({ identity, random: this.#random, clock, version, onReboot });
    this.#device = usual.device;
    this.#vendor = options.vendor && this.#makeVendor(options.vendor, identity, server);
    const endpointName = options.endpointName ?? this.#vendor?.endpointName ?? identity.endpointName;
    const connector = terminalConnector(
      endpoint,
      options.tls,
      undefined,
      parts.oscore,
      endpointName,
      options.oscore?.rederives ? options.oscore.masterSecret : undefined,
    );
    this.#connector = connector;
    this.#firmware = this.#makeFirmware(connector, options.firmware ?? chosenFirmware(parts.choices, version));
    const objects = this.#makeObjects(usual, version, parts);
    this.#measured = new Measured(objects);
    const retry = accountRetry(version, options.retry);
    this.#client = new Lwm2mClient({
      enrolment: { ...estEnrolment, ...(options.renewBefore && { renewBefore: options.renewBefore }) },
      endpointName,
      ...(this.#vendor && {
        updateQuery: this.#vendor.updateQuery,
        updateCarriesLinks: options.vendor?.profile === 'china-mobile-c',
      }),
      transport: connector,
      clock,
      timers,
      random: clientRandom,
      lwm2mVersion: version,
      ...withEndDevices(objects),
      servers: server === undefined ? [] : [{ ...serverOf(server, options), ...retry.server }],
      ...(bootstrap === undefined
        ? {}
        : {
            bootstrap: {
              ...securityOf(bootstrap, options),
              ...retry.bootstrap,
              pack: options.bootstrapPack === true,
              when: bootstrapTime(options),
            },
          }),
      ...(options.memory === undefined ? {} : { memory: journalFile<ClientRecord>(options.memory) }),
      ...(options.smartcard === undefined ? {} : { smartcard: smartcardFile(options.smartcard) }),
      ...(lifetime && { lifetime }),
      ...(options.updateEvery && { updateEvery: options.updateEvery }),
      retry: retry.policy,
      ...(options.awake ? { queueMode: { awake: options.awake, radio } } : {}),
      announcedFormats: version === '1.0' ? [] : announcedFormats,
      confirmableNotifications: options.confirmableNotifications ?? false,
      onEvent: (event) => this.#heard(event),
    });
  }

  /** Where the platform wants it to register from now on; undefined: it told nothing. */
  get movedTo(): string | undefined {
    return this.#movedTo;
  }

  async run(): Promise<TerminalSummary> {
    const quit = new Promise<void>((resolve) => {
      this.#quit = resolve;
    });
    this.#options.signal?.addEventListener('abort', this.#quit, { once: true });
    if (this.#options.signal?.aborted) this.#quit();
    const stopKeys = this.#options.keys?.listen((key) => this.#pressed(key));
    const stopWandering = this.#measured.wander(timers, this.#options.sampleEvery ?? seconds(5));
    // Not one of the ports' timers: it also keeps the process alive while the terminal is offline.
    const redraw = setInterval(() => this.#draw(), 1000);
    const silence = timers.schedule(this.#options.silenceAllowed ?? seconds(15), () => this.#wonder());
    try {
      this.#say(`terminal ${this.#client.endpointName}`, { type: 'started', endpointName: this.#client.endpointName });
      await this.#firmware?.start();
      this.#client.start();
      if (this.#options.sendEvery) this.#sending = this.#sendAgain(this.#options.sendEvery);
      await quit;
      await this.#client.close({ timeout: seconds(5) });
    } finally {
      clearInterval(redraw);
      silence.cancel();
      this.#sending?.cancel();
      this.#heartbeat?.cancel();
      this.#reports.stop();
      stopWandering();
      this.#firmware?.close();
      stopKeys?.();
      this.#options.signal?.removeEventListener('abort', this.#quit);
      await this.#client.close({ deregister: false });
      this.#output.end();
    }
    return { endpointName: this.#client.endpointName, ...this.#status.counts };
  }

  /** UDP tells nothing where nobody listens, and CoAP asks for a minute and a half before it gives up. */
  #wonder(): void {
    const { state } = this.#client;
    if (state !== 'registering' && state !== 'bootstrapping') return;
    // Which server it is may have come by bootstrap, from a card or out of the memory.
    const asked = this.#client.registrations.find((one) => one.state === 'registering')?.server.uri;
    const place = state === 'bootstrapping' ? this.#options.bootstrap : (asked ?? this.#server);
    // RFC 6347 §4.1.2.7: a server drops without a word what was protected with a wrong key.
    const doubts = place?.startsWith('coaps://')
      ? 'may its port be reached, and are identity and key the right ones?'
      : 'and may its port be reached?';
    const text = `nobody has answered at ${place} so far: does a platform run there, ${doubts}`;
    this.#say(text, { type: 'no-answer', place });
  }

  #pressed(key: string): void {
    if (key === 'q') this.#quit();
    else if (key === 'u') this.#client.update();
    else if (key === 's') this.#send();
    else if (key === 'a' && this.#client.state === 'offline') this.#client.goOnline();
    else if (key === 'a') void this.#client.goOffline({ timeout: seconds(5) });
  }

  #send(): void {
    this.#client.send([this.#measured.path]).catch((error: Error) => this.#say(error.message, { type: 'send-failed' }));
  }

  #sendAgain(every: Duration): Timer {
    return timers.schedule(every, () => {
      if (this.#client.state === 'registered') this.#send();
      this.#sending = this.#sendAgain(every);
    });
  }

  #choosing(usual: ChosenObjectsOptions['usual'], version: Lwm2mVersion, traffic: Traffic): ChosenObjectsOptions {
    return {
      version,
      random: this.#random,
      clock,
      timers,
      traffic,
      usual,
      onRadioOff: (minutes) => void this.#radioOff(minutes),
      say: (text) => this.#say(text, { type: 'data', text }),
      software: (id, installed) =>
        simulatedSoftware(id, installed, {
          model: this.#device.get('modelNumber')!,
          connector: this.#connector,
          accounts: () => this.#client.accounts,
          ...(this.#options.tls && { tls: this.#options.tls }),
          timers,
          say: (text) => this.#say(text, { type: 'software', text }),
        }),
      log: (logger) => {
        this.#logger = logger;
      },
    };
  }

  /** Resource 1 of Cellular Connectivity: off the network for so long. */
  async #radioOff(minutes: number): Promise<void> {
    await new Promise<void>((resolve) => timers.schedule(milliseconds(100), resolve)); // the answer leaves first
    await this.#client.goOffline({ deregister: false });
    this.#radio.sleep();
    this.#say(`radio off for ${minutes} min`, { type: 'radio-off', minutes });
    timers.schedule(seconds(minutes * 60), () => {
      this.#radio.wake();
      this.#client.goOnline();
    });
  }

  /** Gone without a word, and back as after a start. */
  async #reboot(): Promise<void> {
    await new Promise<void>((resolve) => timers.schedule(milliseconds(100), resolve)); // the answer leaves first
    await this.#client.goOffline({ deregister: false });
    this.#say('rebooting', { type: 'rebooting' });
    timers.schedule(this.#options.rebootTime ?? seconds(3), () => this.#client.goOnline());
  }

  #makeVendor(vendor: VendorProfile, identity: Identity, server: string | undefined): VendorTerminal {
    return vendorTerminal(vendor, identity, {
      onRules: (rules) => {
        const { heartBeatTime, reportTime, reportNum } = rules;
        const text = `a heartbeat every ${heartBeatTime} min, a report every ${reportTime} min, ${reportNum} of them`;
        this.#say(text, { type: 'rules', ...rules });
        this.#heartbeat?.cancel();
        this.#heartbeat = this.#beatAgain(minutes(heartBeatTime));
        this.#reports.start(rules);
      },
      onAddress: (uri) => {
        if (uri === server) return;
        this.#say(`told to register at ${uri}`, { type: 'moving', uri });
        this.#movedTo = uri;
        timers.schedule(seconds(1), () => this.#quit()); // the report is read first
      },
    });
  }

  /** A report of profile C is a Send of 669/0/1. */
  async #reportOnce(): Promise<boolean> {
    try {
      const outcomes = await this.#client.send([reportPath]);
      const taken = outcomes.every(({ result }) => result === 'accepted');
      this.#say(taken ? 'reported' : 'the report was not taken', { type: taken ? 'reported' : 'report-failed' });
      return taken;
    } catch (error) {
      this.#say(`no report: ${(error as Error).message}`, { type: 'report-failed' });
      return false;
    }
  }

  /** A heartbeat of profile C is an Update that carries the object list. */
  #beatAgain(every: Duration): Timer {
    return timers.schedule(every, () => {
      if (this.#client.state === 'registered') this.#client.update();
      this.#heartbeat = this.#beatAgain(every);
    });
  }

  #makeObjects(
    usual: ReturnType<typeof terminalObjects>,
    version: Lwm2mVersion,
    { choices, traffic }: TerminalParts,
  ): readonly SimulatedObject[] {
    const firmware = [...(this.#firmware ? [this.#firmware.instance] : []), ...(this.#vendor?.objects ?? [])];
    if (!choices) {
      const { temperature, ...others } = usual;
      const still = [...Object.values(others), ...firmware].map((object) => ({ object }));
      return [...still, wandering(temperature, this.#random)];
    }
    const chosen = chosenObjects(choices, this.#choosing([...Object.values(usual), ...firmware], version, traffic));
    const more = firmware.filter((object) => !chosen.some((one) => one.object === object));
    const moving = chosen.map((one) =>
      one.object === usual.temperature ? wandering(usual.temperature, this.#random) : one,
    );
    return [...moving, ...more.map((object) => ({ object }))];
  }

  #makeFirmware(connector: Connector, firmware: TerminalOptions['firmware']): FirmwareUpdate | undefined {
    if (!firmware) return undefined;
    const device = this.#device;
    const file = firmware.journal === undefined ? undefined : journalFile<FirmwareMemory>(firmware.journal);
    const installed = file?.load()?.installed;
    if (installed !== undefined) device.set('firmwareVersion', installed);
    const journal: Journal<FirmwareMemory> | undefined = file && {
      load: () => file.load(),
      save: (record) => file.save({ ...record, installed: device.get('firmwareVersion') }),
    };
    let tenth = 0;
    return simulatedFirmware(firmware, {
      model: device.get('modelNumber')!,
      connector,
      accounts: () => this.#client.accounts,
      ...(this.#options.tls && { tls: this.#options.tls }),
      onUntrusted: (uri) => this.#say(untrustedText(uri), { type: 'firmware-untrusted', uri }),
      clock,
      timers,
      ...(journal ? { journal } : {}),
      reboot: (version) => this.#restart(version),
      onState: (state, result) =>
        this.#say(`firmware: ${state}, result ${result}`, { type: 'firmware', state, result }),
      onProgress: (received, size) => {
        const share = size === undefined ? 0 : Math.floor((10 * received) / size);
        if (share !== tenth) this.#say(`firmware: ${received} of ${size} bytes`, { type: 'firmware', received, size });
        tenth = share;
      },
    });
  }

  /** A reboot into new firmware; resolves when it is up, before it has registered. */
  async #restart(version: string | undefined): Promise<void> {
    await this.#client.goOffline({ deregister: false });
    this.#say('rebooting into new firmware', { type: 'rebooting' });
    await new Promise<void>((resolve) => timers.schedule(this.#options.rebootTime ?? seconds(3), resolve));
    if (version !== undefined) this.#device.set('firmwareVersion', version);
    timers.schedule(milliseconds(50), () => this.#client.goOnline());
  }

  #heard(event: ClientEvent): void {
    this.#status.record(event, clock.monotonic());
    this.#options.onEvent?.(event);
    const text = narrate(event);
    if (text !== undefined) this.#logger?.log(text);
    if (text !== undefined || this.#options.json) this.#say(text ?? '', event);
    this.#draw();
  }

  #say(text: string, event: object): void {
    const time = new Date(clock.epoch());
    if (this.#options.json) this.#output.line(JSON.stringify({ time: time.toISOString(), ...event }));
    else this.#output.line(`${time.toTimeString().slice(0, 8)}  ${text}`);
  }

  #draw(): void {
    if (!this.#output.live) return;
    this.#output.status(this.#status.line(this.#client, this.#measured.text, clock.monotonic()));
  }
}

/** What the terminal has itself, and the devices behind it. */
function withEndDevices(objects: readonly SimulatedObject[]): Pick<Lwm2mClientOptions, 'objects' | 'endDevices'> {
  const own: (ObjectInstance | CreatableObject)[] = [];
  const endDevices: EndDevice[] = [];
  for (const { object } of objects) {
    if (object instanceof EndDevice) endDevices.push(object);
    else own.push(object);
  }
  return { objects: own, endDevices };
}
