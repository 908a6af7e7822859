import { NotConforming } from '../bench.ts';
import { type RaResult, runCase } from '../suite.ts';
import { applies, Inconclusive, NotApplicable } from '../unjudged.ts';
import { accountCases, accountEndCases } from './account-cases.ts';
import {
  userBookmarkCases,
  userContactCases,
  userDeviceCases,
  userLinkCases,
  userOwnerCases,
} from './association-requests.ts';
import { ClientBench, type ClientUnderTest } from './client-bench.ts';
import { describeViolation } from './client-watch.ts';
import { loginCases, logoutCases, registrationCases, returnCases, robustnessCases } from './connection-cases.ts';
import { deviceAccessCases, deviceBindingCases, deviceDataCases, deviceEndCases } from './device-cases.ts';
import { deviceRequestCases } from './device-requests.ts';
import { loginFaultCases } from './login-faults.ts';
import { deviceCapabilityCases, deviceChannelCases, devicePushCases, userPushCases } from './push-cases.ts';
import { messageClauses } from './stanza-rules.ts';
import { userBindingCases, userDataCases, userEndCases, userFriendCases } from './user-cases.ts';
import { userDiscoveryCases, userRequestCases } from './user-requests.ts';

/** One thing that the standard wants of a client. */
export interface ClientCase {
  /** The clause, and a number: `11.2-1`. */
  readonly id: string;
  readonly title: string;
  readonly zh: string;
  /** @throws NotConforming, Inconclusive, NotApplicable */
  run(bench: ClientBench): Promise<void>;
}

/** In the order in which they build on each other. */
export const clientCases: Readonly<Record<'user' | 'device', readonly ClientCase[]>> = {
  device: [
    ...registrationCases,
    ...accountCases,
    ...loginFaultCases,
    ...loginCases,
    ...deviceBindingCases,
    ...deviceCapabilityCases,
    ...deviceDataCases,
    ...deviceAccessCases,
    ...devicePushCases,
    ...deviceChannelCases,
    ...deviceRequestCases,
    ...robustnessCases,
    ...returnCases,
    ...deviceEndCases,
    ...logoutCases,
    ...accountEndCases,
  ],
  user: [
    ...registrationCases,
    ...accountCases,
    ...loginFaultCases,
    ...loginCases,
    ...userBindingCases,
    ...userDeviceCases,
    ...userDiscoveryCases,
    ...userDataCases,
    ...userRequestCases,
    ...userFriendCases,
    ...userContactCases,
    ...userLinkCases,
    ...userBookmarkCases,
    ...userPushCases,
    ...robustnessCases,
    ...returnCases,
    ...userOwnerCases,
    ...userEndCases,
    ...logoutCases,
    ...accountEndCases,
  ],
};

/**
 * Plays the standard IRSP and the other side for a client, in the spirit of GB/T 29265.502: case by case, and at the end every message that
 * it sent, by clause.
 */
export async function* runClientConformance(
  under: ClientUnderTest,
  who: 'user' | 'device',
  {
    signal,
    onBegin,
  }: { readonly signal?: AbortSignal; readonly onBegin?: (one: Omit<ClientCase, 'run'>) => void } = {},
): AsyncGenerator<RaResult, void> {
  const bench = new ClientBench(under, who);
  const { clock } = under.target;
  const judge = ({ id, title, zh, run }: ClientCase) => {
    onBegin?.({ id, title, zh });
    return runCase({ id, title, run: () => run(bench) }, clock);
  };
  try {
    yield await judge(preparation);
    let isIn = true;
    for (const one of clientCases[who]) {
      signal?.throwIfAborted();
      const result = await judge(
        isLeftOut(one, under) ? { ...one, run: leftOut } : needsIn(one) && !isIn ? { ...one, run: neverIn } : one,
      );
      signal?.throwIfAborted();
      yield result;
      if (one.id === '8-1' && result.outcome !== 'pass') isIn = false;
    }
    for (const one of messageCases(bench)) yield await judge(one);
  } finally {
    await bench.bench.close();
  }
}

const preparation: ClientCase = {
  id: '0-1',
  title: 'the other accounts are there',
  zh: '其他账号已就绪',
  run: prepare,
};

async function neverIn(): Promise<void> {
  throw new Inconclusive('it is not logged in');
}

/** What is asked of the account server needs no connection. */
function needsIn({ id }: ClientCase): boolean {
  return !id.startsWith('7-');
}

/** Without these there is nothing to judge: registration and login. */
const always: ReadonlySet<string> = new Set(['7-1', '8-1', '8-21']);

function isLeftOut({ id }: ClientCase, { without }: ClientUnderTest): boolean {
  return !always.has(id) && clausesOf(id).some((one) => without?.has(one) === true);
}

/** What stands for a case where cases are left out: of `10.2-7` also `10.2` and `10`. */
export function clausesOf(id: string): readonly string[] {
  const clause = id.slice(0, id.lastIndexOf('-'));
  return [id, clause, clause.split('.')[0]!];
}

async function leftOut(): Promise<void> {
  throw new NotApplicable('the tester left it out (--without)');
}

/** Registers everybody but the client, and the client too unless it does so itself. */
async function prepare({ under, bench, who }: ClientBench): Promise<void> {
  const { accounts, verifyCode, password } = under.target;
  const facts = { deviceType: 'thermostat', vendor: 'Yaolian', model: 'conformance', verifyCode };
  const user = (of: 'user' | 'friend' | 'guesser') => accounts.registerUser({ name: bench.name(of), password });
  const device = () => accounts.registerDevice({ name: bench.name('device'), password, ...facts });
  if (who === 'device' || !under.registers) await user('user');
  if (who === 'user' || !under.registers) await device();
  await user('friend');
  await user('guesser');
  await accounts.registerDevice({ name: bench.name('second'), password, ...facts, confirms: true });
}

/** Of every message that the client sent: is it of its schema? */
function messageCases({ watch }: ClientBench): readonly ClientCase[] {
  return ['7', ...messageClauses].map((clause) => ({
    id: `${clause}-0`,
    ...(clause === '11.5' ? noPush : everyMessage),
    async run() {
      applies(watch.judged.has(clause === '11.5' ? '11.1' : clause), 'it sent none');
      const violations = watch.violations.filter((one) => one.clause === clause);
      if (violations.length === 0) return;
      const shown = [...new Set(violations.map(describeViolation))].slice(0, 10);
      throw new NotConforming(shown.join('\n'));
    },
  }));
}

const everyMessage = {
  title: 'every message that it sent is of its schema, and may be sent so',
  zh: '所发的每条消息都符合模式，且可以如此发送',
};
const noPush = { title: 'it sent no push: only the domain does', zh: '未发送推送：只有域可以推送' };
