import { Code, decodeMessage, OptionNumber } from '@yaolian/coap';
import { encodeHex } from '@yaolian/kernel';
import type { OscoreTap } from '@yaolian/oscore';
import type { Direction, Frame } from './frame.ts';
import { hidePayload, writesKeys } from './hidden-keys.ts';
import { outerMessageOf } from './messages-of-frame.ts';
import { hasOption } from './operation-name.ts';

/** Messages of which it is remembered what was inside, and frames that wait to be opened, at most. */
const maximumOpened = 1000;
const maximumHeld = 100;
/** By so much of a ciphertext it is known again: the smallest block (RFC 7959 §2.2), so that the first Outer block has it too. */
const keyLength = 16;

interface Opened {
  readonly plaintext: Uint8Array;
  readonly peerKey: string;
}

/** Relates what OSCORE sealed and opened to the frames that it went and came in. */
export class InsideOscore implements OscoreTap {
  readonly #maximumMessage: number;
  readonly #release: (frame: Frame) => void;
  readonly #opened = new Map<string, Opened>();
  /** The keys of peers by where they were last: Empty messages (ACK, RST) have nothing inside that says whose they are. */
  readonly #peerAt = new Map<string, string>();
  /** Frames whose keys are being looked for. */
  readonly #held = new Map<string, Frame[]>();

  /** @param release takes a frame that was held */
  constructor(maximumMessage: number, release: (frame: Frame) => void) {
    this.#maximumMessage = maximumMessage;
    this.#release = release;
  }

  onSealed(sealed: Uint8Array, plaintext: Uint8Array, peerKey: string): void {
    this.#note('out', sealed, plaintext, peerKey);
  }

  onOpened(sealed: Uint8Array, plaintext: Uint8Array, peerKey: string): void {
    this.#note('in', sealed, plaintext, peerKey);
    this.onRefused(sealed);
  }

  onLookUp(sealed: Uint8Array): void {
    const key = keyOf(sealed);
    if (this.#held.size < maximumHeld && !this.#held.has(key)) this.#held.set(key, []);
  }

  onRefused(sealed: Uint8Array): void {
    const key = keyOf(sealed);
    const frames = this.#held.get(key);
    this.#held.delete(key);
    for (const frame of frames ?? []) this.#release(frame);
  }

  /**
   * Adds to a frame what is inside.
   * @returns the key of its peer, where that is known; `held` when it is released later
   */
  open(frame: Frame): { readonly peerKey: string } | 'held' | undefined {
    if (this.#opened.size === 0 && this.#held.size === 0) return undefined;
    const outer = outerMessageOf(frame);
    if (outer?.code === Code.Empty) {
      const peerKey = this.#peerAt.get(frame.peer);
      return peerKey === undefined ? undefined : { peerKey };
    }
    if (outer === undefined || outer.payload.length === 0 || !hasOption(outer, OptionNumber.OSCORE)) return undefined;
    const key = keyOf(outer.payload);
    const opened = this.#opened.get(key);
    if (opened !== undefined) {
      // Each frame has its own: what a trace may not show is zeroed in it.
      frame.plaintext = opened.plaintext.slice();
      setBounded(this.#peerAt, frame.peer, opened.peerKey);
      return opened;
    }
    const held = frame.direction === 'in' ? this.#held.get(key) : undefined;
    if (held === undefined || held.length >= maximumHeld) return undefined;
    held.push(frame);
    return 'held';
  }

  clear(): void {
    this.#opened.clear();
    this.#peerAt.clear();
    this.#held.clear();
  }

  #note(direction: Direction, sealed: Uint8Array, plaintext: Uint8Array, peerKey: string): void {
    const key = keyOf(sealed);
    setBounded(this.#opened, key, {
      plaintext: withoutKeys(direction, plaintext.slice(0, this.#maximumMessage)),
      peerKey,
    });
  }
}

/** Adds what is newest; beyond the bound the oldest goes. */
function setBounded<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > maximumOpened) map.delete(map.keys().next().value!);
}

function keyOf(sealed: Uint8Array): string {
  return encodeHex(sealed.subarray(0, keyLength));
}

function withoutKeys(direction: Direction, plaintext: Uint8Array): Uint8Array {
  const inner = decodeMessage(datagramOf(plaintext));
  if (direction === 'out' && inner.ok && writesKeys(inner.value)) hidePayload(plaintext, inner.value);
  return plaintext;
}

/** A plaintext as a message without token: a header of CoAP (RFC 7252 §3) before code, options and payload. */
function datagramOf(plaintext: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(3 + Math.max(plaintext.length, 1));
  bytes.set(plaintext, 3);
  bytes.set([0x40, plaintext[0] ?? Code.Empty, 0, 0]);
  return bytes;
}
