import { type Duration, seconds, type Timers } from '@yaolian/kernel';

/**
 * One timer for everybody: goes round again and again as long as there is somebody to look after, so that those who are silent have no
 * timer of their own.
 */
export class Round {
  pace: Duration = seconds(1);
  readonly #timers: Timers;
  readonly #look: () => boolean;
  #isGoing = false;

  /** @param look returns whether somebody is left */
  constructor(timers: Timers, look: () => boolean) {
    this.#timers = timers;
    this.#look = look;
  }

  /** Somebody came. */
  start(): void {
    if (this.#isGoing) return;
    this.#isGoing = true;
    this.#timers.schedule(this.pace, () => {
      this.#isGoing = false;
      if (this.#look()) this.start();
    });
  }
}
