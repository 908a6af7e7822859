import { Code, describeCode, formatCode } from '@yaolian/coap';
import { because, type ProblemCode, type ReasonCode, type ReasonedProblem } from '@yaolian/contract';
import { YaolianError } from '@yaolian/kernel';
import type { Answer, ClientRefusal } from '@yaolian/lwm2m/server';
import { Refusal } from '../http/refusal.ts';

/** A problem, and its reason where the kind does not tell. */
type Told = readonly [code: Exclude<ProblemCode, ReasonedProblem>] | readonly [code: ReasonedProblem, reason: Plain];
/** Reasons that are told with nothing. */
type Plain = { readonly [C in ReasonCode]: Parameters<typeof because<C>>['length'] extends 1 ? C : never }[ReasonCode];

/** What the LwM2M server throws when a device could not be asked, or must not be. */
const toldOf: Readonly<Record<string, Told>> = {
  LWM2M_NOT_REGISTERED: ['device-not-registered'],
  LWM2M_REGISTRATION_ENDED: ['device-not-registered'],
  LWM2M_TIMEOUT: ['device-timeout'],
  LWM2M_ASLEEP: ['device-asleep'],
  LWM2M_NOT_CONNECTED: ['device-not-connected'],
  LWM2M_ADDRESS_TAKEN: ['device-not-connected'],
  LWM2M_RESET: ['device-reset'],
  LWM2M_OVERLOADED: ['device-busy'],
  LWM2M_TOO_LARGE: ['payload-too-large'],
  LWM2M_TRANSFER_FAILED: ['device-answer-malformed', 'transfer-failed'],
  LWM2M_ANSWER_MALFORMED: ['device-answer-malformed', 'answer-unreadable'],
  LWM2M_NOT_OBSERVED: ['not-found'],
  LWM2M_CLOSED: ['unavailable', 'stopping'],
  LWM2M_ABORTED: ['unavailable', 'given-up'],
  LWM2M_STORE_FAILED: ['unavailable', 'cannot-store'],
  LWM2M_WRONG_PATH: ['invalid-path'],
  LWM2M_NO_GATEWAY: ['invalid-path'],
  LWM2M_UNSUPPORTED_FORMAT: ['invalid-value', 'format-unfit'],
  LWM2M_WRONG_TYPE: ['invalid-value', 'value-malformed'],
  LWM2M_OUT_OF_RANGE: ['invalid-value', 'value-out-of-range'],
  LWM2M_WRONG_ARGUMENTS: ['invalid-value', 'arguments-unfit'],
  LWM2M_WRONG_ATTRIBUTES: ['invalid-value', 'attributes-unfit'],
  LWM2M_NOT_READABLE: ['model-forbids', 'not-readable'],
  LWM2M_NOT_WRITABLE: ['model-forbids', 'not-writable'],
  LWM2M_NOT_EXECUTABLE: ['model-forbids', 'not-executable'],
  LWM2M_EXECUTABLE: ['model-forbids', 'is-executable'],
  LWM2M_SINGLE_INSTANCE: ['model-forbids', 'single-instance'],
  LWM2M_NOT_MULTIPLE: ['model-forbids', 'not-multiple'],
  LWM2M_MULTIPLE: ['model-forbids', 'is-multiple'],
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

const unauthorized =
  '; its access control (object 2) does not let the platform do this, or it has restarted and not registered yet';

export function deviceRefused(refusal: ClientRefusal): Refusal {
  const { code, diagnostic } = refusal;
  const said = diagnostic === '' ? '' : `: "${diagnostic}"`;
  // OMA-TS-LightweightM2M_Core 1.1 §8.2: object 2; some answer so what comes before they have registered, too.
  const meant = code === Code.Unauthorized ? unauthorized : '';
  const details = { coapCode: formatCode(code), detail: `The device answered ${describeCode(code)}${said}${meant}.` };
  return new Refusal('device-refused', diagnostic === '' ? details : { ...details, diagnostic });
}

/** What an error of the LwM2M server is answered with; undefined where it is no such error. */
export function refusalOfError(code: string | undefined, detail: string): Refusal | undefined {
  const told = toldOf[code ?? ''];
  if (told === undefined) return undefined;
  const headers: Readonly<Record<string, string>> =
    told[0] === 'unavailable' || told[0] === 'device-busy' ? { 'retry-after': '5' } : {};
  if (told.length === 1) return new Refusal(told[0], { detail }, headers);
  return new Refusal(told[0], { ...because(told[1]), detail }, headers);
}

function refusalOf(error: unknown): unknown {
  return error instanceof YaolianError ? (refusalOfError(error.code, `${error.message}.`) ?? error) : error;
}
