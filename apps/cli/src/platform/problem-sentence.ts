import { type Problem, type ProblemCode, problemKinds, type ReasonCode } from '@yaolian/contract';

/** What helps at the command line, where the API's advice speaks of requests. */
const advice: { readonly [C in ProblemCode]?: string } = {
  unauthenticated: 'run "yaolian login"',
  'wrong-password': 'check both; the first password was printed when the platform started for the first time',
  'device-unknown': '"yaolian devices list" shows all',
  'device-not-registered': 'wait until it registers ("yaolian devices watch" tells), then ask again',
  'device-asleep': 'it uses queue mode: leave "--queue never" out, and the request waits until it is heard',
  'device-timeout': 'it may be out of reach: see "yaolian devices show", or wait longer with --timeout',
  'device-reset': 'it may have restarted: ask again after it has registered',
  'device-not-connected': 'ask again after its next Update',
  'device-busy': 'wait until some are answered, then ask again',
  'too-many-attempts': 'wait a minute, then try again',
};

/** What helps where the kind of problem alone does not tell. */
const adviceOnReason: { readonly [R in ReasonCode]?: string } = {
  'campaign-unknown': '"yaolian campaign list" shows all',
  'package-unknown': '"yaolian firmware list" shows all',
  'setting-unknown': '"yaolian settings" shows all',
};

/** What to type where a resource has instances: at its object instance, or at itself. `detail` begins with its path. */
function instancesAdvice(detail: string): string | undefined {
  const at = /^\/(?:[^/ ]+\/)+(\d+)(?= )/.exec(detail);
  return at?.[1] && `give each its number: write ${at[1]}/0=VALUE in an instance, 0=VALUE at ${at[0]} itself`;
}

/** Problems whose detail says everything. */
const selfContained: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'device-refused',
  'device-unknown',
  'invalid-path',
  'invalid-value',
  'not-found',
  'conflict',
]);

/** One sentence: what was wrong, and what is right. */
export function problemSentence({ code, title, detail: told, reason, errors }: Problem): string {
  // Who typed a command made no "body" nor "query".
  const detail = errors === undefined ? told : told.replaceAll(/(^|; )(?:body|query|path)\/(?=\S+: )/g, '$1');
  const reasoned = reason === 'is-multiple' ? instancesAdvice(detail) : adviceOnReason[reason as ReasonCode];
  const more = reasoned ?? advice[code];
  const isGeneral = detail === problemKinds[code]?.advice;
  if (isGeneral) return `${startingSmall(title)}; ${advice[code] ?? startingSmall(withoutEnd(detail))}`;
  if (selfContained.has(code)) {
    const sentence = startingSmall(withoutEnd(detail));
    return more === undefined ? sentence : `${sentence}; ${more}`;
  }
  const sentence = `${startingSmall(title)}: ${startingSmall(withoutEnd(detail))}`;
  return reasoned === undefined ? sentence : `${sentence}; ${reasoned}`;
}

function startingSmall(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}

function withoutEnd(text: string): string {
  return text.replace(/\.$/, '');
}
