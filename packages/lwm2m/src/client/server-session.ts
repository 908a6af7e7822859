import type { Clock, Timers } from '@yaolian/kernel';
import { formatPaths, type Lwm2mPath } from '../path.ts';
import { ServerRights } from './access-control.ts';
import { numberOf, Server, type ServerAccount } from './accounts.ts';
import { DeviceManagement, type ManagedTerminal, type OperationName } from './device-management.ts';
import type { Lwm2mVersion } from './operations/read.ts';
import { RegistrationSession } from './registration-session.ts';
import type { DefaultPeriods } from './reporting.ts';
import type { TerminalCore } from './terminal-core.ts';
import type { TerminalTree } from './terminal-tree.ts';

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
    return this.#core.options.confirmableNotifications ?? false;
  }

  get maximumObservations(): number {
    return this.#core.options.maximumObservations ?? 128;
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

  notified(paths: readonly Lwm2mPath[]): void {
    this.#core.emit({ type: 'notified', server: this.registration.server, path: formatPaths(paths) });
  }
}
