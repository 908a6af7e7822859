import { ContentType } from '../record/content-type.ts';
import type { Settings } from '../settings.ts';
import type { DtlsSession } from './session.ts';

/** How much may go to an address that is not validated, as a multiple of what came from there. */
const amplification = 3;
const cookieLength = 8;

/** RFC 9853 §4: the messages of a return-routability check. */
const PathMessage = { challenge: 0, response: 1, drop: 2 } as const;

/** Sends a protected record of any type. */
export type SendRecord = (session: DtlsSession, type: number, content: Uint8Array) => void;

/**
 * A session has moved (RFC 9146 §6): until the peer shows that it hears us at its new address, no more goes there than three
 * times what came from it. A peer that knows RFC 9853 is asked with a cookie.
 */
export function beginValidation(session: DtlsSession, bytes: number, settings: Settings, send: SendRecord): void {
  session.unvalidatedBudget = amplification * bytes;
  session.pathCookie = undefined;
  if (!session.routabilityCheck) return;
  session.pathCookie = settings.random.bytes(cookieLength);
  const challenge = new Uint8Array(1 + cookieLength);
  challenge[0] = PathMessage.challenge;
  challenge.set(session.pathCookie, 1);
  send(session, ContentType.ReturnRoutabilityCheck, challenge);
}

/**
 * Another newest record came from an address that is being validated. Without RFC 9853 it counts as an answer once we have
 * sent something there: whoever can do that can read our records at the address.
 */
export function continueValidation(session: DtlsSession, bytes: number, hasSent: boolean): void {
  if (!session.routabilityCheck && hasSent) session.unvalidatedBudget = validated;
  else session.unvalidatedBudget += amplification * bytes;
}

const validated = -1;

/** A message of a check came. @param isCurrent whether from the address that the session has now */
export function onPathMessage(
  session: DtlsSession,
  content: Uint8Array,
  isCurrent: boolean,
  settings: Settings,
  send: SendRecord,
): void {
  if (content.length !== 1 + cookieLength || !session.routabilityCheck) {
    settings.counters.dropped('malformed return-routability check');
    return;
  }
  const cookie = content.subarray(1);
  if (content[0] === PathMessage.challenge) {
    const response = content.slice();
    response[0] = PathMessage.response;
    send(session, ContentType.ReturnRoutabilityCheck, response);
  } else if (content[0] === PathMessage.response && isCurrent && session.pathCookie !== undefined) {
    if (!settings.crypto.equal(cookie, session.pathCookie)) return;
    session.unvalidatedBudget = validated;
    session.pathCookie = undefined;
  }
}
