import type { Counter, Log, Meter, SocketAddress } from '@yaolian/kernel';
import { systemErrorCode } from '../errors.ts';

/** What one UDP port counts and tells. */
export class UdpInstruments {
  readonly received: Counter;
  readonly sent: Counter;
  readonly #meter: Meter;
  readonly #log: Log;
  readonly #local: string;

  constructor(local: SocketAddress, meter: Meter, log: Log) {
    this.#local = local.key;
    this.#meter = meter;
    this.#log = log.child({ local: local.key });
    this.received = meter.counter('udp_datagrams_received_total', 'Datagrams read from the socket', {
      local: local.key,
    });
    this.sent = meter.counter('udp_datagrams_sent_total', 'Datagrams that the kernel took', { local: local.key });
  }

  countSendError(reason: string): void {
    this.#count('udp_send_errors_total', 'Datagrams that could not be sent', reason);
  }

  /** The socket could not be read. */
  receiveError(error: Error): void {
    const reason = systemErrorCode(error);
    this.#count('udp_receive_errors_total', 'Times that reading the socket failed', reason);
    this.#log.warn('reading a UDP socket failed', { reason });
  }

  /** @param read undefined when the kernel does not say */
  watchDrops(read: () => number | undefined): void {
    const help = 'Datagrams that the kernel dropped because the receive buffer was full';
    this.#meter.gauge('udp_receive_buffer_drops', help, () => read() ?? Number.NaN, { local: this.#local });
  }

  /** Tells when the kernel grants less than asked for, and what to do about it. */
  checkBuffer(name: 'receive' | 'send', asked: number, granted: number): void {
    if (granted >= asked) return;
    const remedy = `raise net.core.${name === 'receive' ? 'rmem_max' : 'wmem_max'}, or ask for less`;
    this.#log.warn('the kernel grants a smaller UDP buffer than asked for', { buffer: name, asked, granted, remedy });
  }

  #count(name: string, help: string, reason: string): void {
    this.#meter.counter(name, help, { local: this.#local, reason }).add();
  }
}
