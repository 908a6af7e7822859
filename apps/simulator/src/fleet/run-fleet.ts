import { type CoapEndpoint, parseCoapUri } from '@yaolian/coap';
import { encodeUtf8, type SocketAddress, seconds } from '@yaolian/kernel';
import { type Connector, type Credentials, SecurityMode } from '@yaolian/lwm2m/client';
import { nodeClock, nodeRandom } from '@yaolian/node-runtime';
import { simulatorErrors } from '../errors.ts';
import { checkSeed } from '../identity.ts';
import { StatusOutput } from '../output.ts';
import { accountRetry } from '../retry.ts';
import { terminalConnector } from '../terminal/connector.ts';
import { resolveHost, resolveUri } from '../udp/resolve.ts';
import { SocketSharing, type TerminalPorts, terminalPorts } from '../udp/terminal-ports.ts';
import { type FleetShape, FleetTerminal } from './fleet-terminal.ts';
import type { FleetOptions } from './options.ts';
import { FleetStatistics, type FleetSummary } from './statistics.ts';
import { progressLine } from './views.ts';

const tick = 20;
/** As many as there are addresses to share a socket by. */
const maximumPorts = 4_000_000;
/** Terminals that are stopped at a time. */
const stoppingAtOnce = 500;

/**
 * Runs many simulated terminals until `duration` is over or `signal` is aborted; they de-register before the promise resolves.
 * @throws YaolianError SIMULATOR_BAD_OPTION, SIMULATOR_CANNOT_RESOLVE, SIMULATOR_TOO_FEW_DESCRIPTORS, SIMULATOR_CANNOT_SHARE
 */
export async function runFleet(options: FleetOptions): Promise<FleetSummary> {
  checkOptions(options);
  const server = options.server ?? (options.bootstrap === undefined ? 'coap://127.0.0.1:5683' : undefined);
  const addresses: SocketAddress[] = [];
  if (server !== undefined) addresses.push(await resolveUri('server', server));
  if (options.bootstrap !== undefined) addresses.push(await resolveUri('bootstrap', options.bootstrap));
  const ports = await terminalPorts(options.sockets ?? SocketSharing.Auto, options.count, addresses);
  const run = new FleetRun(options, server, ports);
  try {
    return await run.run();
  } finally {
    await ports.close();
  }
}

function checkOptions({ count, rate, maximumStarting, seed }: FleetOptions): void {
  const whole = (name: string, value: number, maximum: number) => {
    if (!Number.isInteger(value) || value < 1 || value > maximum) {
      throw simulatorErrors.SIMULATOR_BAD_OPTION(name, `a whole number from 1 to ${maximum}, not ${value}`);
    }
  };
  whole('count', count, 1_000_000);
  whole('maximumStarting', maximumStarting ?? 1, 1_000_000);
  checkSeed(seed ?? 1);
  if (rate !== undefined && !(rate > 0 && rate <= 1_000_000)) {
    throw simulatorErrors.SIMULATOR_BAD_OPTION('rate', `terminals per second above 0, not ${rate}`);
  }
}

class FleetRun {
  readonly #options: FleetOptions;
  readonly #server: string;
  readonly #ports: TerminalPorts;
  readonly #statistics = new FleetStatistics(nodeClock);
  readonly #shape: FleetShape;
  readonly #terminals: FleetTerminal[] = [];
  readonly #output: StatusOutput | undefined;
  readonly #cpuBefore = process.cpuUsage();
  readonly #memoryBefore = process.memoryUsage.rss();
  #progressAt = Number.NEGATIVE_INFINITY;
  #linesAt = Number.NEGATIVE_INFINITY;
  #moved = 0;

  /** Whether some server is reached by `coap`, or may be after a bootstrap. */
  readonly #hasPlain: boolean;
  /** Whether some server is reached in another way. */
  readonly #hasSecure: boolean;
  #securePorts: number;

  constructor(options: FleetOptions, server: string | undefined, ports: TerminalPorts) {
    this.#options = options;
    const uris = [server, options.bootstrap].filter((uri) => uri !== undefined);
    const isPlain = (uri: string) => /^coap:/i.test(uri);
    this.#hasPlain = options.bootstrap !== undefined || uris.some(isPlain);
    this.#hasSecure = !uris.every(isPlain);
    this.#securePorts = options.count;
    this.#server = (server ?? options.bootstrap)!;
    this.#ports = ports;
    this.#output = options.output && new StatusOutput(options.output);
    this.#shape = this.#shapeOf(server);
  }

  /** Each session over DTLS has a port of its own, beside those of the terminals. */
  #secureConnector(): (endpoint: CoapEndpoint | undefined) => Connector {
    const open = () => this.#ports.open(this.#securePorts++ % maximumPorts);
    return (endpoint) => terminalConnector(endpoint, this.#options.tls, open);
  }

