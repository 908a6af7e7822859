import { NotConforming } from '../bench.ts';
import { NotTried } from '../not-tried.ts';
import { type RaResult, runCase } from '../suite.ts';
import { ClientBench, type ClientUnderTest } from './client-bench.ts';
import { describeViolation } from './client-watch.ts';
import { loginCases, logoutCases, registrationCases, returnCases, robustnessCases } from './connection-cases.ts';
import { deviceAccessCases, deviceBindingCases, deviceDataCases, deviceEndCases } from './device-cases.ts';
import { loginFaultCases } from './login-faults.ts';
import { messageClauses } from './stanza-rules.ts';
import { userBindingCases, userDataCases, userEndCases, userFriendCases } from './user-cases.ts';

/** One thing that the standard wants of a client. */
export interface ClientCase {
  /** The clause, and a number: `11.2-1`. */
  readonly id: string;
  readonly title: string;
  /** @throws NotConforming, NotTried */
  run(bench: ClientBench): Promise<void>;
}

/** In the order in which they build on each other. */
export const clientCases: Readonly<Record<'user' | 'device', readonly ClientCase[]>> = {
  device: [
    ...registrationCases,
    ...loginFaultCases,
    ...loginCases,
    ...deviceBindingCases,
    ...deviceDataCases,
    ...deviceAccessCases,
    ...robustnessCases,
    ...returnCases,
    ...deviceEndCases,
    ...logoutCases,
  ],
  user: [
    ...registrationCases,
    ...loginFaultCases,
    ...loginCases,
    ...userBindingCases,
    ...userDataCases,
    ...userFriendCases,
    ...robustnessCases,
    ...returnCases,
    ...userEndCases,
    ...logoutCases,
  ],
};

/**
 * Plays the standard IRSP and the other side for a client, in the spirit of GB/T 29265.502: case by case, and at the end every message that
 * it sent, by clause.
 */
export async function* runClientConformance(
  under: ClientUnderTest,
  who: 'user' | 'device',
  { signal }: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<RaResult, void> {
  const bench = new ClientBench(under, who);
  const { clock } = under.target;
  const judge = ({ id, title, run }: ClientCase) => runCase({ id, title, run: () => run(bench) }, clock);
  try {
    yield await judge({ id: '0-1', title: 'the other accounts are there', run: () => prepare(bench) });
    let isIn = true;
    for (const one of clientCases[who]) {
      signal?.throwIfAborted();
      const result = await judge(isIn ? one : { ...one, run: neverIn });
      signal?.throwIfAborted();
      yield result;
      if (one.id === '8-1' && result.outcome !== 'pass') isIn = false;
    }
    for (const one of messageCases(bench)) yield await judge(one);
  } finally {
    await bench.bench.close();
  }
}

async function neverIn(): Promise<void> {
  throw new NotTried('it is not logged in');
}

/** Registers everybody but the client, and the client too unless it does so itself. */
async function prepare({ under, bench, who }: ClientBench): Promise<void> {
  const { accounts, verifyCode, password } = under.target;
  const facts = { deviceType: 'thermostat', vendor: 'Yaolian', model: 'conformance', verifyCode };
  const user = (of: 'user' | 'friend') => accounts.registerUser({ name: bench.name(of), password });
  const device = () => accounts.registerDevice({ name: bench.name('device'), password, ...facts });
  if (who === 'device' || !under.registers) await user('user');
  if (who === 'user' || !under.registers) await device();
  await user('friend');
}

/** Of every message that the client sent: is it of its schema? */
function messageCases({ watch }: ClientBench): readonly ClientCase[] {
  return ['7', ...messageClauses].map((clause) => ({
    id: `${clause}-0`,
    title: 'every message that it sent is of its schema, and may be sent so',
    async run() {
      if (!watch.judged.has(clause)) throw new NotTried('it sent none');
      const violations = watch.violations.filter((one) => one.clause === clause);
      if (violations.length === 0) return;
      const shown = [...new Set(violations.map(describeViolation))].slice(0, 10);
      throw new NotConforming(shown.join('\n'));
    },
  }));
}
