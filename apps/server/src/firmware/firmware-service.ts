import { join } from 'node:path';
import {
  type Begun,
  type Campaign,
  type CampaignReport,
  type CampaignRunner,
  Campaigns,
  type FirmwareFile,
  type JobOutcome,
} from '@yaolian/directory';
import {
  type Clock,
  encodeHex,
  type Log,
  milliseconds,
  type Random,
  type SocketAddress,
  type Timers,
} from '@yaolian/kernel';
import { type Lwm2mPath, nodeValues } from '@yaolian/lwm2m';
import {
  comesByOscore,
  FirmwareUpdater,
  type Lwm2mServer,
  type OpenPackage,
  type Registration,
  type RequestMount,
  type UpdateChange,
  type UpdateJob,
  type UpdaterEvent,
} from '@yaolian/lwm2m/server';
import type { Storage } from '@yaolian/storage';
import type { Config } from '../config/settings.ts';
import type { EventHub } from '../events/event-hub.ts';
import { StoredEvents } from '../events/stored-events.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { checkPackages } from '../health/checks.ts';
import { isStream, type Transport } from '../trace/frame.ts';
import { Turns } from '../turns.ts';
import { baseUri, type CoapAddresses, ownAddressFor } from './addresses.ts';
import { coapPackages, packagesPath } from './coap-packages.ts';
import { campaignToJson, progressEvent, updateEvent } from './firmware-json.ts';
import { PackageFolder, type ReceivedPackage } from './package-folder.ts';

export interface FirmwareServiceOptions {
  readonly config: Config;
  readonly storage: Pick<Storage, 'firmware' | 'campaigns'>;
  readonly dataFolder: string;
  readonly server: Lwm2mServer;
  readonly fleet: Fleet;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** Where terminals find packages by CoAP, by scheme. */
  readonly coap: CoapAddresses;
  /** What a terminal comes by. */
  readonly transportOf: (registration: Registration) => Transport | undefined;
}

/** What is told of a package. */
export interface PackageFacts {
  readonly name: string;
  readonly version: string | undefined;
  readonly model: string | undefined;
  readonly sha256: string | undefined;
  readonly createdBy: string;
}

const object3: Lwm2mPath = { objectId: 3, objectInstanceId: 0 };
/** Finished updates that are remembered. */
const keptJobs = 100_000;
/** Progress of one update is told at most this often, in milliseconds. */
const tellEvery = 500;

/** Packages, firmware updates and campaigns of the platform. */
export class FirmwareService {
  readonly folder: PackageFolder;
  readonly updater: FirmwareUpdater;
  readonly campaigns: Campaigns;
  readonly #options: FirmwareServiceOptions;
  readonly #told = new Map<string, number>();
  readonly #updates: StoredEvents<UpdateChange>;
  /** By their digests: what becomes of packages. */
  readonly #turns = new Turns();
  #http: SocketAddress | undefined;

