import {
  because,
  type FieldMistake,
  type Problem,
  type ProblemCode,
  type ProblemDetails,
  problem,
  type Reasoned,
  type ReasonedProblem,
} from '@yaolian/contract';
import { type Duration, toSeconds } from '@yaolian/kernel';

type Headers = Readonly<Record<string, string>>;

/** Thrown by handlers to answer with a problem. */
export class Refusal extends Error {
  readonly problem: Problem;
  readonly headers: Headers;

  /** What people are shown besides the kind has a reason, so that pages can tell it in every language. */
  constructor(code: ProblemCode, details?: Reasoned | Omit<ProblemDetails, 'detail'>, headers?: Headers);
  constructor(code: Exclude<ProblemCode, ReasonedProblem>, details?: ProblemDetails, headers?: Headers);
  constructor(code: ProblemCode, details: ProblemDetails = {}, headers: Headers = {}) {
    const body = problem(code, details);
    super(`${body.title}: ${body.detail}`);
    this.problem = body;
    this.headers = headers;
  }
}

/** Too many of its kind; the next may come after `retryAfter`. */
export function tooManyAttempts(retryAfter: Duration): Refusal {
  const wait = Math.max(1, Math.ceil(toSeconds(retryAfter)));
  return new Refusal('too-many-attempts', because('wait', { seconds: wait }), { 'retry-after': String(wait) });
}

/** What is wrong with fields of a request, in every language. @param detail default: the first of them */
export function unfit(
  code: 'invalid-request' | 'invalid-value',
  mistakes: readonly [FieldMistake, ...FieldMistake[]],
  detail = `${mistakes[0].where}: ${mistakes[0].message.replace(/\.$/, '')}.`,
): Refusal {
  const [{ reason, params }] = mistakes;
  return new Refusal(code, { detail, reason, ...(params && { params }), errors: [...mistakes] });
}
