import { Code, type Observer } from '@yaolian/coap';
import type { Clock, Timers } from '@yaolian/kernel';
import type { NotificationAttributes } from '../attributes.ts';
import type { PackValue } from '../formats/index.ts';
import { nodeValues } from '../node.ts';
import { coversPath, formatPath, type Lwm2mPath } from '../path.ts';
import type { StoredValue } from './object-instance.ts';
import type { ObjectTree, TreeChange } from './object-tree.ts';
import { type ObservationSource, type ObservedTarget, PathObservation } from './observation.ts';
import { readNode } from './operations/read.ts';
import type { ReportingPeriods } from './reporting.ts';

/** What an observation still holds of when nobody can be told. */
export interface StoringTerminal {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly tree: ObjectTree;
  value(path: Lwm2mPath): StoredValue | undefined;
  attributes(path: Lwm2mPath, target: ObservedTarget): NotificationAttributes;
  periods(attributes: NotificationAttributes): ReportingPeriods;
  /** What is kept is something else now. */
  storedChanged(): void;
}

export interface StorageBounds {
  /** Values of one path where no `hqmax` says it. */
  readonly perPath: number;
  /** Values of all paths of a server, whatever `hqmax` says. */
  readonly total: number;
}

/** A value with the moment at which it would have been told. */
interface Kept {
  readonly key: string;
  readonly value: PackValue;
}

const nobody: Observer = {
  peer: undefined as never,
  active: false,
  notify: () => {},
  end: () => {},
};

/**
 * What a server would have been told while it was disabled or the terminal offline (OMA-TS-LightweightM2M_Core 1.1 appendix E.2,
 * Notification Storing): the observations go on under their attributes, and what they tell is kept with its time, the oldest
 * going first. LwM2M 1.2 §7.3.2: `hqmax` says how many values of a path are kept.
 */
export class StoredNotifications {
  readonly #terminal: StoringTerminal;
  readonly #bounds: StorageBounds;
  #observations: PathObservation[] = [];
  #kept: Kept[] = [];

  constructor(terminal: StoringTerminal, bounds: StorageBounds) {
    this.#terminal = terminal;
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#kept.length;
  }

  /** What is kept, the oldest first. */
  get values(): readonly PackValue[] {
    return this.#kept.map(({ value }) => value);
  }

  /** Goes on with observations that ended. */
  begin(targets: readonly ObservedTarget[]): void {
    for (const target of targets) this.#observations.push(new PathObservation(this.#source(), nobody, target));
  }

  changed(changes: readonly TreeChange[]): void {
    for (const observation of this.#observations) observation.changed(changes);
  }

  /** The default periods are others now. */
  replan(): void {
    for (const observation of this.#observations) observation.plan();
  }

  /** Observes no more: the server can be told again, or there is no such server any more. What was kept stays. */
  stop(): void {
    for (const observation of this.#observations) observation.close();
    this.#observations = [];
  }

  /** What was kept of these paths, the oldest first, and is no longer kept then. */
  take(paths: readonly Lwm2mPath[] | 'all'): readonly PackValue[] {
    const isTaken = ({ value }: Kept) => paths === 'all' || paths.some((path) => coversPath(path, value.path));
    const taken = this.#kept.filter(isTaken);
    if (taken.length > 0) {
      this.#kept = this.#kept.filter((kept) => !isTaken(kept));
      this.#terminal.storedChanged();
    }
    return taken.map(({ value }) => value);
  }

  /** Keeps again what could not be told: it is older than everything that came since. */
  putBack(values: readonly PackValue[]): void {
    const later = this.#kept;
    this.#kept = [];
    for (const value of values) this.#keep(value);
    for (const { value } of later) this.#keep(value);
    this.#terminal.storedChanged();
  }

  #source(): ObservationSource {
    const { clock, timers, value, attributes, periods } = this.#terminal;
    return {
      clock,
      timers,
      value,
      attributes,
      periods,
      confirmable: false,
      read: () => ({ code: Code.Content }),
      active: () => {},
      notified: ({ target }) => this.#store(target),
      ended: () => {},
    };
  }

  #store(target: ObservedTarget): void {
    const { tree, clock } = this.#terminal;
    const time = { milliseconds: clock.epoch(), isRelative: false };
    for (const path of target.paths) {
      const node = readNode(tree, path);
      if (!node.ok) continue;
      for (const value of nodeValues(path, node.value)) this.#keep({ ...value, time }, this.#limit(value.path, target));
    }
    this.#terminal.storedChanged();
  }

  #limit(path: Lwm2mPath, target: ObservedTarget): number {
    return this.#terminal.attributes(path, target).hqmax ?? this.#bounds.perPath;
  }

  #keep(value: PackValue, limit = Number.POSITIVE_INFINITY): void {
    const key = formatPath(value.path);
    this.#kept.push({ key, value });
    const own = this.#kept.reduce((count, kept) => count + (kept.key === key ? 1 : 0), 0);
    if (own > limit) this.#removeAt(this.#kept.findIndex((kept) => kept.key === key));
    while (this.#kept.length > this.#bounds.total) this.#removeAt(0);
  }

  #removeAt(index: number): void {
    this.#kept.splice(index, 1);
  }
}
