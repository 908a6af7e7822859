import { Code, type UploadSink } from '@yaolian/coap';
import { milliseconds, type Timers } from '@yaolian/kernel';
import type { ExecuteArguments } from '../execute-arguments.ts';
import { type DeliveryOptions, type DeliveryOutcome, PackageDelivery, type PullRecord } from '../firmware/delivery.ts';
import { type DeliveryProblem, type Journal, volatileJournal } from '../firmware/ports.ts';
import { type DeclaredInstance, type InstanceHooks, instance } from '../object-instance.ts';
import type { CreatableObject } from '../object-tree.ts';
import { SoftwareResult, SoftwareState, softwareManagementObject } from '../objects/software-management.ts';
import { type Refusal, refuse } from '../refusal.ts';

/** What a terminal remembers of a software component over a restart. */
export interface SoftwareRecord {
  readonly state: SoftwareState;
  readonly result: SoftwareResult;
  readonly name: string;
  readonly version: string;
  readonly active: boolean;
  /** Where it is pulled from; empty while it is pushed. */
  readonly packageUri: string;
  readonly pull?: PullRecord | undefined;
  /** What was begun and is not done: taken up again after a restart. */
  readonly task?: 'install' | 'uninstall' | 'uninstall for an update' | undefined;
  readonly reason?: string | undefined;
}

/** Does with a software component what servers want. */
export interface SoftwareInstaller {
  /**
   * Installs what the store holds.
   * @param resumed true when an earlier process began it
   */
  install(resumed: boolean): Promise<'installed' | 'failed'>;
  /** @param forUpdate keep settings: another version is about to come */
  uninstall(forUpdate: boolean): Promise<'uninstalled' | 'failed'>;
  /** Starts or stops it. False: that failed. */
  activate(active: boolean): boolean | Promise<boolean>;
}

export interface SoftwareComponentOptions extends DeliveryOptions {
  readonly timers: Timers;
  readonly installer: SoftwareInstaller;
  /** The object instance. Default 0. */
  readonly id?: number;
  /** What is there from the factory, installed and active. */
  readonly installed?: { readonly name: string; readonly version: string };
  /** Default: one that survives nothing. */
  readonly journal?: Journal<SoftwareRecord>;
  readonly onProgress?: (received: number, size: number | undefined) => void;
  readonly onState?: (state: SoftwareState, result: SoftwareResult) => void;
}

const results: Readonly<Record<DeliveryProblem, SoftwareResult>> = {
  'not-enough-storage': SoftwareResult.NotEnoughStorage,
  'out-of-memory': SoftwareResult.OutOfMemory,
  'connection-lost': SoftwareResult.ConnectionLost,
  integrity: SoftwareResult.IntegrityCheckFailure,
  'unsupported-type': SoftwareResult.UnsupportedPackageType,
  'invalid-uri': SoftwareResult.InvalidUri,
  // The object has no result of its own for it.
  'unsupported-protocol': SoftwareResult.InvalidUri,
};

const nothing: SoftwareRecord = {
  state: SoftwareState.Initial,
  result: SoftwareResult.Initial,
  name: '',
  version: '',
  active: false,
  packageUri: '',
};

/**
 * A software component: an instance of the Software Management object (9) with its state machine (OMA-TS-LWM2M_SwMgmt 1.0 §6).
 * Every state is in the journal before servers see it; {@link start} goes on where an earlier process was.
 */
export class SoftwareComponent {
  /** To hand to the client among its objects. */
  readonly instance: DeclaredInstance<typeof softwareManagementObject>;
  readonly #options: SoftwareComponentOptions;
  readonly #journal: Journal<SoftwareRecord>;
  readonly #delivery: PackageDelivery;
  #record: SoftwareRecord;
  #closed = false;

