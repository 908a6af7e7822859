import type { Sealer, SettingsStore } from '@yaolian/directory';
import {
  type Clock,
  type Duration,
  decodeBase64,
  encodeBase64,
  hours,
  type Log,
  milliseconds,
  minutes,
  type Random,
  type Timer,
  type Timers,
} from '@yaolian/kernel';

export interface TicketSecretsOptions {
  readonly settings: SettingsStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

const settingName = 'dtls-ticket-secrets';
const secretBytes = 32;
/** How long tickets are sealed with one secret, and so how long a session may be resumed. */
export const ticketLifetime = hours(24);
/** After a secret could not be stored. */
const retryInterval = minutes(5);

/**
 * The secrets that tickets of DTLS are sealed with, the same after a restart, so that terminals resume their sessions
 * instead of shaking hands anew, all at once. Each day a new one comes in front and the one before the last is forgotten:
 * whoever takes the database and its key reads no session that is older than two days.
 */
export class TicketSecrets {
  readonly #options: TicketSecretsOptions;
  /** The newest first. */
  #secrets: readonly Uint8Array[] = [];
  /** Milliseconds since 1970 when the newest was made. */
  #since = 0;
  #timer: Timer | undefined;
  #isClosed = false;

  private constructor(options: TicketSecretsOptions) {
    this.#options = options;
  }

  static async open(options: TicketSecretsOptions): Promise<TicketSecrets> {
    const secrets = new TicketSecrets(options);
    await secrets.#load();
    await secrets.#rotate();
    return secrets;
  }

  get current(): readonly Uint8Array[] {
    return this.#secrets;
  }

  /** Calls `use` with the secrets whenever they change, until {@link close}. */
  keepRotating(use: (secrets: readonly Uint8Array[]) => void): void {
    const left = this.#since + ticketLifetime - this.#options.clock.epoch();
    // A clock that was set back does not make it wait longer than a lifetime.
    this.#rotateIn(milliseconds(Math.min(Math.max(0, left), ticketLifetime)), use);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** One at a time: the next one is planned when this one is on disk, or could not be stored. */
  #rotateIn(wait: Duration, use: (secrets: readonly Uint8Array[]) => void): void {
    if (this.#isClosed) return;
    this.#timer = this.#options.timers.schedule(wait, () => {
      this.#rotate().then(
        () => {
          use(this.#secrets);
          this.keepRotating(use);
        },
        (error: unknown) => {
          this.#options.log.warn('the secret of DTLS tickets cannot be changed', { error });
          this.#rotateIn(retryInterval, use);
        },
      );
    });
  }

  async #load(): Promise<void> {
    const { settings, sealer } = this.#options;
    const stored = await settings.setting(settingName);
    if (typeof stored !== 'object' || stored === null || !('since' in stored)) return;
    const { since, sealed } = stored as { readonly since: number; readonly sealed: string };
    const bytes = decodeBase64(sealed);
    const opened = bytes && sealer.open(bytes, settingName);
    if (opened === undefined) return;
    this.#since = since;
    this.#secrets = Array.from({ length: opened.length / secretBytes }, (_, i) =>
      opened.slice(i * secretBytes, (i + 1) * secretBytes),
    );
  }

  /** Nothing changes before it is on disk. */
  async #rotate(): Promise<void> {
    const { settings, sealer, clock, random } = this.#options;
    const age = clock.epoch() - this.#since;
    // One that seems to be of tomorrow was made before the clock was set back: who knows how old it is.
    if (this.#secrets.length > 0 && Math.abs(age) < ticketLifetime) return;
    const previous = age < 2 * ticketLifetime ? this.#secrets.slice(0, 1) : [];
    const secrets = [random.bytes(secretBytes), ...previous];
    const since = clock.epoch();
    const joined = new Uint8Array(secrets.length * secretBytes);
    for (const [i, secret] of secrets.entries()) joined.set(secret, i * secretBytes);
    await settings.setSetting(settingName, { since, sealed: encodeBase64(sealer.seal(joined, settingName)) });
    joined.fill(0);
    this.#secrets = secrets;
    this.#since = since;
  }
}
