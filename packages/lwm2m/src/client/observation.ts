import { isSuccess, type Observer, type OutgoingResponse } from '@yaolian/coap';
import { type Clock, milliseconds, type Timer, type Timers } from '@yaolian/kernel';
import type { NotificationAttributes } from '../attributes.ts';
import type { Lwm2mPath } from '../path.ts';
import { behindGateway, coversPath } from '../path.ts';
import type { ResourceValue } from '../value.ts';
import type { StoredValue } from './object-instance.ts';
import type { TreeChange } from './object-tree.ts';
import {
  evaluationPeriods,
  hasValueConditions,
  meetsValueConditions,
  type ReportingPeriods,
  type Sample,
  sampleOf,
} from './reporting.ts';

/** What an observation needs of the terminal it belongs to. */
export interface ObservationSource {
  readonly clock: Clock;
  readonly timers: Timers;
  /** The answer that a Read of what is observed would get now, in the format that the server asked for. */
  read(target: ObservedTarget): OutgoingResponse;
  value(path: Lwm2mPath): StoredValue | undefined;
  /** The attributes in force on a path of the target: those that Observe itself brought are stronger. */
  attributes(path: Lwm2mPath, target: ObservedTarget): NotificationAttributes;
  periods(attributes: NotificationAttributes): ReportingPeriods;
  /** Whether notifications are confirmable when no `con` attribute says so. */
  readonly confirmable: boolean;
  /** A notification is about to be sent. */
  active(): void;
  notified(observation: PathObservation): void;
  /** The observed thing is gone, and the server was told so. */
  ended(observation: PathObservation): void;
}

/** What an observation is of: one path; or, of an Observe-Composite, any number. */
export interface ObservedTarget {
  readonly paths: readonly Lwm2mPath[];
  readonly composite: boolean;
  /** The Content-Format that the server asked for when it began; undefined: the default. */
  readonly format: number | undefined;
  /** Attributes in the query of Observe (LwM2M 1.2 §6.4.1). */
  readonly attributes: NotificationAttributes | undefined;
}

/** Values that conditions are put on: by resource instance id, or one under -1. */
type Samples = ReadonlyMap<number, Sample>;

/** One path, with the values that conditions compare. */
interface WatchedPath {
  readonly path: Lwm2mPath;
  /** Something of it changed, and the conditions have not been looked at since. */
  touched: boolean;
  notified: Samples | undefined;
  current: Samples | undefined;
}

/** A timer never waits longer than this at a stretch; platforms bound their delays to 2^31 ms. */
const longestWait = 86_400_000;

/** A server's observation of objects, instances, resources or resource instances. */
export class PathObservation {
  readonly target: ObservedTarget;
  readonly #source: ObservationSource;
  readonly #observer: Observer;
  readonly #watched: readonly WatchedPath[];
  #notifiedAt: number;
  #evaluatedAt: number;
  /** A condition came true and the server has not heard of it. */
  #due = false;
  #timer: Timer | undefined;