  constructor(options: SoftwareComponentOptions) {
    this.#options = options;
    this.#journal = options.journal ?? volatileJournal();
    this.#record = this.#journal.load() ?? fromFactory(options.installed);
    this.#delivery = new PackageDelivery(options, {
      pulling: (pull) => this.#save({ ...this.#record, pull }),
      progressed: (received, size) => options.onProgress?.(received, size),
      delivered: (outcome) => this.#delivered(outcome),
    });
    this.instance = instance(softwareManagementObject, {}, { id: options.id ?? 0, ...this.#hooks() });
    this.#show();
  }

  get state(): SoftwareState {
    return this.#record.state;
  }

  get result(): SoftwareResult {
    return this.#record.result;
  }

  /** Goes on with what an earlier process left. */
  async start(): Promise<void> {
    const { state, packageUri, pull, task, active } = this.#record;
    if (task === 'install') void this.#install(true);
    else if (task) void this.#uninstall(task !== 'uninstall');
    else if (state === SoftwareState.DownloadStarted || state === SoftwareState.Downloaded) {
      // A push cannot be resumed: its blocks would have to come from the start.
      if (packageUri === '') await this.#enter({ ...nothing, result: SoftwareResult.ConnectionLost });
      else this.#delivery.pull(packageUri, pull?.uri === packageUri ? pull : undefined);
    } else if (active) await this.#options.installer.activate(true);
  }

  /** Stops where it is: the next process goes on. */
  close(): void {
    this.#closed = true;
    this.#delivery.cancel();
  }

  #hooks(): InstanceHooks<typeof softwareManagementObject> {
    return {
      onUpload: { package: (size) => this.#upload(size) },
      onWrite: { package: (bytes) => this.#written(bytes), packageUri: (uri) => this.#uriWritten(uri) },
      onExecute: {
        install: () => this.#askedToInstall(),
        uninstall: (args) => this.#askedToUninstall(args),
        activate: () => this.#switch(true),
        deactivate: () => this.#switch(false),
      },
      onDelete: () => this.#askedToDelete(),
    };
  }

  #upload(size: number | undefined): UploadSink | Refusal {
    if (this.#record.state !== SoftwareState.Initial) return this.#notNow('takes no package');
    const sink = this.#delivery.push(size);
    return {
      ...sink,
      write: async (bytes, offset) => {
        if (offset === 0) await this.#begin('');
        return sink.write(bytes, offset);
      },
    };
  }

  /** A package in one message, or put together from several. */
  async #written(bytes: Uint8Array): Promise<Refusal | undefined> {
    const sink = this.#upload(bytes.length);
    if (!('write' in sink)) return sink;
    const answer = (await sink.write(bytes.slice(), 0)) || (await sink.finish(bytes.length));
    if (answer.code < 0x80) return undefined;
    return refuse(answer.code, new TextDecoder().decode(answer.payload));
  }

  async #uriWritten(uri: string): Promise<Refusal | undefined> {
    if (this.#record.state !== SoftwareState.Initial) return this.#notNow('takes no Package URI');
    await this.#begin(uri);
    this.#delivery.pull(uri);
    return undefined;
  }

  #begin(packageUri: string): Promise<void> {
    const result = SoftwareResult.Downloading;
    return this.#enter({ ...nothing, state: SoftwareState.DownloadStarted, result, packageUri });
  }

  async #delivered(outcome: DeliveryOutcome): Promise<void> {
    if (this.#closed) return;
    if (!outcome.ok) return this.#enter({ ...nothing, result: results[outcome.problem], reason: outcome.problem });
    const { name = '', version = '' } = outcome.description;
    await this.#enter({ ...this.#record, state: SoftwareState.Downloaded, name, version, pull: undefined });
    await this.#enter({ ...this.#record, state: SoftwareState.Delivered, result: SoftwareResult.Verified });
  }

  async #askedToInstall(): Promise<Refusal | undefined> {
    if (this.#record.state !== SoftwareState.Delivered || this.#record.task) {
      return this.#notNow('has no package to install');
    }
    await this.#enter({ ...this.#record, task: 'install' });
    // The answer leaves first.
    this.#options.timers.schedule(milliseconds(0), () => void this.#install(false));
    return undefined;
  }

  async #install(resumed: boolean): Promise<void> {
    if (this.#closed) return;
    const outcome = await this.#options.installer.install(resumed).catch(() => 'failed' as const);
    if (this.#closed || this.#record.task !== 'install') return;
    const done = { ...this.#record, task: undefined, packageUri: '' };
    if (outcome === 'failed') {
      const reason = 'the installation failed';
      return this.#enter({ ...done, result: SoftwareResult.InstallationFailed, reason });
    }
    await this.#options.store.clear();
    await this.#enter({ ...done, state: SoftwareState.Installed, result: SoftwareResult.Installed, reason: undefined });
  }

  /** Argument 0: for good; 1: another version is to come, so that settings stay. */
  async #askedToUninstall(args: ExecuteArguments): Promise<Refusal | undefined> {
    const { state, task } = this.#record;
    if (task || (state !== SoftwareState.Installed && state !== SoftwareState.Delivered)) {
      return this.#notNow('has nothing to uninstall');
    }
    for (const digit of args.keys()) {
      if (digit > 1) return refuse(Code.BadRequest, 'the argument of Uninstall is 0, for good, or 1, for an update');
    }
    if (state === SoftwareState.Delivered) {
      await this.#options.store.clear();
      await this.#enter(nothing);
      return undefined;
    }
    await this.#enter({ ...this.#record, task: args.has(1) ? 'uninstall for an update' : 'uninstall' });
    this.#options.timers.schedule(milliseconds(0), () => void this.#uninstall(args.has(1)));
    return undefined;
  }

  async #uninstall(forUpdate: boolean): Promise<void> {
    if (this.#closed) return;
    const { installer } = this.#options;
    if (this.#record.active) await installer.activate(false);
    const outcome = await installer.uninstall(forUpdate).catch(() => 'failed' as const);
    if (this.#closed || !this.#record.task) return;
    if (outcome === 'uninstalled') return this.#enter(nothing);
    const reason = 'the uninstallation failed';
    const result = SoftwareResult.UninstallationFailed;
    await this.#enter({ ...this.#record, task: undefined, active: false, result, reason });
  }

  async #switch(active: boolean): Promise<Refusal | undefined> {
    if (this.#record.state !== SoftwareState.Installed || this.#record.task) {
      return this.#notNow(`cannot be ${active ? 'activated' : 'deactivated'}`);
    }
    if (active === this.#record.active) return undefined;
    if (!(await this.#options.installer.activate(active))) {
      return refuse(Code.InternalServerError, `the software does not ${active ? 'start' : 'stop'}`);
    }
    await this.#enter({ ...this.#record, active });
    return undefined;
  }

  async #askedToDelete(): Promise<Refusal | undefined> {
    const { state, task } = this.#record;
    if (task || state === SoftwareState.Installed) return this.#notNow('is not deleted: uninstall it first');
    this.#delivery.cancel();
    await this.#options.store.clear();
    await this.#save(nothing);
    return undefined;
  }

  #notNow(what: string): Refusal {
    const { state, task } = this.#record;
    const name = Object.keys(SoftwareState)[state];
    return refuse(
      Code.MethodNotAllowed,
      `the component ${what} in state ${name}${task ? `, while it is to ${task}` : ''}`,
    );
  }

  async #enter(record: SoftwareRecord): Promise<void> {
    await this.#save(record);
    this.#show();
    this.#options.onState?.(record.state, record.result);
  }

  #save(record: SoftwareRecord): void | Promise<void> {
    this.#record = record;
    return this.#journal.save(record);
  }

  #show(): void {
    const { name, version, state, result, active, reason } = this.#record;
    this.instance.update({
      packageName: name,
      packageVersion: version,
      updateState: state,
      updateResult: result,
      activationState: active,
      statusReason: reason ?? '',
    });
  }
}

function fromFactory(installed: SoftwareComponentOptions['installed']): SoftwareRecord {
  if (!installed) return nothing;
  return {
    ...nothing,
    ...installed,
    state: SoftwareState.Installed,
    result: SoftwareResult.Installed,
    active: true,
  };
}

/**
 * Lets servers create instances of object 9, a component each.
 * @param componentOf makes the component for an instance that a server creates
 */
export function softwareComponents(
  componentOf: (id: number) => SoftwareComponent,
  options: { readonly maximumInstances?: number } = {},
): CreatableObject {
  return {
    definition: softwareManagementObject,
    by: 'server',
    maximumInstances: options.maximumInstances ?? 16,
    create: (id) => componentOf(id).instance,
  };
}
