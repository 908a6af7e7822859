import { type Duration, milliseconds, type Random, seconds, type Timer } from '@yaolian/kernel';
import { type BootstrapAccount, findBootstrapAccount } from './accounts.ts';
import { type BootstrapHost, BootstrapSession } from './bootstrap-session.ts';
import type { ClientEvent } from './events.ts';
import { accessOfConfiguration, type BootstrapConfiguration } from './factory-accounts.ts';
import { type RetryPolicy, retryDelay } from './retry.ts';

/** What bootstrapping needs of the client. */
export interface BootstrapRunnerHost extends BootstrapHost {
  readonly random: Random;
  readonly retry: Required<RetryPolicy>;
  /** What the terminal was configured with: the way back when a bootstrap overwrote the account. */
  readonly factory: BootstrapConfiguration | undefined;
  emit(event: ClientEvent): void;
  stateChanged(): void;
  /** Ends registrations. */
  before(): Promise<void>;
  /** Whether there are accounts to register with. */
  hasServers(): boolean;
  /** Opens registrations with the accounts that there are now. */
  after(): void;
  /** Whether some server has the terminal registered. */
  registered(): boolean;
}

/** Decides when to bootstrap, and again: hold-off, retries, the account's own end. */
export class BootstrapRunner {
  readonly #host: BootstrapRunnerHost;
  #running: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  #timer: Timer | undefined;
  #accountTimer: Timer | undefined;
  #failures = 0;
  #outcome: 'succeeded' | 'failed' = 'failed';

  constructor(host: BootstrapRunnerHost) {
    this.#host = host;
  }

  /** True while a bootstrap is under way, or waited for. */
  get running(): boolean {
    return this.#running !== undefined;
  }

  get possible(): boolean {
    return this.#account() !== undefined;
  }

  /** Bootstraps unless that is under way, or there is nobody to ask. */
  begin(): void {
    const account = this.#account();
    if (this.#running || !account) return;
    this.#timer?.cancel();
    const abort = new AbortController();
    const done = this.#run(account, abort.signal).finally(() => {
      this.#running = undefined;
    });
    this.#running = { abort, done };
    this.#host.stateChanged();
    void done.then(() => {
      if (!abort.signal.aborted) this.#continue();
    });
  }

  /** A server cannot be registered with: bootstraps if no other has us. */
  afterFailures(): void {
    if (this.#running || this.#host.registered() || !this.possible) return;
    // Later, for the one who says so is a registration that is about to be stopped.
    this.#timer?.cancel();
    this.#timer = this.#host.timers.schedule(milliseconds(0), () => this.begin());
  }

  /** Gives up what is under way. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#running?.abort.abort();
    await this.#running?.done;
  }

  close(): void {
    this.#timer?.cancel();
    this.#accountTimer?.cancel();
  }

  #account(): BootstrapAccount | undefined {
    const account = findBootstrapAccount(this.#host.tree);
    const { factory } = this.#host;
    if (account || !factory) return account;
    return {
      instanceId: undefined,
      access: { ...accessOfConfiguration(factory), bootstrap: true },
      holdOff: milliseconds(0),
      accountTimeout: milliseconds(0),
    };
  }

  async #run(account: BootstrapAccount, signal: AbortSignal): Promise<void> {
    const { uri } = account.access;
    await this.#host.before();
    // Only the first time: after that the Bootstrap-Server has had its chance to begin.
    if (this.#failures === 0) await this.#wait(account.holdOff, signal);
    if (signal.aborted) return;
    this.#host.emit({ type: 'bootstrap-started', uri });
    const began = this.#host.clock.monotonic();
    const failure = await new BootstrapSession(this.#host, account).run(signal);
    if (signal.aborted) return;
    this.#outcome = failure ? 'failed' : 'succeeded';
    if (!failure) {
      this.#failures = 0;
      this.#retireAccount(account);
      const latency = milliseconds(this.#host.clock.monotonic() - began);
      this.#host.emit({ type: 'bootstrap-finished', uri, latency });
      return;
    }
    this.#failures++;
    const retryIn = this.#host.hasServers() ? undefined : this.#retryDelay();
    this.#host.emit({ type: 'bootstrap-failed', uri, failure, retryIn });
    if (retryIn === undefined) return;
    await this.#wait(retryIn, signal);
  }

  /** After a success, and after a failure that leaves servers to try: registration. Otherwise: once more. */
  #continue(): void {
    if (this.#outcome === 'succeeded' || this.#host.hasServers()) this.#host.after();
    else this.begin();
  }

  #retryDelay(): Duration {
    const { retry, factory, random } = this.#host;
    const initialDelay = factory?.retryTimer ?? retry.initialDelay;
    return retryDelay({ ...retry, initialDelay }, this.#failures, random);
  }

  #wait(duration: Duration, signal: AbortSignal): Promise<void> {
    if (duration === 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#host.timers.schedule(duration, done);
      const onAbort = () => done();
      function done() {
        timer.cancel();
        signal.removeEventListener('abort', onAbort);
        resolve();
      }
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** OMA-TS-LightweightM2M_Core 1.1 §6.1.2, Security object resource 12: the account goes away after its time. */
  #retireAccount(account: BootstrapAccount): void {
    this.#accountTimer?.cancel();
    const { instanceId, accountTimeout } = account;
    if (instanceId === undefined || accountTimeout === 0) return;
    const delay = milliseconds(Math.min(accountTimeout, seconds(86_400)));
    this.#accountTimer = this.#host.timers.schedule(delay, () => {
      if (findBootstrapAccount(this.#host.tree)?.instanceId === instanceId) this.#host.tree.remove(0, instanceId);
    });
  }
}
