import { Code, type UploadSink } from '@yaolian/coap';
import { type Clock, type Duration, milliseconds, seconds, type Timer, type Timers } from '@yaolian/kernel';
import type { DeclaredObject } from '@yaolian/lwm2m-objects';
import { type DeclaredInstance, type InstanceHooks, instance } from '../object-instance.ts';
import {
  FirmwareDelivery,
  FirmwareResult,
  FirmwareState,
  firmwareUpdateObject10,
  firmwareUpdateObject11,
  firmwareUpdateObject12,
} from '../objects/firmware-update.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { type DeliveryOptions, type DeliveryOutcome, PackageDelivery, type PullRecord } from './delivery.ts';
import {
  type DeliveryProblem,
  type Journal,
  type PackageInstaller,
  type PullScheme,
  pullProtocols,
  volatileJournal,
} from './ports.ts';

/** What a terminal remembers of its firmware update over a restart. */
export interface FirmwareRecord {
  readonly state: FirmwareState;
  readonly result: FirmwareResult;
  readonly packageUri: string;
  readonly pull?: PullRecord | undefined;
  readonly packageName?: string | undefined;
  readonly packageVersion?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly changedAt?: number | undefined;
  readonly severity?: number | undefined;
  /** Seconds. */
  readonly maximumDeferPeriod?: number | undefined;
  readonly automaticUpgrade?: boolean | undefined;
  /** When a deferred update begins by itself, in milliseconds since the epoch. */
  readonly deferredUntil?: number | undefined;
}

export interface FirmwareUpdateOptions extends DeliveryOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly installer: PackageInstaller;
  /** Default: one that survives nothing. */
  readonly journal?: Journal<FirmwareRecord>;
  /** The version of the object. Default 1.1. */
  readonly version?: '1.0' | '1.1' | '1.2';
  /** Default: both where there are fetchers, else push. */
  readonly delivery?: FirmwareDelivery;
  /** How long the user puts the update off; nothing: not at all. Asked when a server executes Update and deferral is allowed. */
  readonly defer?: (severity: number) => Duration | undefined;
  readonly onProgress?: (received: number, size: number | undefined) => void;
  readonly onState?: (state: FirmwareState, result: FirmwareResult) => void;
}

/** Critical, Mandatory, Optional (5/0/11). */
const mandatorySeverity = 1;

const results: Readonly<Record<DeliveryProblem, FirmwareResult>> = {
  'not-enough-storage': FirmwareResult.NotEnoughStorage,
  'out-of-memory': FirmwareResult.OutOfMemory,
  'connection-lost': FirmwareResult.ConnectionLost,
  integrity: FirmwareResult.IntegrityCheckFailure,
  'unsupported-type': FirmwareResult.UnsupportedPackageType,
  'invalid-uri': FirmwareResult.InvalidUri,
  'unsupported-protocol': FirmwareResult.UnsupportedProtocol,
};

const idle: FirmwareRecord = { state: FirmwareState.Idle, result: FirmwareResult.Initial, packageUri: '' };

type Full = typeof firmwareUpdateObject12;

/**
 * The Firmware Update object with its state machine (OMA-TS-LightweightM2M_Core 1.1 §E.6). Every state is in the journal before
 * servers see it; {@link start} goes on where an earlier process was: a pull resumes, an update is finished.
 */
export class FirmwareUpdate {
  /** To hand to the client among its objects. */
  readonly instance: DeclaredInstance<Full>;
  readonly #options: FirmwareUpdateOptions;
  readonly #journal: Journal<FirmwareRecord>;
  readonly #delivery: PackageDelivery;
  readonly #has: ReadonlySet<number>;
  #record: FirmwareRecord;
  #deferral: Timer | undefined;
  #closed = false;