  constructor(options: FirmwareServiceOptions) {
    const { storage, server, clock, timers, random, log, config, dataFolder } = options;
    this.#options = options;
    this.folder = new PackageFolder(join(dataFolder, 'firmware'), config['firmware.max-size']);
    const machine = { clock, timers, random, log };
    this.#updates = new StoredEvents(options.hub, ({ job, time }) => [updateEvent(job, time)]);
    this.updater = new FirmwareUpdater({
      ...machine,
      server,
      jobs: storage.firmware,
      onStoring: this.#updates.storing,
      files: {
        open: (file) => this.#open(file),
        uris: (file, job, registration) => this.#uris(file, job, registration),
      },
    });
    const campaigns = new StoredEvents<CampaignReport>(options.hub, (report) => [
      { type: 'campaign.changed', time: clock.epoch(), data: () => campaignToJson(report) },
    ]);
    this.campaigns = new Campaigns({
      ...{ ...machine, store: storage.campaigns, runner: this.#runner() },
      ...{ onStoring: campaigns.storing, onReport: campaigns.happened },
    });
  }

  /** Before the first datagram. */
  async start(): Promise<void> {
    const { config, storage, server, log } = this.#options;
    for (const { subject: setting, finding, advice } of checkPackages(config)) {
      if (finding !== undefined) log.warn('terminals with DTLS or TLS pull firmware in the clear', { setting, advice });
    }
    const files = await storage.firmware.files();
    await this.folder.prepare(new Set(files.map(({ id }) => id)));
    await storage.firmware.trimJobs(keptJobs);
    this.updater.events.onAny((event) => this.#heard(event));
    await this.updater.start();
    await this.campaigns.start();
    const contacted = ({ registration }: { readonly registration: Registration }) =>
      this.campaigns.contacted(registration.deviceKey);
    server.events.on('registered', contacted);
    server.events.on('updated', contacted);
    if (files.length > 0) log.info('firmware updates restored', { packages: files.length, updates: this.updater.size });
  }

  /** Where terminals find packages over HTTP. */
  listening(http: SocketAddress): void {
    this.#http = http;
  }

  mount(): RequestMount {
    const { firmware } = this.#options.storage;
    return coapPackages({
      files: firmware,
      folder: this.folder,
      onServed: this.served,
      isProtected: this.#isProtected,
    });
  }

  readonly #isProtected = (id: string): boolean => {
    const job = this.updater.job(id);
    const registration = job && this.#options.server.registration({ deviceKey: job.device });
    return registration !== undefined && comesByOscore(registration);
  };

  readonly served = (job: string, end: number, file: FirmwareFile): void => {
    this.updater.served(job, end, file.size);
  };

  /**
   * The same bytes under the same name, version and model are one package: the one that is there.
   * @throws TooLarge, or what disk and store throw, with nothing left
   * @returns `wrong-hash` when the bytes are not those that were announced
   */
  async upload(body: AsyncIterable<Uint8Array>, facts: PackageFacts): Promise<FirmwareFile | 'empty' | 'wrong-hash'> {
    const received = await this.folder.receive(body);
    const { size, sha256 } = received;
    if (size === 0 || (facts.sha256 !== undefined && facts.sha256 !== sha256)) {
      await received.drop();
      return size === 0 ? 'empty' : 'wrong-hash';
    }
    return this.#turns.take(sha256, () => this.#keep(received, facts));
  }

  /** Of two that come at once the second is the same as the first. */
  async #keep(received: ReceivedPackage, { name, version, model, createdBy }: PackageFacts): Promise<FirmwareFile> {
    const { random, clock, storage } = this.#options;
    const { size, sha256 } = received;
    const id = encodeHex(random.bytes(4));
    const same = (await storage.firmware.files()).find(
      (one) => one.sha256 === sha256 && one.name === name && one.version === version && one.model === model,
    );
    if (same !== undefined) {
      await received.drop();
      return same;
    }
    const token = encodeHex(random.bytes(16));
    const file: FirmwareFile = { id, name, version, model, size, sha256, token, createdAt: clock.epoch(), createdBy };
    try {
      await received.keep(id);
      await storage.firmware.putFile(file);
    } catch (error) {
      // Nobody knows of the bytes, and a full disk has need of the room. What failed first is what is told.
      await Promise.allSettled([received.drop(), this.folder.remove(id)]);
      throw error;
    }
    return file;
  }

  /** False when it is in use. */
  remove(file: FirmwareFile): Promise<boolean> {
    return this.#turns.take(file.sha256, () => this.#remove(file));
  }

