import { formatDuration, milliseconds } from '@yaolian/kernel';
import type { ClientEvent, ClientState, Lwm2mClient } from '@yaolian/lwm2m/client';

/** What a terminal has done so far. */
export interface TerminalCounts {
  readonly registrations: number;
  readonly updates: number;
  readonly failures: number;
  readonly operations: number;
  readonly notifications: number;
}

const marks: Readonly<Record<ClientState, string>> = {
  stopped: '○',
  bootstrapping: '◐',
  registering: '◐',
  registered: '●',
  waiting: '◌',
  disabled: '◌',
  offline: '✈',
};

/** Counts what happens, and puts the state of a terminal into one line. */
export class TerminalStatus {
  #counts = { registrations: 0, updates: 0, failures: 0, operations: 0, notifications: 0 };
  #last: { readonly text: string; readonly at: number } | undefined;

  get counts(): TerminalCounts {
    return { ...this.#counts };
  }

  /** @param now monotonic milliseconds */
  record(event: ClientEvent, now: number): void {
    if (event.type === 'registered') this.#counts.registrations++;
    else if (event.type === 'updated') this.#counts.updates++;
    else if (event.type === 'notified') this.#counts.notifications++;
    else if (event.type.endsWith('-failed')) this.#counts.failures++;
    if (event.type !== 'operation') return;
    this.#counts.operations++;
    this.#last = { text: `${event.operation} ${event.path}`, at: now };
  }

  line(client: Lwm2mClient, measured: string, now: number): string {
    const [registration] = client.registrations;
    const { updates, notifications } = this.#counts;
    const observed = client.registrations.reduce((sum, { observations }) => sum + observations, 0);
    const parts = [`${marks[client.state]} ${client.state}`];
    if (registration) parts.push(registration.server.uri);
    if (registration?.location) parts.push(`/${registration.location.join('/')}`);
    parts.push(`${updates} updates`, `${observed} observed`, `${notifications} notified`, measured);
    if (this.#last) parts.push(`${this.#last.text} ${age(now - this.#last.at)} ago`);
    parts.push(client.state === 'offline' ? '[a] online' : '[a] airplane', '[u] update', '[s] send', '[q] quit');
    return parts.join('  ');
  }
}

function age(elapsed: number): string {
  return formatDuration(milliseconds(Math.floor(elapsed / 1000) * 1000)) || '0s';
}
