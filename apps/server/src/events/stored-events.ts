import type { EventHub, PlatformEvent } from './event-hub.ts';

/**
 * Tells the hub of things that are being stored twice: when they are given to the store, so that who keeps events keeps them in the
 * same transaction, and when they are there.
 */
export class StoredEvents<T extends object> {
  readonly #hub: EventHub;
  readonly #eventsOf: (thing: T) => readonly PlatformEvent[];
  readonly #mayBeKept: (thing: T) => boolean;
  /** What the hub was told is being stored, until it is. */
  readonly #storing = new WeakMap<T, readonly PlatformEvent[]>();

  /** @param mayBeKept false of a thing whose events nobody keeps: they are made when they are told. Default: when nobody keeps any */
  constructor(
    hub: EventHub,
    eventsOf: (thing: T) => readonly PlatformEvent[],
    mayBeKept: (thing: T) => boolean = () => hub.isKept,
  ) {
    this.#hub = hub;
    this.#eventsOf = eventsOf;
    this.#mayBeKept = mayBeKept;
  }

  /** In the turn in which the store is asked. */
  readonly storing = (thing: T): void => {
    if (!this.#mayBeKept(thing)) return;
    const told = this.#eventsOf(thing);
    this.#storing.set(thing, told);
    for (const event of told) this.#hub.keep(event);
  };

  /** It happened; what was never given to a store is told all the same. */
  readonly happened = (thing: T): void => {
    const told = this.#storing.get(thing) ?? this.#eventsOf(thing);
    this.#storing.delete(thing);
    for (const event of told) this.#hub.publish(event);
  };
}