  async #remove(file: FirmwareFile): Promise<boolean> {
    const { storage } = this.#options;
    if ((await storage.firmware.openJobs()).some((job) => job.file === file.id)) return false;
    await storage.firmware.removeFile(file.id);
    await this.folder.remove(file.id);
    return true;
  }

  async close(): Promise<void> {
    this.campaigns.close();
    await this.updater.close();
    await this.folder.close();
  }

  async #open(id: string): Promise<OpenPackage | undefined> {
    const file = await this.#options.storage.firmware.file(id);
    if (!file) return undefined;
    return {
      length: file.size,
      read: (offset, length) => this.folder.read(id, offset, length),
      close: async () => {},
    };
  }

  async #uris(id: string, job: string, registration: Registration): Promise<ReadonlyMap<string, string>> {
    const { storage, config } = this.#options;
    const { address } = registration;
    const file = await storage.firmware.file(id);
    const uris = new Map<string, string>();
    if (!file) return uris;
    const path = `${packagesPath}/${file.token}/${job}`;
    const httpBase = config['firmware.http-base'];
    if (httpBase !== undefined) uris.set(schemeOf(httpBase), `${withoutSlash(httpBase)}/${path}`);
    const coapBase = config['firmware.coap-base'];
    if (coapBase !== undefined) uris.set(schemeOf(coapBase), `${withoutSlash(coapBase)}/${path}`);
    for (const base of this.#coapBases(registration)) {
      if (!uris.has(schemeOf(base))) uris.set(schemeOf(base), `${base}/${path}`);
    }
    // Last: without a word of the operator nobody knows whether terminals reach the port of REST. Nor is it for those that protect
    // all they say, and have no more than that.
    const httpHost = this.#http && ownAddressFor(address, this.#http);
    const isReached =
      httpHost !== undefined && !comesByOscore(registration) && (!isLoopback(httpHost) || isLoopback(address.host));
    if (!uris.has('http') && isReached) uris.set('http', `${baseUri('http', httpHost, this.#http!.port)}/${path}`);
    return uris;
  }

  /** Where a terminal finds us by CoAP: first as it came, over a stream or not; with DTLS or TLS only where it came with it. */
  #coapBases(registration: Registration): readonly string[] {
    const { coap, transportOf } = this.#options;
    const came = transportOf(registration) ?? 'coap';
    const isSecure = came.startsWith('coaps');
    const schemes = ['coaps', 'coap', 'coaps+tcp', 'coap+tcp'] as const;
    const rank = (scheme: string) =>
      Number(isStream(scheme) !== isStream(came)) * 2 + Number(scheme.startsWith('coaps') !== isSecure);
    return schemes
      .toSorted((a, b) => rank(a) - rank(b))
      .flatMap((scheme) => {
        const bound = coap[scheme];
        // Who came in the clear, with OSCORE or over a broker has no key or trust for (D)TLS.
        if (bound === undefined || (scheme.startsWith('coaps') && !isSecure)) return [];
        const host = ownAddressFor(registration.address, bound);
        return host === undefined ? [] : [baseUri(scheme, host, bound.port)];
      });
  }

  #runner(): CampaignRunner {
    return {
      reachable: (device) => this.#options.fleet.stateOf(device) === 'ONLINE' && !this.updater.isBusy(device),
      begin: (campaign, device) => this.#begin(campaign, device),
      outcome: async (id) => {
        const job = this.updater.job(id) ?? (await this.#options.storage.firmware.job(id));
        return job ? outcomeOf(job) : { state: 'failed', reason: 'unknown' };
      },
      cancel: async (id) => {
        await this.updater.cancel(id);
      },
    };
  }

  async #begin(campaign: Campaign, device: string): Promise<Begun> {
    const open = this.updater.jobOf(device);
    if (open) return open.group === campaign.id ? { job: open.id } : 'later';
    const file = await this.#options.storage.firmware.file(campaign.file);
    if (!file) return { skipped: 'no-file' };
    const kind = { ...campaign.kind, model: campaign.kind.model ?? file.model };
    const other = await this.#otherKind(device, kind);
    if (other !== undefined) return other === 'later' ? 'later' : { skipped: other };
    const { software, delivery, severity, maximumDeferPeriod, attempts } = campaign.options as {
      readonly software?: string;
      readonly delivery?: UpdateJob['wish'];
      readonly severity?: number;
      readonly maximumDeferPeriod?: number;
      readonly attempts?: number;
    };
    const job = await this.updater.begin({
      device,
      file: file.id,
      group: campaign.id,
      ...(software === undefined ? {} : { software }),
      ...(file.version === undefined ? {} : { toVersion: file.version }),
      ...(delivery === undefined ? {} : { delivery }),
      ...(severity === undefined ? {} : { severity }),
      ...(maximumDeferPeriod === undefined ? {} : { maximumDeferPeriod }),
      ...(attempts === undefined ? {} : { maximumAttempts: attempts }),
    });
    return job ? { job: job.id } : 'later';
  }

  /** Why a device is not of the kind that is wanted; `later` when it does not say now. */
  async #otherKind(device: string, kind: Campaign['kind']): Promise<string | undefined> {
    const wanted = [
      [0, kind.manufacturer, 'other-manufacturer'],
      [1, kind.model, 'other-model'],
      [3, kind.firmwareVersion, 'other-version'],
    ] as const;
    if (wanted.every(([, text]) => text === undefined)) return undefined;
    try {
      const answer = await this.#options.server.read({ deviceKey: device }, object3, { unchecked: true });
      if (!answer.ok) return 'other-model';
      const told = new Map([...nodeValues(object3, answer.value.node)].map((one) => [one.path.resourceId, one.value]));
      return wanted.find(([id, text]) => text !== undefined && told.get(id) !== text)?.[2];
    } catch {
      return 'later'; // it went away: its next Register or Update brings it back
    }
  }

  #heard(event: UpdaterEvent): void {
    const { hub } = this.#options;
    if (event.type === 'progress') {
      const before = this.#told.get(event.job.id) ?? 0;
      if (event.sent < event.size && event.time - before < tellEvery) return;
      this.#told.set(event.job.id, event.time);
      hub.publish(progressEvent(event.job, event.sent, event.size, event.time));
      return;
    }
    const { job } = event;
    this.#updates.happened(event);
    const outcome = outcomeOf(job);
    if (!outcome) return;
    this.#told.delete(job.id);
    if (job.group !== undefined) this.campaigns.ended(job.group, job.device, job.id, outcome);
    // Another campaign may wait for the device.
    this.#options.timers.schedule(milliseconds(0), () => this.campaigns.contacted(job.device));
  }
}

function outcomeOf({ phase, failure }: UpdateJob): JobOutcome | undefined {
  if (phase !== 'succeeded' && phase !== 'failed' && phase !== 'cancelled') return undefined;
  return { state: phase, reason: phase === 'failed' ? failure : undefined };
}

function schemeOf(uri: string): string {
  return uri.slice(0, uri.indexOf(':'));
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/+$/, '');
}

function isLoopback(host: string): boolean {
  return host === '::1' || host.startsWith('127.') || host.startsWith('::ffff:127.');
}
