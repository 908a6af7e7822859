import type { Clock, Timers } from '@yaolian/kernel';
import { formatPaths, type Lwm2mPath } from '../path.ts';
import { ServerRights } from './access-control.ts';
import { numberOf, Server, type ServerAccount } from './accounts.ts';
import { DeviceManagement, type ManagedTerminal, type OperationName } from './device-management.ts';
import type { Lwm2mVersion } from './operations/read.ts';
import { RegistrationSession } from './registration-session.ts';
import type { DefaultPeriods } from './reporting.ts';
import { defaultSendFormat, sendRequest, sendTo } from './send.ts';
import type { StorageBounds } from './stored-notifications.ts';
import type { TerminalCore } from './terminal-core.ts';
import type { TerminalTree } from './terminal-tree.ts';

/** Values of one Send: about as much as a datagram takes. */
const mostInSend = 40;

/** One server: registration with it, and its management of the terminal. */
export class ServerSession implements ManagedTerminal {
  readonly registration: RegistrationSession;
  readonly management: DeviceManagement;
  readonly rights: ServerRights;
  readonly #core: TerminalCore;

  constructor(core: TerminalCore, account: ServerAccount) {
    this.#core = core;
    this.registration = new RegistrationSession(core, account);
    this.rights = new ServerRights(account.shortServerId, () => core.access);
    this.management = new DeviceManagement(this);
  }

  get clock(): Clock {
    return this.#core.clock;
  }

  get timers(): Timers {
    return this.#core.timers;
  }

  get tree(): TerminalTree {
    return this.#core.tree;
  }

  get version(): Lwm2mVersion {
    return this.#core.version;
  }

  get confirmableNotifications(): boolean {
    // LwM2M 1.2 appendix E.2, resource 26: 0 is NON, 1 is CON.
    const mode = numberOf(this.registration.account.server, Server.DefaultNotificationMode);
    return mode === undefined ? (this.#core.options.confirmableNotifications ?? false) : mode === 1;
  }

  get storesNotifications(): boolean {
    return !this.#core.closed && this.registration.account.server.value(Server.NotificationStoring) === true;
  }

  get storageBounds(): StorageBounds {
    return { perPath: 100, total: 1_000, ...this.#core.options.storedNotifications };
  }

  get maximumObservations(): number {
    return this.#core.options.maximumObservations ?? 128;
  }

  /** Tells what was kept while the server could not be told. What it does not take is kept for the next time. */
  async tellStored(): Promise<void> {
    const values = this.management.takeStored();
    for (let start = 0; start < values.length; start += mostInSend) {
      const part = values.slice(start, start + mostInSend);
      const { request, paths } = sendRequest(this.tree, part, defaultSendFormat);
      const outcome = await sendTo(this, request, paths, undefined);
      this.#core.emit({ type: 'sent', ...outcome });
      if (outcome.result === 'accepted') continue;
      this.management.keep(values.slice(start));
      return;
    }
  }

  defaultPeriods(): DefaultPeriods {
    const { server } = this.registration.account;
    return {
      pmin: numberOf(server, Server.DefaultMinimumPeriod),
      pmax: numberOf(server, Server.DefaultMaximumPeriod),
    };
  }

  operated(operation: OperationName, path: string, code: number): void {
    this.#core.emit({ type: 'operation', server: this.registration.server, operation, path, code });
  }

  observing(started: boolean, paths: readonly Lwm2mPath[]): void {
    const type = started ? 'observation-started' : 'observation-ended';
    this.#core.emit({ type, server: this.registration.server, path: formatPaths(paths) });
  }

  active(): void {
    this.#core.active();
  }

  storedChanged(): void {
    this.#core.remember();
  }

  notified(paths: readonly Lwm2mPath[]): void {
    this.#core.emit({ type: 'notified', server: this.registration.server, path: formatPaths(paths) });
  }
}
