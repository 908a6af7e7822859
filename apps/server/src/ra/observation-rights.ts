import type { ObservationEndReason } from '@yaolian/igrs';
import { HeldRights, type HeldRightsOptions } from './held-rights.ts';
import type { Watch, Watchers } from './watchers.ts';

export interface ObservationRightsOptions extends Omit<HeldRightsOptions<Watch>, 'held' | 'asHeld' | 'end'> {
  readonly watchers: Watchers;
  /** Tells who observed that no more values come. */
  readonly tell: (watch: Watch, reason: ObservationEndReason) => Promise<void>;
}

/** Ends what somebody observes when it is not permitted any more, and tells so. */
export class ObservationRights extends HeldRights<Watch> {
  readonly #options: ObservationRightsOptions;

  constructor(options: ObservationRightsOptions) {
    const { watchers } = options;
    super({
      ...options,
      held: watchers,
      asHeld: ({ account, device, path }) => ({ account, device, path, operation: 'observe' }),
      end: (watch, reason) => this.end([watch], reason),
    });
    this.#options = options;
  }

  /** Ends watches whatever is permitted. */
  end(watches: readonly Watch[], reason: ObservationEndReason): void {
    const { watchers, tell, log } = this.#options;
    for (const watch of watches) {
      if (!watchers.has(watch)) continue;
      // Nobody is told a value from here on. The terminal may take its time to end it.
      const removed = watchers.remove(watch);
      const { account, device, path } = watch;
      Promise.all([removed, tell(watch, reason)]).catch((error: unknown) =>
        log.error('the end of an observation was not told', { account, device, path, reason, error }),
      );
    }
  }
}
