import { seconds, toMilliseconds } from '@yaolian/kernel';
import { element, namespaces, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../../namespaces.ts';
import { must } from '../bench.ts';
import { applies, needs } from '../unjudged.ts';
import { askedCase } from './asked-case.ts';
import type { ClientBench } from './client-bench.ts';
import type { ClientCase } from './client-suite.ts';

const { binding, link, permission, verificationCode } = raNamespaces;

/** Time for a tester to make it decline. */
const betweenAttempts = seconds(1);

/** What devices ask of the platform (§9, §10): most need no tester, and many do not ask at all. */
export const deviceRequestCases: readonly ClientCase[] = [
  askedCase({
    id: '10.3-3',
    title: 'it asks who owns it',
    zh: '查询自己有哪些所有者',
    en: () => 'let the device show who owns it',
    zhStep: () => '让设备显示其所有者',
    message: ['bindings', binding],
    sinceLogin: true,
  }),
  askedCase({
    id: '10.3-4',
    title: 'it asks whether it is asked before somebody owns it',
    zh: '查询自己在绑定前是否被询问',
    en: () => 'let the device show whether it is asked before somebody owns it',
    zhStep: () => '让设备显示其在绑定前是否被询问',
    type: 'get',
    message: ['confirmation', binding],
    sinceLogin: true,
  }),
  askedCase({
    id: '10.3-5',
    title: 'it decides that it is asked',
    zh: '设定自己在绑定前被询问',
    en: () => 'let the device decide that it is asked before somebody owns it',
    zhStep: () => '让设备设定其在绑定前被询问',
    type: 'set',
    message: ['confirmation', binding],
    wants: () => ({ required: 'true' }),
  }),
  askedCase({
    id: '9-2',
    title: 'it asks what is permitted on it',
    zh: '查询自己被授予了哪些权限',
    en: () => 'let the device show what is permitted on it',
    zhStep: () => '让设备显示对其授予的权限',
    message: ['permissions', permission],
  }),
  askedCase({
    id: '9-3',
    title: 'it permits a class of accounts to do something',
    zh: '对一类账号授予权限',
    en: ({ feature }) => `let the device permit friends of its owners to read ${feature}`,
    zhStep: ({ feature }) => `让设备允许其所有者的好友读取 ${feature}`,
    facts: () => ({ class: 'friend', feature: 'urn:oma:lwm2m:oma:3', operations: 'read' }),
    message: ['grant', permission],
    wants: ({ feature, operations }) => ({ class: 'friend', feature: feature!, operations: operations! }),
  }),
  askedCase({
    id: '9-4',
    title: 'it takes that back',
    zh: '收回该权限',
    en: ({ feature }) => `let the device revoke what friends were permitted on ${feature}`,
    zhStep: ({ feature }) => `让设备收回好友对 ${feature} 的权限`,
    facts: () => ({ class: 'friend', feature: 'urn:oma:lwm2m:oma:3' }),
    message: ['revoke', permission],
    wants: ({ feature }) => ({ class: 'friend', feature: feature! }),
  }),
  {
    id: '10.2-1',
    title: 'it is linked with another device, gets its messages, and is unlinked',
    zh: '与另一设备关联，收到其消息，再被解除关联',
    async run(bench) {
      needs(bench.isBound, 'it has no owner');
      const user = await bench.bench.player('user');
      const second = await bench.bench.device('second');
      const far = bench.bench.address('second');
      const bind = element('bind', binding, { device: far, code: bench.under.target.verifyCode, name: 'Other' });
      await user.told('set', bench.domain, bind);
      await user.pushed('bound', (push) => push.attribute('device') === far);
      const begin = bench.watch.stanzas.length;
      await user.done(bench.domain, element('link', link, { device: bench.address, other: far }));
      const body = element('body', namespaces.client, {}, 'conformance');
      second.client.send(element('message', namespaces.client, { type: 'chat', to: bench.address }, body));
      await second.owners();
      await bench.fence();
      await user.done(bench.domain, element('unlink', link, { device: bench.address, other: far }));
      await bench.fence();
      const isError = ({ name, attributes }: XmlElement) => name === 'message' && attributes['type'] === 'error';
      must(!bench.watch.since(begin).some(isError), 'it refuses a message of a device that it is linked with');
    },
  },
  askedCase({
    id: '10.2-2',
    title: 'it asks which devices it is linked with',
    zh: '查询自己与哪些设备关联',
    en: () => 'let the device show what it is linked with',
    zhStep: () => '让设备显示与其关联的设备',
    message: ['links', link],
    sinceLogin: true,
  }),
  {
    id: '10.4-2',
    title: 'it removes an owner',
    zh: '移除一个所有者',
    async run(bench) {
      needs(bench.isBound, 'it has no owner');
      const address = bench.bench.address('friend');
      const begin = bench.watch.stanzas.length;
      if (await bindFriend(bench)) {
        const answer = await bench.watch.find(() => answerSince(bench, begin), bench.under.timeout);
        if (answer?.name !== 'confirm') await leave(bench);
        needs(answer?.name === 'confirm', 'it does not agree to another owner');
      }
      const step = {
        id: '10.4-2',
        en: `let the device remove its owner ${address}`,
        zh: `让设备移除其所有者 ${address}`,
        facts: { user: address },
      };
      try {
        const asked = await bench.step(step, () => bench.requestSince(begin, 'unbind', binding));
        must(asked.attribute('user') === address, `it removes ${asked.attribute('user') ?? 'nobody'}, not ${address}`);
        await bench.bench.until('the end of the binding', async () => !(await owners(bench)).includes(address));
      } catch (error) {
        await leave(bench);
        throw error;
      }
    },
  },
  {
    id: '10.3-6',
    title: 'who it declines does not own it',
    zh: '被其拒绝的用户不成为所有者',
    async run(bench) {
      const address = bench.bench.address('friend');
      const { clock } = bench.under.target;
      const step = {
        id: '10.3-6',
        en: `let the device decline ${address}, who asks to own it`,
        zh: `让设备拒绝请求绑定的用户 ${address}`,
        facts: { user: address },
      };
      // A device that is asked may answer by itself, at once; one that agreed before the tester had time to forbid it is asked again.
      const signal = bench.under.tell(step);
      const end = clock.epoch() + toMilliseconds(bench.under.patience);
      let answer: XmlElement | undefined;
      do {
        const begin = bench.watch.stanzas.length;
        const isAsked = await bindFriend(bench);
        if (!isAsked) await leave(bench);
        applies(isAsked, 'it is not asked before somebody owns it');
        answer = await bench.watch.find(() => answerSince(bench, begin), bench.under.patience, signal);
        if (answer?.name === 'decline') break;
        await leave(bench);
        await bench.watch.find(() => undefined, betweenAttempts, signal);
      } while (answer !== undefined && clock.epoch() < end && signal?.aborted !== true);
      applies(answer?.name === 'decline' || signal?.aborted !== true, 'the tester left it out');
      needs(answer !== undefined, 'nothing came in time');
      needs(answer.name === 'decline', 'it agreed each time');
      must(answer.attribute('user') === address, `it declines ${answer.attribute('user')}, not ${address}`);
      await bench.bench.until('that it does not wait any more', async () => !(await owners(bench)).includes(address));
    },
  },
  {
    id: '10.5-2',
    title: 'it makes a new code for itself',
    zh: '为自己生成新的验证码',
    async run(bench) {
      const [begin, requests] = [bench.watch.stanzas.length, bench.watch.accountRequests.length];
      const step = { id: '10.5-2', en: 'let the device make a new code', zh: '让设备生成新的验证码' };
      const isReset = ({ path }: { readonly path: string }) => path.includes('/verifycode.');
      await bench.step<unknown>(
        step,
        () =>
          bench.requestSince(begin, 'reset', verificationCode) ??
          bench.watch.accountRequests.slice(requests).find(isReset),
      );
      await bench.fence();
    },
  },
];

/** What it says to somebody who would like to own it. */
function answerSince(bench: ClientBench, begin: number): XmlElement | undefined {
  return bench.requestSince(begin, 'decline', binding) ?? bench.requestSince(begin, 'confirm', binding);
}

/** The friend asks to own it. @returns whether it is asked */
async function bindFriend(bench: ClientBench): Promise<boolean> {
  needs(bench.isBound, 'it has no owner');
  // The code may have become another one that nobody told: the owner makes a new one.
  const reset = element('reset', verificationCode, { device: bench.address });
  const code = (await (await bench.bench.player('user')).told('set', bench.domain, reset)).text();
  bench.bench.code = code;
  const bind = element('bind', binding, { device: bench.address, code, name: 'Conformance' });
  const bound = await (await bench.bench.player('friend')).told('set', bench.domain, bind);
  return bound.attribute('state') === 'pending';
}

async function owners(bench: ClientBench): Promise<readonly (string | undefined)[]> {
  const asked = element('bindings', binding, { device: bench.address });
  const told = await (await bench.bench.player('user')).told('get', bench.domain, asked);
  return told.elements('binding').map((one) => one.attribute('user'));
}

/** The friend goes, so that what follows finds one owner. */
async function leave(bench: ClientBench): Promise<void> {
  const friend = await bench.bench.player('friend');
  await friend.ask('set', bench.domain, element('unbind', binding, { device: bench.address }));
}