  constructor(source: ObservationSource, observer: Observer, target: ObservedTarget) {
    this.#source = source;
    this.#observer = observer;
    this.target = target;
    this.#notifiedAt = source.clock.monotonic();
    this.#evaluatedAt = this.#notifiedAt;
    this.#watched = target.paths.map((path) => {
      const samples = this.#samples(path);
      return { path, touched: false, notified: samples, current: samples };
    });
    this.plan();
  }

  /** Looks at changes of one moment. */
  changed(changes: readonly TreeChange[]): void {
    let touched = false;
    for (const watched of this.#watched) {
      watched.touched ||= changes.some((change) => touches(watched.path, change));
      touched ||= watched.touched;
    }
    if (touched) this.plan();
  }

  /** Sends what is due, or sets the timer for when something will be. To be called when attributes change, too. */
  plan(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const attributes = this.#attributes();
    const { clock, timers } = this.#source;
    const now = clock.monotonic();
    const evaluation = this.#evaluateWhen(attributes, now);
    if (evaluation !== undefined && evaluation <= now) this.#evaluate(now);
    const notification = this.#notifyWhen(attributes);
    if (notification !== undefined && notification <= now) {
      this.#notify(attributes);
      return;
    }
    const waits = [notification, this.#evaluateWhen(attributes, now)].filter((at) => at !== undefined);
    if (waits.length === 0) return;
    const delay = milliseconds(Math.min(Math.max(0, Math.min(...waits) - now), longestWait));
    this.#timer = timers.schedule(delay, () => this.plan());
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

  /**
   * What holds for the whole. Of several paths the longest minimum and the shortest maximum period, so that neither is broken
   * for any of them.
   */
  #attributes(): NotificationAttributes {
    const [first, ...others] = this.#watched;
    let common = first ? this.#source.attributes(first.path, this.target) : {};
    for (const { path } of others) {
      const { pmin, pmax, con } = this.#source.attributes(path, this.target);
      common = { ...common, ...larger('pmin', common.pmin, pmin), ...smaller('pmax', common.pmax, pmax) };
      // LwM2M 1.2 §7.3.2: confirmable if any part of the notification wants it.
      if (con === 1) common = { ...common, con };
    }
    return common;
  }

  // OMA-TS-LightweightM2M_Core 1.1 §5.1.2: the minimum period holds back, and what is sent then is the latest value;
  // the maximum period sends whether something changed or not.
  #notifyWhen(attributes: NotificationAttributes): number | undefined {
    const { minimum, maximum } = this.#source.periods(attributes);
    const wait = this.#due ? minimum : maximum;
    return wait === undefined ? undefined : this.#notifiedAt + wait;
  }

  // The same: conditions are looked at no sooner than the minimum evaluation period after the last time, and at the maximum one
  // whether something is known to have changed or not.
  #evaluateWhen(attributes: NotificationAttributes, now: number): number | undefined {
    const { minimum, maximum } = evaluationPeriods(attributes);
    if (this.#watched.some(({ touched }) => touched)) return minimum === 0 ? now : this.#evaluatedAt + minimum;
    return maximum === undefined ? undefined : this.#evaluatedAt + maximum;
  }

  #evaluate(now: number): void {
    this.#evaluatedAt = now;
    for (const watched of this.#watched) if (this.#isNews(watched)) this.#due = true;
  }

  #notify(attributes: NotificationAttributes): void {
    this.#due = false;
    this.#notifiedAt = this.#source.clock.monotonic();
    for (const watched of this.#watched) {
      watched.current = this.#samples(watched.path);
      watched.notified = watched.current;
    }
    const response = this.#source.read(this.target);
    const confirmable = attributes.con === undefined ? this.#source.confirmable : attributes.con === 1;
    this.#source.active();
    this.#observer.notify(response, { confirmable });
    this.#source.notified(this);
    // RFC 7641 §4.2: a notification that is no 2.xx is the last one.
    if (isSuccess(response.code)) this.plan();
    else this.#source.ended(this);
  }

  #isNews(watched: WatchedPath): boolean {
    const { touched, notified, current: before } = watched;
    watched.touched = false;
    const now = this.#samples(watched.path);
    watched.current = now;
    const attributes = this.#source.attributes(watched.path, this.target);
    // Values that a hook works out change without a word: then only a look tells.
    if (!hasValueConditions(attributes) || !now || !before || !notified) return touched || !sameSamples(before, now);
    if (now.size !== before.size) return true;
    for (const [id, sample] of now) {
      const last = before.get(id);
      if (last === undefined) return true;
      if (meetsValueConditions(attributes, notified.get(id) ?? last, last, sample)) return true;
    }
    return false;
  }

  /** Undefined when value conditions have nothing to bite on: objects, instances, texts, nothing there. */
  #samples(path: Lwm2mPath): Samples | undefined {
    if (path.resourceId === undefined) return undefined;
    const value = this.#source.value(path);
    if (value === undefined) return undefined;
    if (!(value instanceof Map)) {
      const sample = sampleOf(value as ResourceValue);
      return sample === undefined ? undefined : new Map([[-1, sample]]);
    }
    const samples = new Map<number, Sample>();
    for (const [id, single] of value as ReadonlyMap<number, ResourceValue>) {
      if (path.resourceInstanceId !== undefined && id !== path.resourceInstanceId) continue;
      const sample = sampleOf(single);
      if (sample === undefined) return undefined;
      samples.set(id, sample);
    }
    return samples;
  }
}

function touches(path: Lwm2mPath, { prefix, objectId, instanceId, resourceId }: TreeChange): boolean {
  const instance = behindGateway(prefix, { objectId, objectInstanceId: instanceId });
  const changed = resourceId === undefined ? instance : { ...instance, resourceId };
  return coversPath(path, changed) || coversPath(changed, path);
}

function sameSamples(a: Samples | undefined, b: Samples | undefined): boolean {
  if (a === undefined || b === undefined || a.size !== b.size) return a === b;
  for (const [id, sample] of a) if (b.get(id) !== sample) return false;
  return true;
}

function larger(name: 'pmin', a: number | undefined, b: number | undefined) {
  return a === undefined && b === undefined ? {} : { [name]: Math.max(a ?? 0, b ?? 0) };
}

function smaller(name: 'pmax', a: number | undefined, b: number | undefined) {
  const given = [a, b].filter((one) => one !== undefined && one > 0) as number[];
  return given.length === 0 ? {} : { [name]: Math.min(...given) };
}
