import { type Frame, frameBytes } from './frame.ts';
import { RequestMemory } from './request-memory.ts';

export interface TraceBounds {
  /** Messages; beyond, the oldest go. */
  readonly messages: number;
  /** Bytes of them; beyond, the oldest go. */
  readonly bytes: number;
}

/** What is traced: a device by its endpoint name, or everything. */
export type TraceSubject = { readonly endpoint: string; readonly key: string } | 'everything';

/** The messages of one subject: the newest that fit. */
export class Trace {
  readonly subject: TraceSubject;
  readonly startedAt: number;
  /** Recording goes on until then; milliseconds since the epoch. */
  until: number;
  readonly #bounds: TraceBounds;
  readonly #frames = new Map<number, Frame>();
  readonly #listeners = new Set<(frame: Frame) => void>();
  readonly #requests = new RequestMemory();
  #bytes = 0;
  #next = 1;
  #forgotten = 0;

  constructor(subject: TraceSubject, startedAt: number, until: number, bounds: TraceBounds) {
    this.subject = subject;
    this.startedAt = startedAt;
    this.until = until;
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#frames.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Messages that had to go for newer ones. */
  get forgotten(): number {
    return this.#forgotten;
  }

  add(frame: Frame): void {
    const numbered = { ...frame, number: this.#next++ };
    this.#requests.relate(numbered);
    this.#frames.set(numbered.number, numbered);
    this.#bytes += frameBytes(numbered);
    while (this.#frames.size > this.#bounds.messages || (this.#bytes > this.#bounds.bytes && this.#frames.size > 1)) {
      const oldest = this.#frames.values().next().value!;
      this.#frames.delete(oldest.number);
      this.#bytes -= frameBytes(oldest);
      this.#forgotten++;
    }
    for (const listener of this.#listeners) listener(numbered);
  }

  frame(number: number): Frame | undefined {
    return this.#frames.get(number);
  }

  /** Oldest first, those after `number`. */
  *after(number: number): Generator<Frame> {
    for (const frame of this.#frames.values()) if (frame.number > number) yield frame;
  }

  /** Takes out what was recorded of an address. */
  take(peer: string): Frame[] {
    const taken = [...this.#frames.values()].filter((frame) => frame.peer === peer);
    for (const frame of taken) {
      this.#frames.delete(frame.number);
      this.#bytes -= frameBytes(frame);
    }
    return taken;
  }

  /** Somebody is registered at an address: what came from there was theirs. */
  name(peer: string, device: string): void {
    for (const frame of this.#frames.values()) if (frame.peer === peer) frame.device ??= device;
  }

  /** @returns what stops it */
  listen(listener: (frame: Frame) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
