import { type Duration, deafMeter, encodeBase64Url, milliseconds, minutes, seconds, silentLog } from '@yaolian/kernel';
import type { Jid } from '../jid/jid.ts';
import type { StreamErrorCondition } from '../stream/stream-error.ts';
import type { XmppTransport } from '../stream/transport.ts';
import type { XmlElement } from '../xml/element.ts';
import { defaultXmlLimits } from '../xml/fault.ts';
import { AttemptLimiter } from './attempt-limiter.ts';
import type { ServerCore } from './binding.ts';
import { ServerConnection } from './connection.ts';
import { FeatureTexts } from './features.ts';
import type { XmppServerBounds, XmppServerOptions, XmppServerTiming } from './options.ts';
import type { XmppSession } from './ports.ts';
import { Round } from './round.ts';
import { SessionTable } from './session-table.ts';

/** A server: takes connections, lets clients in, keeps their sessions. What stanzas mean is its handler's business. */
export class XmppServer {
  readonly #options: XmppServerOptions;
  readonly #core: ServerCore;
  readonly #sessions: SessionTable;
  /** Connections without a session. */
  readonly #negotiating = new Set<ServerConnection>();
  readonly #hosts = new Map<string, number>();
  #connections = 0;
  #isClosed = false;

  /** @throws RangeError without a domain */
  constructor(options: XmppServerOptions) {
    if (options.domains.length === 0) throw new RangeError('a server has at least one domain');
    const { random, conflict = 'replace', bounds = {}, meter = deafMeter } = options;
    this.#options = options;
    this.#sessions = new SessionTable({ random, conflict, maximumResources: bounds.maximumResources ?? 20 });
    const round = new Round(options.timers, () => this.#look());
    this.#core = coreOf(options, {
      sessions: this.#sessions,
      wake: () => round.start(),
      closed: (transport) => this.#closed(transport),
    });
    round.pace = paceOf(this.#core);
    meter.gauge(
      'xmpp_sessions',
      'Sessions of clients, those that wait to be resumed included',
      () => this.#sessions.size,
    );
    meter.gauge('xmpp_connections', 'Connections of clients', () => this.#connections);
    for (const listener of options.listeners) listener.accept((transport) => this.accept(transport));
  }

  /** Sessions, those that wait to be resumed included. */
  get size(): number {
    return this.#sessions.size;
  }

  get connections(): number {
    return this.#connections;
  }

  /** All sessions, those that wait to be resumed included, in no order. */
  get sessions(): Iterable<XmppSession> {
    return this.#sessions;
  }

  /** All sessions of an account. */
  sessionsOf(account: Jid): readonly XmppSession[] {
    return this.#sessions.of(account);
  }

  session(jid: Jid): XmppSession | undefined {
    return this.#sessions.find(jid);
  }

  /** Takes a connection that came in. */
  accept(transport: XmppTransport): void {
    const { maximumConnections = 100_000, maximumConnectionsPerHost = 1000 } = this.#options.bounds ?? {};
    const { host } = transport.peer.address;
    const ofHost = this.#hosts.get(host) ?? 0;
    if (this.#isClosed || this.#connections >= maximumConnections || ofHost >= maximumConnectionsPerHost) {
      this.#core.refused('resource-constraint');
      transport.abort();
      return;
    }
    this.#connections++;
    this.#hosts.set(host, ofHost + 1);
    this.#negotiating.add(new ServerConnection(this.#core, transport, this.#onGone));
  }

  readonly #onGone = (connection: ServerConnection): void => {
    this.#negotiating.delete(connection);
  };

  #closed({ peer }: XmppTransport): void {
    this.#connections--;
    const { host } = peer.address;
    const left = (this.#hosts.get(host) ?? 1) - 1;
    if (left === 0) this.#hosts.delete(host);
    else this.#hosts.set(host, left);
  }

