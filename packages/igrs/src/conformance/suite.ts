import { accessCases } from './access.ts';
import { associationCases, associationEndCases } from './associations.ts';
import { Bench, NotConforming, type RaTarget } from './bench.ts';
import { discoveryCases } from './discovery.ts';
import { loginCases } from './login.ts';
import { logoutCases } from './logout.ts';
import { messageCases } from './messages.ts';
import { registrationCases, registrationEndCases } from './registration.ts';
import { securityCases, strangerCases } from './security.ts';

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
  /** `error`: the case could not be carried out. */
  readonly outcome: 'pass' | 'fail' | 'error';
  /** What was wrong. */
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
      yield await runCase(one, bench);
    }
  } finally {
    await bench.close();
  }
}

async function runCase({ id, title, run }: RaCase, bench: Bench): Promise<RaResult> {
  const { clock } = bench.target;
  const begin = clock.epoch();
  const elapsed = () => Math.max(0, Math.round(clock.epoch() - begin));
  try {
    await run(bench);
    return { id, title, outcome: 'pass', milliseconds: elapsed() };
  } catch (error) {
    const outcome = error instanceof NotConforming ? 'fail' : 'error';
    const message = error instanceof Error ? error.message : String(error);
    return { id, title, outcome, message, milliseconds: elapsed() };
  }
}
