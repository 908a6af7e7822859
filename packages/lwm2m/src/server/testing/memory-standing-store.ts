import type { StandingObservation, StandingObservationStore } from '../standing-observations.ts';

/** Standing observations in memory, which outlive the server that is handed them. */
export class MemoryStandingStore implements StandingObservationStore {
  readonly standing = new Map<string, StandingObservation>();
  /** How many of the next changes fail. */
  failures = 0;

  async loadStanding() {
    return [...this.standing.values()];
  }

  async putStanding(observation: StandingObservation): Promise<void> {
    this.#failIfToldTo();
    this.standing.set(`${observation.deviceKey} ${observation.path}`, observation);
  }

  async removeStanding(deviceKey: string, path: string): Promise<void> {
    this.#failIfToldTo();
    this.standing.delete(`${deviceKey} ${path}`);
  }

  async removeStandingOf(deviceKey: string): Promise<void> {
    for (const [key, one] of this.standing) if (one.deviceKey === deviceKey) this.standing.delete(key);
  }

  #failIfToldTo(): void {
    if (this.failures === 0) return;
    this.failures--;
    throw new Error('the disk is full');
  }
}