  /** Looks after all that is silent. @returns whether there is anybody */
  #look(): boolean {
    const now = this.#options.clock.monotonic();
    for (const connection of this.#negotiating) connection.look(now);
    for (const session of this.#sessions) session.look(now);
    return this.#negotiating.size > 0 || this.#sessions.size > 0;
  }

  /** Takes no more connections and ends those that are open with `system-shutdown`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const error = { condition: 'system-shutdown' } as const;
    for (const session of this.#sessions) session.end(error);
    for (const { stream } of this.#negotiating) stream.fail(error);
    await Promise.all(this.#options.listeners.map((listener) => listener.close()));
  }
}

const none: readonly XmlElement[] = [];

function boundsOf(bounds: XmppServerBounds): ServerCore['bounds'] {
  const { maximumSize = defaultXmlLimits.maximumSize } = bounds.stanza ?? {};
  return {
    stanza: { ...bounds.stanza, maximumSize },
    unauthenticated: { ...bounds.stanza, maximumSize: bounds.maximumUnauthenticatedSize ?? 10_000 },
    maximumUnauthenticatedBytes: bounds.maximumUnauthenticatedBytes ?? 65_536,
    authenticationTimeout: bounds.authenticationTimeout ?? seconds(30),
    maximumPending: bounds.maximumPending ?? 100,
    maximumUnacknowledged: bounds.maximumUnacknowledged ?? 2000,
    maximumUnacknowledgedBytes: bounds.maximumUnacknowledgedBytes ?? 4_194_304,
    maximumInactive: bounds.maximumInactive ?? 500,
    maximumInactiveBytes: bounds.maximumInactiveBytes ?? 262_144,
  };
}

function timingOf(timing: XmppServerTiming): ServerCore['timing'] {
  return {
    pingAfter: timing.pingAfter ?? minutes(3),
    pingTimeout: timing.pingTimeout ?? seconds(30),
    resumptionTimeout: timing.resumptionTimeout ?? minutes(5),
  };
}

/** How often to look: times are kept to a part of the shortest, and to a second at most. */
function paceOf({ bounds, timing }: ServerCore): Duration {
  const shortest = Math.min(
    bounds.authenticationTimeout,
    timing.pingAfter,
    timing.pingTimeout,
    timing.resumptionTimeout,
    seconds(32),
  );
  return milliseconds(Math.max(1, shortest / 32));
}

interface ServerParts {
  readonly sessions: SessionTable;
  readonly wake: () => void;
  readonly closed: (transport: XmppTransport) => void;
}

function coreOf(options: XmppServerOptions, { sessions, wake, closed }: ServerParts): ServerCore {
  const { clock, timers, random, log = silentLog, meter = deafMeter, bounds = {}, timing = {} } = options;
  const allBounds = boundsOf(bounds);
  const successes = meter.counter('xmpp_authentications_total', 'Attempts to authenticate', { result: 'success' });
  const failures = meter.counter('xmpp_authentications_total', 'Attempts to authenticate', { result: 'failure' });
  return {
    domains: options.domains,
    clock,
    timers,
    random,
    log,
    sessions,
    handler: options.handler,
    mechanisms: options.mechanisms,
    requireTls: options.requireTls ?? true,
    features: options.features ?? (() => none),
    featureTexts: new FeatureTexts(),
    inlineFeatures: options.inlineFeatures ?? [],
    attempts: new AttemptLimiter(clock, bounds.attempts),
    bounds: allBounds,
    timing: timingOf(timing),
    stream: {
      clock,
      timers,
      limits: allBounds.unauthenticated,
      rate: bounds.rate ?? { bytesPerSecond: 1_048_576, burst: 4_194_304 },
      maximumQueuedBytes: bounds.maximumQueuedBytes ?? 1_048_576,
      closeTimeout: timing.closeTimeout ?? seconds(5),
      onClosed: closed,
    },
    wake,
    newId: () => encodeBase64Url(random.bytes(18)),
    refused: (condition: StreamErrorCondition) =>
      meter.counter('xmpp_refused_total', 'Streams refused before a client was in', { condition }).add(),
    authenticated: ({ kind }) => {
      if (kind === 'success') successes.add();
      else if (kind === 'failure') failures.add();
    },
  };
}
