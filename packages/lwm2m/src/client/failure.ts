import { describeCode, formatCode, type IncomingResponse } from '@yaolian/coap';
import { decodeUtf8, hasCode } from '@yaolian/kernel';
import type { FailureReason } from './events.ts';

/** What a refusing response means. */
export function responseFailure(response: IncomingResponse): FailureReason {
  const diagnostic = response.contentFormat === undefined ? decodeUtf8(response.payload) : undefined;
  const message = diagnostic ? `${describeCode(response.code)}: ${diagnostic}` : describeCode(response.code);
  return { code: response.code, reason: formatCode(response.code), message };
}

/** What a request that got no response means. */
export function requestFailure(error: unknown): FailureReason {
  const message = error instanceof Error ? error.message : String(error);
  const reasons = { COAP_TIMEOUT: 'timeout', COAP_RESET: 'reset', COAP_ABORTED: 'aborted', COAP_CLOSED: 'closed' };
  for (const [code, reason] of Object.entries(reasons)) {
    if (hasCode(error, code)) return { code: undefined, reason, message };
  }
  return { code: undefined, reason: 'unreachable', message };
}
