import { type Clock, type Duration, milliseconds, type Random } from '@yaolian/kernel';
import { numberOf, Security, type ServerAccount } from './accounts.ts';
import type { CertificateEnrolment } from './client-options.ts';
import type { Connection } from './connection.ts';
import { requestCertificate } from './enrolment.ts';
import type { FailureReason } from './events.ts';
import { SecurityMode } from './objects/security.ts';
import { type RetryPolicy, retryDelay } from './retry.ts';

export interface RenewalHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly retry: Required<RetryPolicy>;
  readonly endpointName: string;
  readonly enrolment: CertificateEnrolment | undefined;
  saved(): Promise<boolean>;
}

const never = Number.POSITIVE_INFINITY;
const day = 86_400_000;

/**
 * Sees to it that the certificate of an account of security mode 4 does not run out: the server that it is shown to is asked for another
 * in time (EST-coaps, RFC 9148 §4.5 /sren), for a new key.
 */
export class CertificateRenewal {
  readonly #host: RenewalHost;
  readonly #account: ServerAccount;
  readonly #enrolment: CertificateEnrolment;
  /** When the next renewal is due, in milliseconds of the monotonic clock. */
  dueAt = never;
  /** Milliseconds since 1970 before which nothing is renewed: one that asks for less than half of a certificate's time would ask without end. */
  #notBefore = 0;
  #failures = 0;

  private constructor(host: RenewalHost, account: ServerAccount, enrolment: CertificateEnrolment) {
    this.#host = host;
    this.#account = account;
    this.#enrolment = enrolment;
  }

  /** Undefined: the certificate of this account is not the terminal's to renew. */
  static of(host: RenewalHost, account: ServerAccount): CertificateRenewal | undefined {
    const { enrolment } = host;
    const isEst = numberOf(account.security, Security.SecurityMode) === SecurityMode.CertificateWithEst;
    return isEst && enrolment?.validityOf ? new CertificateRenewal(host, account, enrolment) : undefined;
  }

  /** When the certificate ends, in milliseconds since 1970. */
  get notAfter(): number | undefined {
    return this.#validity()?.notAfter;
  }

  /** Looks at the certificate: the terminal has just registered, or told that it is there. */
  plan(): void {
    const validity = this.#validity();
    const isPlanned = this.#failures > 0 && this.dueAt !== never;
    if (validity === undefined || isPlanned) return;
    const { notBefore, notAfter } = validity;
    const lead = this.#enrolment.renewBefore ?? (notAfter - notBefore) / 3;
    this.#planFor(Math.max(notAfter - lead, this.#notBefore));
  }

  /**
   * What the server has of us ends when it first sees the new certificate: that is shown only once it would be there after a restart.
   * @returns undefined when the account has a new certificate, which the next connection shows
   */
  async renew(connection: Connection, signal: AbortSignal): Promise<FailureReason | undefined> {
    this.dueAt = never;
    const { endpointName } = this.#host;
    const own = { endpointName, enrolment: this.#enrolment };
    const { security } = this.#account;
    const before = [Security.PublicKeyOrIdentity, Security.SecretKey].map((id) => [id, security.value(id)!] as const);
    const failure = await requestCertificate('sren', security, own, connection, signal);
    if (failure !== undefined) return failure;
    if (!(await this.#host.saved())) {
      security.transaction(() => {
        for (const [id, value] of before) security.store(id, value);
      });
      return { code: undefined, reason: 'enrolment', message: 'the new certificate cannot be saved' };
    }
    this.#failures = 0;
    const now = this.#host.clock.epoch();
    this.#notBefore = now + Math.max(0, (this.notAfter ?? now) - now) / 2;
    return undefined;
  }

  /** @returns how long until the server is asked again: the more often the less time is left */
  failed(): Duration {
    const { clock, random, retry } = this.#host;
    this.#failures++;
    const left = Math.max(0, (this.notAfter ?? 0) - clock.epoch());
    const atLeast = milliseconds(Math.min(day, left / 20));
    const wait = retryDelay(retry, this.#failures, random, atLeast);
    this.#planFor(clock.epoch() + wait);
    return wait;
  }

  #planFor(epoch: number): void {
    const { clock } = this.#host;
    this.dueAt = clock.monotonic() + Math.max(0, epoch - clock.epoch());
  }

  #validity(): { readonly notBefore: number; readonly notAfter: number } | undefined {
    const shown = this.#account.security.value(Security.PublicKeyOrIdentity);
    return shown instanceof Uint8Array ? this.#enrolment.validityOf?.(shown) : undefined;
  }
}