  async run(): Promise<FleetSummary> {
    const { signal, duration, count } = this.#options;
    const began = nodeClock.monotonic();
    const over = () =>
      signal?.aborted === true || (duration !== undefined && nodeClock.monotonic() - began >= duration);
    try {
      await this.#start(over, began);
      while (!over()) {
        await pause(tick);
        this.#move(began);
        this.#tell('running');
      }
      const { registered } = this.#statistics;
      const residentBytes = process.memoryUsage.rss();
      const perTerminalBytes = Math.round((residentBytes - this.#memoryBefore) / Math.max(1, this.#terminals.length));
      await this.#stop(this.#options.deregister ?? true);
      const cpu = process.cpuUsage(this.#cpuBefore);
      return {
        server: this.#server,
        count,
        seed: this.#shape.seed,
        sockets: this.#ports.sharing,
        ...this.#statistics.summary(),
        registered,
        memory: { residentBytes, perTerminalBytes },
        cpu: { user: Math.round(cpu.user / 1000), system: Math.round(cpu.system / 1000) },
      };
    } finally {
      await this.#stop(false);
      this.#output?.end();
    }
  }

  /** Starts terminals as fast as asked, and no faster than they get answers. */
  async #start(over: () => boolean, began: number): Promise<void> {
    const { count, rate = 500, maximumStarting = 1000 } = this.#options;
    while (this.#terminals.length < count && !over()) {
      const due = Math.min(count, Math.ceil(((nodeClock.monotonic() - began + tick) / 1000) * rate));
      while (this.#terminals.length < due && this.#statistics.starting < maximumStarting && !over()) {
        await this.#startOne();
      }
      this.#move(began);
      this.#tell('starting');
      if (this.#terminals.length < count) await pause(tick);
    }
  }

  async #startOne(): Promise<void> {
    const index = this.#terminals.length;
    const port = this.#hasPlain ? await this.#ports.open(index) : undefined;
    const terminal = new FleetTerminal(this.#shape, index, port, nodeRandom);
    this.#terminals.push(terminal);
    this.#statistics.started++;
    terminal.start();
  }

  /** Moves as many temperatures as are due: each terminal's once in `notifyEvery`, one after the other. */
  #move(began: number): void {
    const { notifyEvery } = this.#options;
    if (!notifyEvery || this.#terminals.length === 0) return;
    const due = Math.floor(((nodeClock.monotonic() - began) / notifyEvery) * this.#options.count);
    const most = Math.min(due - this.#moved, this.#terminals.length);
    for (let i = 0; i < most; i++) this.#terminals[(this.#moved + i) % this.#terminals.length]!.move();
    this.#moved = due;
  }

  #tell(phase: 'starting' | 'running' | 'stopping'): void {
    const now = nodeClock.monotonic();
    const { count, onProgress } = this.#options;
    if (now - this.#progressAt < 1000) return;
    this.#progressAt = now;
    const progress = this.#statistics.progress(phase, count);
    onProgress?.(progress);
    this.#output?.status(progressLine(progress));
    if (!this.#output || this.#output.live || now - this.#linesAt < 5000) return;
    this.#linesAt = now;
    this.#output.line(progressLine(progress));
  }

  async #stop(deregister: boolean): Promise<void> {
    while (this.#terminals.length > 0) {
      const some = this.#terminals.splice(-stoppingAtOnce);
      await Promise.all(some.map((terminal) => terminal.stop(deregister, seconds(5))));
      this.#tell('stopping');
    }
  }

  #shapeOf(server: string | undefined): FleetShape {
    const { bootstrap, lifetime, updateEvery = seconds(60), lwm2mVersion, retry, seed = 1 } = this.#options;
    const retries = accountRetry(lwm2mVersion, retry);
    return {
      options: this.#options,
      seed,
      common: {
        updateEvery,
        onEvent: (event, client) => this.#statistics.record(event, client),
        ...(lifetime && { lifetime }),
        ...(lwm2mVersion && { lwm2mVersion }),
        retry: retries.policy,
      },
      accounts: (endpointName) => {
        const secured = (uri: string) => ({ uri, ...securityOf(uri, endpointName, this.#options) });
        if (bootstrap !== undefined) {
          return { bootstrap: { ...secured(bootstrap), ...retries.bootstrap, when: 'start' } };
        }
        const account = { ...retries.server, ...(lifetime && { lifetime }) };
        return { servers: server === undefined ? [] : [{ ...secured(server), ...account }] };
      },
      connect: this.#hasPlain && !this.#hasSecure ? sharedConnector() : this.#secureConnector(),
    };
  }
}

/** What the account of a terminal says of security. */
function securityOf(uri: string, endpointName: string, { keys }: FleetOptions): Credentials {
  if (!/^coaps/i.test(uri)) return {};
  const own = keys?.(endpointName);
  if (!own) return { securityMode: SecurityMode.Certificate };
  return {
    securityMode: SecurityMode.PreSharedKey,
    publicKeyOrIdentity: encodeUtf8(own.identity),
    secretKey: own.key,
  };
}

/** Connectors that look each URI up once for the whole fleet, and hand out the same peer. */
function sharedConnector(): (endpoint: CoapEndpoint | undefined) => Connector {
  const peers = new Map<string, Promise<SocketAddress>>();
  const find = (uri: string): Promise<SocketAddress> => {
    const parsed = parseCoapUri(uri);
    if (!parsed.ok) return Promise.reject(simulatorErrors.SIMULATOR_BAD_OPTION('server', parsed.error));
    return resolveHost(parsed.value.host, parsed.value.port);
  };
  return (endpoint) => ({
    async connect({ uri }) {
      const known = peers.get(uri) ?? find(uri);
      if (peers.size < 1024) peers.set(uri, known);
      known.catch(() => peers.delete(uri));
      return { endpoint: endpoint!, peer: await known };
    },
  });
}

function pause(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}
