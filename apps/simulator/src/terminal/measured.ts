import type { Duration, Timer, Timers } from '@yaolian/kernel';
import { ObjectInstance } from '@yaolian/lwm2m/client';
import type { SimulatedObject } from './chosen-objects.ts';

/** Resources of sensors. */
const sensorValue = 5700;
const sensorUnits = 5701;

/** What a terminal measures: moved now and then, shown in its status line, sent unasked. */
export class Measured {
  readonly #objects: readonly SimulatedObject[];
  readonly #first: ObjectInstance | undefined;

  constructor(objects: readonly SimulatedObject[]) {
    this.#objects = objects;
    this.#first = objects
      .map(({ object }) => object)
      .find((object): object is ObjectInstance => object instanceof ObjectInstance && object.has(sensorValue));
  }

  /** What to send: the first sensor's value, or what the Device object has. */
  get path(): string {
    return this.#first ? `/${this.#first.definition.id}/${this.#first.id}/${sensorValue}` : '/3/0';
  }

  /** `21.5 °C`; empty when there is no sensor. */
  get text(): string {
    if (!this.#first) return '';
    const units = this.#first.value(sensorUnits) ?? '';
    return `${String(this.#first.value(sensorValue))} ${units === 'Cel' ? '°C' : String(units)}`.trim();
  }

  /** Moves everything, a step each `interval`, until the function that is returned has been called. */
  wander(timers: Timers, interval: Duration): () => void {
    let timer: Timer;
    const step = () => {
      for (const { move } of this.#objects) move?.();
      timer = timers.schedule(interval, step);
    };
    timer = timers.schedule(interval, step);
    return () => timer.cancel();
  }
}