  constructor(options: FirmwareUpdateOptions) {
    this.#options = options;
    this.#journal = options.journal ?? volatileJournal();
    this.#record = this.#journal.load() ?? idle;
    this.#delivery = new PackageDelivery(options, {
      pulling: (pull) => this.#save({ ...this.#record, pull }),
      progressed: (received, size) => options.onProgress?.(received, size),
      delivered: (outcome) => this.#delivered(outcome),
    });
    const definition = definitionOf(options.version ?? '1.1');
    this.#has = new Set(definition.resources.keys());
    const protocols = Object.keys(options.fetchers).map((scheme) => pullProtocols[scheme as PullScheme]);
    const both = protocols.length > 0 ? FirmwareDelivery.Both : FirmwareDelivery.Push;
    const values = { protocolSupport: protocols, deliveryMethod: options.delivery ?? both };
    this.instance = instance(definition as unknown as Full, values, this.#hooks(definition));
    this.#show();
  }

  get state(): FirmwareState {
    return this.#record.state;
  }

  get result(): FirmwareResult {
    return this.#record.result;
  }

  /** Goes on with what an earlier process left. */
  async start(): Promise<void> {
    const { state, packageUri, pull, result, deferredUntil } = this.#record;
    if (state === FirmwareState.Downloading) {
      // A push cannot be resumed: its blocks would have to come from the start.
      if (packageUri === '') await this.#enter(FirmwareState.Idle, FirmwareResult.ConnectionLost);
      else this.#delivery.pull(packageUri, pull?.uri === packageUri ? pull : undefined);
    } else if (state === FirmwareState.Updating) void this.#install(true);
    else if (state === FirmwareState.Downloaded && result === FirmwareResult.Deferred) {
      this.#awaitDeferral(milliseconds(Math.max(0, (deferredUntil ?? 0) - this.#options.clock.epoch())));
    }
  }

  /** Stops where it is: the next process goes on. */
  close(): void {
    this.#closed = true;
    this.#delivery.cancel();
    this.#deferral?.cancel();
  }

  #hooks(definition: DeclaredObject): InstanceHooks<Full> {
    const cancel = definition.resources.has(10) ? { cancel: () => this.#cancel() } : {};
    return {
      onUpload: { package: (size) => this.#upload(size) },
      onWrite: {
        package: (bytes) => this.#written(bytes),
        packageUri: (uri) => this.#uriWritten(uri),
        severity: (severity) => this.#save({ ...this.#record, severity: Number(severity) }),
        maximumDeferPeriod: (period) => this.#save({ ...this.#record, maximumDeferPeriod: Number(period) }),
        automaticUpgrade: (automaticUpgrade) => this.#save({ ...this.#record, automaticUpgrade }),
      },
      onExecute: { update: () => this.#update(), ...cancel },
    };
  }

  #upload(size: number | undefined): UploadSink | Refusal {
    if (this.#record.state !== FirmwareState.Idle) return this.#notNow('takes no package');
    const sink = this.#delivery.push(size);
    return {
      ...sink,
      write: async (bytes, offset) => {
        if (offset === 0) await this.#enter(FirmwareState.Downloading, FirmwareResult.Initial, { packageUri: '' });
        return sink.write(bytes, offset);
      },
    };
  }

  /** A package in one message, or put together from several. */
  async #written(bytes: Uint8Array): Promise<Refusal | undefined> {
    // §E.6: nothing, or NUL, resets the state machine.
    if (bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0)) return this.#reset();
    const sink = this.#upload(bytes.length);
    if (!('write' in sink)) return sink;
    const answer = (await sink.write(bytes.slice(), 0)) || (await sink.finish(bytes.length));
    if (answer.code < 0x80) return undefined;
    return refuse(answer.code, new TextDecoder().decode(answer.payload));
  }

  async #uriWritten(uri: string): Promise<Refusal | undefined> {
    if (uri === '') return this.#reset();
    if (this.#record.state !== FirmwareState.Idle) return this.#notNow('takes no Package URI');
    await this.#enter(FirmwareState.Downloading, FirmwareResult.Initial, { packageUri: uri });
    this.#delivery.pull(uri);
    return undefined;
  }

  async #reset(): Promise<Refusal | undefined> {
    if (this.#record.state === FirmwareState.Updating) return this.#notNow('cannot be reset');
    await this.#drop(FirmwareResult.Initial);
    return undefined;
  }

  /** §E.6: possible until the update has begun. */
  async #cancel(): Promise<Refusal | undefined> {
    const { state } = this.#record;
    if (state !== FirmwareState.Downloading && state !== FirmwareState.Downloaded) {
      return this.#notNow('has nothing to cancel');
    }
    await this.#drop(FirmwareResult.Cancelled);
    return undefined;
  }

  async #drop(result: FirmwareResult): Promise<void> {
    this.#delivery.cancel();
    this.#deferral?.cancel();
    await this.#options.store.clear();
    await this.#enter(FirmwareState.Idle, result, { packageUri: '' });
  }

  async #delivered(outcome: DeliveryOutcome): Promise<void> {
    if (this.#closed) return;
    if (!outcome.ok) return this.#enter(FirmwareState.Idle, results[outcome.problem]);
    const { name, version } = outcome.description;
    const named = { packageName: name, packageVersion: version };
    await this.#enter(FirmwareState.Downloaded, FirmwareResult.Initial, named);
    if (this.#record.automaticUpgrade) await this.#begin();
  }

  async #update(): Promise<Refusal | undefined> {
    if (this.#record.state !== FirmwareState.Downloaded) return this.#notNow('has no package to install');
    const delay = this.#askedDelay();
    if (delay === undefined) await this.#begin();
    else {
      const deferredUntil = this.#options.clock.epoch() + delay;
      await this.#enter(FirmwareState.Downloaded, FirmwareResult.Deferred, { deferredUntil });
      this.#awaitDeferral(delay);
    }
    return undefined;
  }

  /** §E.6: a Maximum Defer Period of 0, or none, allows no deferral. */
  #askedDelay(): Duration | undefined {
    const { severity = mandatorySeverity, maximumDeferPeriod = 0, result } = this.#record;
    if (maximumDeferPeriod === 0 || result === FirmwareResult.Deferred) return undefined;
    const wish = this.#options.defer?.(severity);
    return wish === undefined || wish <= 0 ? undefined : milliseconds(Math.min(wish, seconds(maximumDeferPeriod)));
  }

  #awaitDeferral(delay: Duration): void {
    this.#deferral?.cancel();
    this.#deferral = this.#options.timers.schedule(delay, () => void this.#begin());
  }

  async #begin(): Promise<void> {
    this.#deferral?.cancel();
    await this.#enter(FirmwareState.Updating, FirmwareResult.Initial);
    // The answer to Update leaves first.
    this.#options.timers.schedule(milliseconds(0), () => void this.#install(false));
  }

  async #install(resumed: boolean): Promise<void> {
    if (this.#closed) return;
    const outcome = await this.#options.installer.install(resumed).catch(() => 'failed' as const);
    if (this.#closed || this.#record.state !== FirmwareState.Updating) return;
    if (outcome === 'failed') return this.#enter(FirmwareState.Downloaded, FirmwareResult.UpdateFailed);
    await this.#options.store.clear();
    await this.#enter(FirmwareState.Idle, FirmwareResult.Success, { packageUri: '' });
  }

  #notNow(what: string): Refusal {
    const name = Object.keys(FirmwareState)[this.#record.state];
    return refuse(Code.MethodNotAllowed, `the object ${what} in state ${name}`);
  }

  async #enter(state: FirmwareState, result: FirmwareResult, more: Partial<FirmwareRecord> = {}): Promise<void> {
    const before = this.#record;
    const changedAt = state === before.state ? before.changedAt : this.#options.clock.epoch();
    const gone = state === FirmwareState.Idle || state === FirmwareState.Downloading;
    const named = gone ? { packageName: undefined, packageVersion: undefined, pull: undefined } : {};
    await this.#save({ ...before, ...named, deferredUntil: undefined, ...more, state, result, changedAt });
    this.#show();
    this.#options.onState?.(state, result);
  }

  #save(record: FirmwareRecord): void | Promise<void> {
    this.#record = record;
    return this.#journal.save(record);
  }

  #show(): void {
    const record = this.#record;
    const { changedAt } = record;
    this.instance.transaction(() => {
      this.instance.update({
        packageUri: record.packageUri,
        updateResult: record.result,
        packageName: record.packageName ?? '',
        packageVersion: record.packageVersion ?? '',
        state: record.state,
      });
      if (!this.#has.has(13)) return;
      this.instance.update({
        severity: record.severity ?? mandatorySeverity,
        maximumDeferPeriod: record.maximumDeferPeriod ?? 0,
        ...(changedAt === undefined ? {} : { lastStateChangeTime: new Date(Math.floor(changedAt / 1000) * 1000) }),
      });
      if (this.#has.has(14)) this.instance.update({ automaticUpgrade: record.automaticUpgrade ?? false });
    });
  }
}

function definitionOf(version: '1.0' | '1.1' | '1.2'): DeclaredObject {
  if (version === '1.0') return firmwareUpdateObject10;
  return version === '1.1' ? firmwareUpdateObject11 : firmwareUpdateObject12;
}
