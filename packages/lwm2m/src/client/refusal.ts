import type { OutgoingResponse, ResponseCode } from '@yaolian/coap';
import { encodeUtf8, type Failure, failure } from '@yaolian/kernel';

/** Why an operation is not done: the CoAP code that says so, and a sentence for the one who asked. */
export interface Refusal {
  /** 4.xx or 5.xx. */
  readonly code: ResponseCode;
  readonly reason: string;
}

/** What a hook returns to turn an operation down: `return refuse(Code.BadRequest, 'too hot')`. */
export function refuse(code: ResponseCode, reason: string): Refusal {
  return { code, reason };
}

export function refused(code: ResponseCode, reason: string): Failure<Refusal> {
  return failure({ code, reason });
}

/** RFC 7252 §5.5.2: the payload of an error response without Content-Format is a diagnostic text in UTF-8. */
export function refusalResponse(refusal: Refusal): OutgoingResponse {
  return { code: refusal.code, payload: encodeUtf8(refusal.reason.slice(0, 200).toWellFormed()) };
}
