import { AssertionError } from 'node:assert';
import { type DatagramPort, type Duration, encodeHex, type Peer, parseDuration, seconds } from '@yaolian/kernel';
import {
  type BytePattern,
  bytesOf,
  describeDifference,
  exactly,
  matchesPattern,
  parseBytePattern,
} from './byte-pattern.ts';
import { DatagramInbox } from './datagram-inbox.ts';
import { settle, type VirtualTime } from './virtual-time.ts';

export interface LockstepPeerOptions {
  readonly port: DatagramPort;
  /** Whom it talks to. */
  readonly to: Peer;
  readonly time: VirtualTime;
  /** How long, in virtual time, it waits for a datagram. Default 100 s: longer than all retransmissions of RFC 7252 §4.8.2. */
  readonly patience?: Duration;
  /** Says in words what a datagram is, for the message of a failure. */
  readonly describe?: (datagram: Uint8Array) => string;
}

/**
 * A peer that follows a script to the byte: it sends what the test gives it and holds what comes against what the test
 * expects, in order. For exchanges that no well-behaved engine would make.
 */
export class LockstepPeer {
  readonly #options: LockstepPeerOptions;
  readonly #inbox: DatagramInbox;
  /** Datagrams that were expected and came. */
  #taken = 0;

  constructor(options: LockstepPeerOptions) {
    this.#options = options;
    this.#inbox = new DatagramInbox(options.port);
  }

  /** Sends a datagram, as bytes or in hex. */
  send(datagram: Uint8Array | string): void {
    this.#options.port.send(typeof datagram === 'string' ? bytesOf(datagram) : datagram, this.#options.to);
  }

  /**
   * Waits for the next datagram and returns it.
   * @param pattern its bytes, or a {@link BytePattern} in text
   * @throws AssertionError when none comes, or another one
   */
  async expect(pattern: Uint8Array | string): Promise<Uint8Array> {
    const wanted = typeof pattern === 'string' ? parseBytePattern(pattern) : exactly(pattern);
    const datagram = await this.#next(wanted);
    if (!matchesPattern(datagram, wanted)) this.#fail(`${this.#ordinal()} is another one`, datagram, wanted);
    this.#taken++;
    return datagram;
  }

  /** @throws AssertionError when a datagram comes within `duration` */
  async expectSilence(duration: Duration): Promise<void> {
    await this.#options.time.advance(duration);
    const extra = this.#inbox.received[this.#taken]?.datagram;
    if (extra) throw new AssertionError({ message: `silence was expected, and came ${this.#inWords(extra)}` });
  }

  /**
   * Plays a script, one step a line: `> hex` sends, `< pattern` expects, `- 5s` expects silence for that long; from `#` on
   * is comment.
   * @returns what came for the `<` lines
   */
  async play(script: string): Promise<readonly Uint8Array[]> {
    const received: Uint8Array[] = [];
    for (const line of script.split('\n')) {
      const step = line.replace(/#.*/, '').trim();
      if (step === '') continue;
      const rest = step.slice(1).trim();
      if (step.startsWith('>')) this.send(rest);
      else if (step.startsWith('<')) received.push(await this.expect(rest));
      else if (step.startsWith('-')) await this.expectSilence(parseDuration(rest));
      else throw new SyntaxError(`"${line.trim()}" starts with none of >, < and -`);
    }
    return received;
  }

  async #next(wanted: BytePattern): Promise<Uint8Array> {
    const arrival = this.#inbox.datagrams(this.#taken + 1);
    const { time, patience = seconds(100) } = this.#options;
    await settle();
    if (this.#inbox.received.length <= this.#taken) {
      await time.until(arrival, patience).catch((error: unknown) => {
        const message = `${this.#ordinal()} did not come`;
        const expected = describeDifference(new Uint8Array(0), wanted).split('\n', 1)[0];
        throw new AssertionError({ message: `${message}: ${(error as Error).message}\n${expected}` });
      });
    }
    return this.#inbox.received[this.#taken]!.datagram;
  }

  #fail(what: string, datagram: Uint8Array, wanted: BytePattern): never {
    throw new AssertionError({
      message: `${what}: ${this.#inWords(datagram)}\n${describeDifference(datagram, wanted)}`,
    });
  }

  #ordinal(): string {
    return `datagram ${this.#taken + 1} at ${this.#options.port.localAddress.key}`;
  }

  #inWords(datagram: Uint8Array): string {
    return this.#options.describe?.(datagram) ?? (encodeHex(datagram) || 'an empty datagram');
  }
}
