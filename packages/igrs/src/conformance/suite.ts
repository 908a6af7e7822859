import type { Clock } from '@yaolian/kernel';
import { accessCases } from './access.ts';
import { associationCases, associationEndCases } from './associations.ts';
import { Bench, NotConforming, type RaTarget } from './bench.ts';
import { discoveryCases } from './discovery.ts';
import { loginCases } from './login.ts';
import { logoutCases } from './logout.ts';
import { messageCases } from './messages.ts';
import { registrationCases, registrationEndCases } from './registration.ts';
import { securityCases, strangerCases } from './security.ts';
import { Inconclusive, NotApplicable } from './unjudged.ts';

/** One thing that the standard wants of a platform. */
export interface RaCase {
  /** The clause, and a number: `7.2-1`. */
  readonly id: string;
  readonly title: string;
  run(bench: Bench): Promise<void>;
}

export interface RaResult {
  readonly id: string;
  readonly title: string;
  /**
   * The verdict, in the words of TTCN-3 (ETSI ES 201 873-1 §24). `inconclusive`: what the case needs was not there, or nothing came.
   * `not-applicable`: the case is not about what is tested. `error`: the suite could not carry it out.
   */
  readonly outcome: 'pass' | 'fail' | 'inconclusive' | 'not-applicable' | 'error';
  /** What was wrong, or why there is no verdict. Of a pass the title says what held. */
  readonly message?: string;
  readonly milliseconds: number;
}

/** In the order in which they build on each other. */
export const raCases: readonly RaCase[] = [
  ...registrationCases,
  ...loginCases,
  ...strangerCases,
  ...associationCases,
  ...discoveryCases,
  ...accessCases,
  ...messageCases,
  ...logoutCases,
  ...securityCases,
  ...associationEndCases,
  ...registrationEndCases,
];

/** Plays the users and the device of GB/T 29265.205 against a platform, case by case. */
export async function* runRaConformance(
  target: RaTarget,
  { signal, cases = raCases }: { readonly signal?: AbortSignal; readonly cases?: readonly RaCase[] } = {},
): AsyncGenerator<RaResult, void> {
  const bench = new Bench(target);
  try {
    for (const one of cases) {
      signal?.throwIfAborted();
      yield await runCase({ ...one, run: () => one.run(bench) }, target.clock);
    }
  } finally {
    await bench.close();
  }
}

/** Judges one case by what it throws. */
export async function runCase(
  { id, title, run }: Pick<RaCase, 'id' | 'title'> & { readonly run: () => Promise<void> },
  clock: Clock,
): Promise<RaResult> {
  const begin = clock.epoch();
  const elapsed = () => Math.max(0, Math.round(clock.epoch() - begin));
  try {
    await run();
    return { id, title, outcome: 'pass', milliseconds: elapsed() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, title, outcome: outcomeOf(error), message, milliseconds: elapsed() };
  }
}

function outcomeOf(error: unknown): RaResult['outcome'] {
  if (error instanceof NotConforming) return 'fail';
  if (error instanceof Inconclusive) return 'inconclusive';
  return error instanceof NotApplicable ? 'not-applicable' : 'error';
}
