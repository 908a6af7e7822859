import { Code, type OutgoingResponse, type ResponseCode } from '@yaolian/coap';
import { type Duration, encodeUtf8, failure } from '@yaolian/kernel';

/** Why a terminal's request is turned down, and what it is told. */
export interface Refusal {
  readonly code: ResponseCode;
  /** A short constant text, good as a metric label. */
  readonly reason: string;
  /** A sentence; goes out as diagnostic payload (RFC 7252 §5.5.2). */
  readonly message: string;
  /** When to try again (RFC 7252 §5.9.3.4, RFC 8516 §3). */
  readonly maxAge?: Duration;
}

export function refuse(
  code: ResponseCode,
  reason: string,
  message: string,
  maxAge?: Duration,
): { readonly ok: false; readonly error: Refusal } {
  return failure({ code, reason, message, ...(maxAge === undefined ? {} : { maxAge }) });
}

/** 4.05 (RFC 7252 §5.9.2.6) with what is allowed instead. */
export function notAllowed(message: string): OutgoingResponse {
  return Object.freeze({ code: Code.MethodNotAllowed, payload: encodeUtf8(message) });
}

/** The response that says it. */
export function refusalResponse(refusal: Refusal): OutgoingResponse {
  const { code, message, maxAge } = refusal;
  const payload = encodeUtf8(message);
  return maxAge === undefined ? { code, payload } : { code, payload, maxAge };
}
