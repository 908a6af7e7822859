import { describeCode, formatCode } from '@yaolian/coap';
import type { ProblemCode } from '@yaolian/contract';
import { YaolianError } from '@yaolian/kernel';
import type { Answer, ClientRefusal } from '@yaolian/lwm2m/server';
import { Refusal } from '../http/refusal.ts';

/** What the LwM2M server throws when a device could not be asked, or must not be. */
const problemOf: Readonly<Record<string, ProblemCode>> = {
  LWM2M_NOT_REGISTERED: 'device-not-registered',
  LWM2M_REGISTRATION_ENDED: 'device-not-registered',
  LWM2M_TIMEOUT: 'device-timeout',
  LWM2M_ASLEEP: 'device-asleep',
  LWM2M_NOT_CONNECTED: 'device-not-connected',
  LWM2M_RESET: 'device-reset',
  LWM2M_OVERLOADED: 'device-busy',
  LWM2M_TOO_LARGE: 'payload-too-large',
  LWM2M_TRANSFER_FAILED: 'device-answer-malformed',
  LWM2M_ANSWER_MALFORMED: 'device-answer-malformed',
  LWM2M_NOT_OBSERVED: 'not-found',
  LWM2M_CLOSED: 'unavailable',
  LWM2M_ABORTED: 'unavailable',
  LWM2M_STORE_FAILED: 'unavailable',
  LWM2M_WRONG_PATH: 'invalid-path',
  LWM2M_NO_GATEWAY: 'invalid-path',
  LWM2M_UNSUPPORTED_FORMAT: 'invalid-value',
  LWM2M_WRONG_TYPE: 'invalid-value',
  LWM2M_OUT_OF_RANGE: 'invalid-value',
  LWM2M_WRONG_ARGUMENTS: 'invalid-value',
  LWM2M_WRONG_ATTRIBUTES: 'invalid-value',
  LWM2M_NOT_READABLE: 'model-forbids',
  LWM2M_NOT_WRITABLE: 'model-forbids',
  LWM2M_NOT_EXECUTABLE: 'model-forbids',
  LWM2M_EXECUTABLE: 'model-forbids',
  LWM2M_SINGLE_INSTANCE: 'model-forbids',
  LWM2M_NOT_MULTIPLE: 'model-forbids',
  LWM2M_MULTIPLE: 'model-forbids',
};

/** Resolves with what a device agreed to; everything else becomes a problem. */
export async function agreed<T>(asked: Promise<Answer<T>>): Promise<T> {
  const answer = await orRefusal(asked);
  if (answer.ok) return answer.value;
  throw deviceRefused(answer.error);
}

/** As `asked`, with a problem instead of what the LwM2M server throws. */
export async function orRefusal<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw refusalOf(error);
  }
}

export function deviceRefused(refusal: ClientRefusal): Refusal {
  const { code, diagnostic } = refusal;
  const said = diagnostic === '' ? '' : `: "${diagnostic}"`;
  const details = { coapCode: formatCode(code), detail: `The device answered ${describeCode(code)}${said}.` };
  return new Refusal('device-refused', diagnostic === '' ? details : { ...details, diagnostic });
}

/** The problem that an error of the LwM2M server is, by its code. */
export function problemOfError(code: string | undefined): ProblemCode {
  return problemOf[code ?? ''] ?? 'internal-error';
}

function refusalOf(error: unknown): unknown {
  const code = error instanceof YaolianError ? problemOf[error.code] : undefined;
  if (code === undefined) return error;
  const { message } = error as YaolianError;
  return new Refusal(
    code,
    { detail: `${message}.` },
    code === 'unavailable' || code === 'device-busy' ? { 'retry-after': '5' } : {},
  );
}
