import type { AlertName } from './messages/alert.ts';

/** Why a handshake cannot go on: the alert for the peer, the reason for us. */
export interface Fault {
  readonly alert: AlertName;
  readonly reason: string;
}

export function fault(alert: AlertName, reason: string): Fault {
  return { alert, reason };
}

/** What a step of a handshake comes to: nothing to complain of, a fault, or either one later. */
export type Step = Fault | undefined | Promise<Fault | undefined>;

export const malformed = (message: string): Fault => fault('decode_error', `malformed ${message}`);
export const unexpected = (message: string): Fault => fault('unexpected_message', `unexpected ${message}`);
