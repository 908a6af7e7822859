import { isSuccess, type Observer, type OutgoingResponse } from '@yaolian/coap';
import { type Clock, milliseconds, type Timer, type Timers } from '@yaolian/kernel';
import type { NotificationAttributes } from '../attributes.ts';
import type { Lwm2mPath } from '../path.ts';
import { coversPath } from '../path.ts';
import type { ResourceValue } from '../value.ts';
import type { StoredValue } from './object-instance.ts';
import type { TreeChange } from './object-tree.ts';
import { hasValueConditions, meetsValueConditions, type ReportingPeriods, type Sample, sampleOf } from './reporting.ts';

/** What an observation needs of the terminal it belongs to. */
export interface ObservationSource {
  readonly clock: Clock;
  readonly timers: Timers;
  /** The answer that a Read of the observed path would get now, in the format that the server asked for. */
  read(path: Lwm2mPath, format: number | undefined): OutgoingResponse;
  value(path: Lwm2mPath): StoredValue | undefined;
  attributes(path: Lwm2mPath): NotificationAttributes;
  periods(attributes: NotificationAttributes): ReportingPeriods;
  /** Whether notifications are confirmable when no `con` attribute says so. */
  readonly confirmable: boolean;
  notified(observation: PathObservation): void;
  /** The observed thing is gone, and the server was told so. */
  ended(observation: PathObservation): void;
}

/** Values that conditions are put on: by resource instance id, or one under -1. */
type Samples = ReadonlyMap<number, Sample>;

/** A timer never waits longer than this at a stretch; platforms bound their delays to 2^31 ms. */
const longestWait = 86_400_000;

/** A server's observation of an object, an instance, a resource or a resource instance. */
export class PathObservation {
  readonly path: Lwm2mPath;
  /** The Content-Format that the server asked for when it began; undefined: the default. */
  readonly format: number | undefined;
  readonly #source: ObservationSource;
  readonly #observer: Observer;
  #notifiedAt: number;
  /** A condition came true and the server has not heard of it. */
  #due = false;
  #timer: Timer | undefined;
  #notified: Samples | undefined;
  #current: Samples | undefined;

  constructor(source: ObservationSource, observer: Observer, path: Lwm2mPath, format: number | undefined) {
    this.#source = source;
    this.#observer = observer;
    this.path = path;
    this.format = format;
    this.#notifiedAt = source.clock.monotonic();
    this.#current = this.#samples();
    this.#notified = this.#current;
    this.plan();
  }

  /** Looks at changes of one moment. */
  changed(changes: readonly TreeChange[]): void {
    let touched = false;
    for (const change of changes) touched ||= this.#touches(change);
    if (!touched) return;
    const attributes = this.#source.attributes(this.path);
    if (this.#isNews(attributes)) this.#due = true;
    this.plan(attributes);
  }

  /** Sends what is due, or sets the timer for when something will be. To be called when attributes change, too. */
  plan(attributes = this.#source.attributes(this.path)): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const { minimum, maximum } = this.#source.periods(attributes);
    const wait = this.#due ? minimum : maximum;
    if (wait === undefined) return;
    // OMA-TS-LightweightM2M_Core 1.1 §5.1.2: the minimum period holds back, and what is sent then is the latest value;
    // the maximum period sends whether something changed or not.
    const delay = this.#notifiedAt + wait - this.#source.clock.monotonic();
    if (delay <= 0) this.#notify(attributes);
    else this.#timer = this.#source.timers.schedule(milliseconds(Math.min(delay, longestWait)), () => this.plan());
  }

  /** No timer is left. The observer is told nothing. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Ends it on both sides without a word. */
  end(): void {
    this.close();
    this.#observer.end();
  }

  #notify(attributes: NotificationAttributes): void {
    this.#due = false;
    this.#notifiedAt = this.#source.clock.monotonic();
    this.#current = this.#samples();
    this.#notified = this.#current;
    const response = this.#source.read(this.path, this.format);
    const confirmable = attributes.con === undefined ? this.#source.confirmable : attributes.con === 1;
    this.#observer.notify(response, { confirmable });
    this.#source.notified(this);
    // RFC 7641 §4.2: a notification that is no 2.xx is the last one.
    if (isSuccess(response.code)) this.plan(attributes);
    else this.#source.ended(this);
  }

  #touches(change: TreeChange): boolean {
    const { objectId, instanceId, resourceId } = change;
    if (resourceId !== undefined) return this.#overlaps({ objectId, objectInstanceId: instanceId, resourceId });
    return this.#overlaps({ objectId, objectInstanceId: instanceId });
  }

  #overlaps(path: Lwm2mPath): boolean {
    return coversPath(this.path, path) || coversPath(path, this.path);
  }

  #isNews(attributes: NotificationAttributes): boolean {
    const before = this.#current;
    const notified = this.#notified;
    const now = this.#samples();
    this.#current = now;
    if (!hasValueConditions(attributes) || !now || !before || !notified) return true;
    if (now.size !== before.size) return true;
    for (const [id, sample] of now) {
      const last = before.get(id);
      if (last === undefined) return true;
      if (meetsValueConditions(attributes, notified.get(id) ?? last, last, sample)) return true;
    }
    return false;
  }

  /** Undefined when value conditions have nothing to bite on: objects, instances, texts, nothing there. */
  #samples(): Samples | undefined {
    if (this.path.resourceId === undefined) return undefined;
    const value = this.#source.value(this.path);
    if (value === undefined) return undefined;
    if (!(value instanceof Map)) {
      const sample = sampleOf(value as ResourceValue);
      return sample === undefined ? undefined : new Map([[-1, sample]]);
    }
    const samples = new Map<number, Sample>();
    for (const [id, single] of value as ReadonlyMap<number, ResourceValue>) {
      if (this.path.resourceInstanceId !== undefined && id !== this.path.resourceInstanceId) continue;
      const sample = sampleOf(single);
      if (sample === undefined) return undefined;
      samples.set(id, sample);
    }
    return samples;
  }
}
