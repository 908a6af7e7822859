import {
  type Clock,
  type DatagramPort,
  deafMeter,
  type Log,
  milliseconds,
  minutes,
  type Random,
  seconds,
  silentLog,
  type Timers,
} from '@yaolian/kernel';
import { type CipherSuite, chosenSuites } from './cipher-suites.ts';
import type { CryptoPort, GroupName } from './crypto/crypto-port.ts';
import { ReassemblyBudget } from './handshake/reassembly.ts';
import { defaultGroups, signatureSchemes } from './messages/named-values.ts';
import { Counters } from './metrics.ts';
import type { DtlsBounds, DtlsOptions, Retransmission, SessionListener } from './options.ts';
import { maximumPlaintext } from './record/content-type.ts';
import { Protections } from './record/protection.ts';
import type { DtlsTapSlot } from './tap.ts';

export const defaultDtlsBounds: DtlsBounds = {
  maximumSessions: 1_000_000,
  whenFull: 'evict',
  maximumHandshakes: 20_000,
  handshakeTimeout: minutes(2),
  maximumMessageBytes: 16 * 1024,
  reassemblyBytes: 16 * 1024 * 1024,
  maximumChain: 6,
  maximumCertificateBytes: 8 * 1024,
  maximumIdentityBytes: 256,
  maximumResends: 10,
  maximumQueuedPerPeer: 16,
  maximumHeldPerSession: 64,
  maximumResumable: 10_000,
};

export const defaultRetransmission: Retransmission = { initialTimeout: seconds(1), maximumTimeout: seconds(60) };

/** {@link DtlsOptions} with nothing left open, and what the parts of an endpoint share. */
export interface Settings {
  readonly port: DatagramPort;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly crypto: CryptoPort;
  readonly log: Log;
  readonly counters: Counters;
  readonly cipherSuites: readonly CipherSuite[];
  readonly groups: readonly GroupName[];
  readonly signatureAlgorithms: readonly number[];
  readonly connectionIdLength: number | false;
  readonly padTo: number;
  readonly mtu: number;
  readonly recordSizeLimit: number;
  readonly retransmission: Retransmission;
  readonly idleTimeout: number;
  readonly bounds: DtlsBounds;
  readonly sessions: SessionListener;
  readonly keyLog: ((line: string) => void) | undefined;
  readonly tap: DtlsTapSlot;
  readonly protections: Protections;
  readonly reassemblyBudget: ReassemblyBudget;
}

/** The smallest datagram that a handshake can be cut into. */
const minimumMtu = 100;

/** @throws RangeError that says what is right when an option makes no sense */
export function settle(options: DtlsOptions, connectionIdLength: number | false): Settings {
  const { log = silentLog, meter = deafMeter, labels = {} } = options;
  const bounds = { ...defaultDtlsBounds, ...options.bounds };
  for (const [name, value] of Object.entries(bounds)) {
    if (typeof value === 'number') check(name, value, 1, Number.MAX_SAFE_INTEGER);
  }
  const cidLength = options.connectionIdLength ?? connectionIdLength;
  if (cidLength !== false) check('connectionIdLength', cidLength, 0, 6);
  const retransmission = { ...defaultRetransmission, ...options.retransmission };
  check('initialTimeout', retransmission.initialTimeout, 1, retransmission.maximumTimeout);
  return {
    port: options.port,
    clock: options.clock,
    timers: options.timers,
    random: options.random,
    crypto: options.crypto,
    log,
    counters: new Counters(meter, labels),
    cipherSuites: chosenSuites(options.cipherSuites),
    groups: options.groups ?? defaultGroups,
    signatureAlgorithms: chosenSignatures(options.signatureAlgorithms),
    connectionIdLength: cidLength,
    padTo: check('padTo', options.padTo ?? 1, 1, 1024),
    mtu: check('mtu', options.mtu ?? 1232, minimumMtu, 65_507),
    recordSizeLimit: check('recordSizeLimit', options.recordSizeLimit ?? maximumPlaintext, 64, maximumPlaintext),
    retransmission,
    idleTimeout: options.idleTimeout ?? milliseconds(Number.MAX_SAFE_INTEGER),
    bounds,
    sessions: options.sessions ?? {},
    keyLog: options.keyLog,
    tap: options.tap ?? { current: undefined },
    protections: new Protections(options.crypto),
    reassemblyBudget: new ReassemblyBudget(bounds.reassemblyBytes),
  };
}

function chosenSignatures(wanted: readonly number[] = signatureSchemes): readonly number[] {
  const known = wanted.filter((number) => signatureSchemes.includes(number));
  if (known.length > 0) return known;
  throw new RangeError(`signatureAlgorithms has at least one of ${signatureSchemes.join(', ')}`);
}

function check(name: string, value: number, minimum: number, maximum: number): number {
  if (Number.isFinite(value) && value >= minimum && value <= maximum) return value;
  throw new RangeError(`${name} is a number from ${minimum} to ${maximum}, not ${value}`);
}
