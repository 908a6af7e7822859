import { ApiProblemError } from '@yaolian/contract';
import type { Translate } from './text.ts';

/** What a person is told of a failure. */
export interface Told {
  readonly title: string;
  readonly advice: string;
  /** What the platform or the device says about this occurrence, in its own words (English). */
  readonly details: readonly string[];
}

export function tellProblem(error: unknown, t: Translate): Told {
  if (error instanceof ApiProblemError) return tellApiProblem(error, t);
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (code === 'API_UNREACHABLE' || code === 'API_UNEXPECTED') {
    return { title: t('problem.unreachable'), advice: t('advice.unreachable'), details: [] };
  }
  return { title: t('problem.unexpected'), advice: t('advice.unexpected', { message: String(message) }), details: [] };
}

function tellApiProblem({ problem }: ApiProblemError, t: Translate): Told {
  const { code, coapCode = '', instance = '', detail, errors = [], diagnostic } = problem;
  const details = errors.map(({ where, message }) => `${where}: ${message}`);
  if (details.length === 0 && showsDetail.has(code)) details.push(detail);
  if (diagnostic !== undefined) details.push(diagnostic);
  return { title: t(`problem.${code}`), advice: t(`advice.${code}`, { coapCode, instance }), details };
}

/** Where what happened here says more than the kind of problem. */
const showsDetail = new Set([
  'conflict',
  'invalid-value',
  'model-forbids',
  'too-many-attempts',
  'device-answer-malformed',
  'unavailable',
  'invalid-request',
]);
