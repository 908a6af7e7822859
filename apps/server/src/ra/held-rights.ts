import { type AccessFacts, type AccessOperation, type AssociationChange, mayAccess } from '@yaolian/directory';
import { featureOfPath, type ObservationEndReason } from '@yaolian/igrs';
import { type Clock, days, type Log, milliseconds, type Timer, type Timers, toMilliseconds } from '@yaolian/kernel';
import { endedRights } from './ended-rights.ts';

/** What an account has of a device for longer than a moment, because it may. */
export interface Held {
  readonly account: string;
  readonly device: string;
  readonly path: string;
  /** What it has to be allowed to do there. */
  readonly operation: AccessOperation;
}

export interface HeldRightsOptions<T> {
  readonly held: {
    ofDevice(device: string): readonly T[];
    ofAccount(account: string): readonly T[];
    /** Whether it stands (still). */
    has(one: T): boolean;
  };
  readonly asHeld: (one: T) => Held;
  readonly facts: (account: string, device: string) => Promise<AccessFacts>;
  /** Ends what is not permitted any more. Must not throw. */
  readonly end: (one: T, reason: ObservationEndReason) => void;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

type Why = (held: Held) => ObservationEndReason;

interface Due {
  readonly timer: Timer;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const longestDelay = toMilliseconds(days(1));

/**
 * Ends what somebody observes, or waits for, in the moment in which it is not permitted any more (GB/T 29265.205 §9): after every change
 * between accounts, and when the time of a permission is over.
 */
export class HeldRights<T extends object> {
  readonly #options: HeldRightsOptions<T>;
  /** Until when what permits one does, where it is for a time. */
  readonly #until = new WeakMap<T, number>();
  /** When to look at a device again: one timer for each with permissions that end. */
  readonly #due = new Map<string, Due>();
  #isClosed = false;

  constructor(options: HeldRightsOptions<T>) {
    this.#options = options;
  }

  /** What was taken away while the platform was down. */
  async start(devices: Iterable<string>): Promise<void> {
    const { held, facts } = this.#options;
    for (const device of devices) {
      for (const one of held.ofDevice(device)) {
        const asked = this.#options.asHeld(one);
        const isOver = mayAccess(
          await facts(asked.account, device),
          requestOf(asked),
          Number.NEGATIVE_INFINITY,
        ).allowed;
        await this.#look([one], () => (isOver ? 'expired' : 'forbidden'));
      }
    }
  }

  /** Ends what a change takes away. */
  async changed(change: AssociationChange): Promise<void> {
    await this.#look(this.#concerned(change), ({ account }) =>
      change.kind === 'unbound' && change.binding.user === account ? 'unbound' : 'forbidden',
    );
  }

  /** Whether it stands: it ends here when it is not permitted. */
  async permits(one: T): Promise<boolean> {
    await this.#look([one], () => 'forbidden');
    return this.#options.held.has(one);
  }

  close(): void {
    this.#isClosed = true;
    for (const { timer } of this.#due.values()) timer.cancel();
    this.#due.clear();
  }

  #concerned(change: AssociationChange): readonly T[] {
    const { held } = this.#options;
    const ended = endedRights(change);
    if (ended === undefined) return [];
    return 'device' in ended
      ? held.ofDevice(ended.device)
      : ended.accounts.flatMap((account) => held.ofAccount(account));
  }

  async #look(ones: readonly T[], why: Why): Promise<void> {
    const { facts: factsOf, asHeld, clock, held, end } = this.#options;
    for (const one of ones) {
      const asked = asHeld(one);
      const facts = await factsOf(asked.account, asked.device);
      if (!held.has(one)) continue;
      const now = clock.epoch();
      const { allowed, grant } = mayAccess(facts, requestOf(asked), now);
      if (!allowed) {
        end(one, (this.#until.get(one) ?? Number.POSITIVE_INFINITY) <= now ? 'expired' : why(asked));
      } else if (grant?.expiresAt === undefined) {
        this.#until.delete(one);
      } else {
        this.#until.set(one, grant.expiresAt);
        this.#lookAt(asked.device, grant.expiresAt, now);
      }
    }
  }

  #lookAt(device: string, at: number, now: number): void {
    const due = this.#due.get(device);
    if (this.#isClosed || (due !== undefined && due.at <= at)) return;
    due?.timer.cancel();
    const timer = this.#options.timers.schedule(milliseconds(Math.min(at - now, longestDelay)), () => {
      this.#due.delete(device);
      const { held, log } = this.#options;
      this.#look(held.ofDevice(device), () => 'forbidden').catch((error: unknown) =>
        log.error('what rests on permissions was not looked at', { device, error }),
      );
    });
    this.#due.set(device, { timer, at });
  }
}

export function requestOf({ account, path, operation }: Held) {
  return { account, feature: featureOfPath(path), operation } as const;
}
