import { element, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../../namespaces.ts';
import { featureOfPath } from '../../wire/data.ts';
import { must, reboot, setPoint, temperature } from '../bench.ts';
import { needs } from '../unjudged.ts';
import type { ClientBench } from './client-bench.ts';
import type { ClientCase } from './client-suite.ts';
import { userPermissionCase } from './user-requests.ts';

const { binding, data, friend, permission, verificationCode } = raNamespaces;

async function owners(bench: ClientBench): Promise<readonly string[]> {
  return (await (await bench.bench.device()).owners()).map(({ user }) => user);
}

const feature = featureOfPath(temperature);

/** Waits until the platform is so: what the client asked is being carried out. */
async function becomes(bench: ClientBench, what: string, isSo: () => Promise<boolean>): Promise<void> {
  await bench.bench.until(what, isSo);
}

/** A request of data about the device of the suite, now or later. */
function dataRequest(bench: ClientBench, begin: number, name: string, path?: string): XmlElement | undefined {
  const device = bench.bench.address('device');
  const found = bench.watch.since(begin).find((stanza) => {
    const [payload] = stanza.elements();
    const to = stanza.attribute('to') ?? '';
    const isRight = payload?.is(name, data) === true && (path === undefined || payload.attribute('path') === path);
    return stanza.name === 'iq' && isRight && (to === device || to.startsWith(`${device}/`));
  });
  return found?.elements()[0];
}

/** GB/T 29265.205 §10.3, §10.5. */
export const userBindingCases: readonly ClientCase[] = [
  {
    id: '10.3-1',
    title: 'a code that is wrong binds nothing, and it goes on',
    zh: '错误的验证码不产生绑定，客户端继续运行',
    async run(bench) {
      await bench.bench.device();
      const [device, code] = [bench.bench.address('device'), `${bench.code}0`];
      const begin = bench.watch.stanzas.length;
      const step = {
        id: '10.3-1',
        en: `bind the device ${device} with the wrong code ${code}`,
        zh: `用错误的验证码 ${code} 绑定设备 ${device}`,
        facts: { device, code },
      };
      const asked = await bench.step(step, () => bench.requestSince(begin, 'bind', binding));
      must(asked.attribute('device') === device, `it binds ${asked.attribute('device')}, not ${device}`);
      must(asked.attribute('code') === code, `it tells the code ${asked.attribute('code')}, not ${code}`);
      await bench.fence();
    },
  },
  {
    id: '10.3-2',
    title: 'it binds a device by its code',
    zh: '用验证码绑定设备',
    async run(bench) {
      const [device, { code }] = [bench.bench.address('device'), bench];
      const begin = bench.watch.stanzas.length;
      const step = {
        id: '10.3-2',
        en: `bind the device ${device} with the code ${code}`,
        zh: `用验证码 ${code} 绑定设备 ${device}`,
        facts: { device, code },
      };
      const asked = await bench.step(step, () => bench.requestSince(begin, 'bind', binding));
      must(asked.attribute('device') === device, `it binds ${asked.attribute('device')}, not ${device}`);
      must(asked.attribute('code') === code, `it tells the code ${asked.attribute('code')}, not ${code}`);
      await becomes(bench, 'the binding', async () => (await owners(bench)).includes(bench.address));
      bench.isBound = true;
    },
  },
  {
    id: '10.5-1',
    title: 'it resets the code of its device',
    zh: '重置其设备的验证码',
    async run(bench) {
      needs(bench.isBound, 'it owns no device');
      const begin = bench.watch.stanzas.length;
      const device = bench.bench.address('device');
      const step = {
        id: '10.5-1',
        en: `reset the code of ${device}`,
        zh: `重置 ${device} 的验证码`,
        facts: { device },
      };
      await bench.step(step, () => bench.requestSince(begin, 'reset', verificationCode));
      await bench.fence();
    },
  },
];

/** §11.2, §11.3. */
export const userDataCases: readonly ClientCase[] = [
  {
    id: '11.2-10',
    title: 'it reads a value',
    zh: '读取一个值',
    async run(bench) {
      needs(bench.isBound, 'it owns no device');
      const device = bench.bench.address('device');
      const begin = bench.watch.stanzas.length;
      const step = {
        id: '11.2-10',
        en: `read ${temperature} of ${device}`,
        zh: `读取 ${device} 的 ${temperature}`,
        facts: { device, path: temperature },
      };
      await bench.step(step, () => dataRequest(bench, begin, 'read'));
      await bench.fence();
    },
  },
  {
    id: '11.2-11',
    title: 'it writes a value, which the device gets',
    zh: '写入一个值，设备收到',
    async run(bench) {
      needs(bench.isBound, 'it owns no device');
      const device = bench.bench.address('device');
      const begin = bench.watch.stanzas.length;
      const step = {
        id: '11.2-11',
        en: `write 23 to ${setPoint} of ${device}`,
        zh: `向 ${device} 的 ${setPoint} 写入 23`,
        facts: { device, path: setPoint, value: '23' },
      };
      const asked = await bench.step(step, () => dataRequest(bench, begin, 'write'));
      must(asked.attribute('path') === setPoint, `it writes to ${asked.attribute('path')}, not to ${setPoint}`);
      must(Number(asked.text()) === 23, `it writes "${asked.text()}", not 23`);
      await bench.fence();
    },
  },
  {
    id: '11.2-12',
    title: 'it executes a resource',
    zh: '执行一个资源',
    async run(bench) {
      needs(bench.isBound, 'it owns no device');
      const { device } = bench.bench.played;
      const before = device.executions;
      const begin = bench.watch.stanzas.length;
      const step = {
        id: '11.2-12',
        en: `execute ${reboot}`,
        zh: `执行 ${reboot}`,
        facts: { device: bench.bench.address('device'), path: reboot },
      };
      const asked = await bench.step(step, () => dataRequest(bench, begin, 'execute'));
      must(asked.attribute('path') === reboot, `it executes ${asked.attribute('path')}, not ${reboot}`);
      await becomes(bench, 'the execution', async () => device.executions > before);
    },
  },
  {
    id: '11.3-1',
    title: 'it observes a value, and takes what is told',
    zh: '订阅一个值，并接收所告知的值',
    async run(bench) {
      needs(bench.isBound, 'it owns no device');
      const device = bench.bench.address('device');
      const begin = bench.watch.stanzas.length;
      const step = {
        id: '11.3-1',
        en: `observe ${setPoint} of ${device}`,
        zh: `订阅 ${device} 的 ${setPoint}`,
        facts: { device, path: setPoint },
      };
      const asked = await bench.step(step, () => dataRequest(bench, begin, 'observe'));
      const { resources } = bench.bench.played.device;
      await bench.fence();
      const seen = bench.watch.stanzas.length;
      resources?.write(asked.attribute('path') ?? setPoint, '19');
      await bench.fence();
      const isError = ({ name, attributes }: XmlElement) => name === 'message' && attributes['type'] === 'error';
      must(!bench.watch.since(seen).some(isError), 'it refuses the value that it asked for');
    },
  },
  {
    id: '11.5-1',
    title: 'pushes of the domain and of others leave it as it is',
    zh: '来自域和他人的推送不影响其运行',
    async run(bench) {
      const { watch, domain } = bench;
      const begin = watch.stanzas.length;
      const device = bench.bench.address('device');
      bench.deliverPush('linked', { device, other: `other@${domain}` }, domain);
      bench.deliverPush('code-reset', { device }, `${bench.bench.address('friend')}/x`);
      bench.deliverPush('of-a-later-version', { device }, domain);
      await bench.leavesConnected(() => []);
      const isError = ({ name, attributes }: XmlElement) => name === 'message' && attributes['type'] === 'error';
      must(!watch.since(begin).some(isError), 'it answers a push with an error');
    },
  },
];

/** §10.2, §9, §11.3. */
export const userFriendCases: readonly ClientCase[] = [
  {
    id: '10.2-1',
    title: 'it asks somebody to be a friend',
    zh: '请求他人成为好友',
    async run(bench) {
      const other = bench.bench.address('friend');
      const player = await bench.bench.player('friend');
      const begin = bench.watch.stanzas.length;
      const step = {
        id: '10.2-1',
        en: `ask ${other} to be a friend`,
        zh: `请求添加 ${other} 为好友`,
        facts: { user: other },
      };
      const isSubscription = (stanza: XmlElement) =>
        stanza.name === 'presence' && stanza.attribute('type') === 'subscribe' && stanza.attribute('to') === other;
      const asked = await bench.step(step, () => {
        const request = bench.requestSince(begin, 'ask', friend);
        return request ?? bench.watch.since(begin).find(isSubscription);
      });
      if (asked.namespace === friend) {
        must(asked.attribute('user') === other, `it asks ${asked.attribute('user')}, not ${other}`);
      }
      await player.pushed('friend-asked');
      await player.done(bench.domain, element('accept', friend, { user: bench.address }));
      bench.isFriend = true;
      await bench.fence();
    },
  },
  {
    id: '11.3-2',
    title: 'it writes a friend a message',
    zh: '给好友发消息',
    async run(bench) {
      const other = bench.bench.address('friend');
      const begin = bench.watch.stanzas.length;
      const step = {
        id: '11.3-2',
        en: `write ${other} a message`,
        zh: `给 ${other} 发一条消息`,
        facts: { user: other },
      };
      await bench.step(step, () =>
        bench.watch
          .since(begin)
          .find((stanza) => stanza.name === 'message' && stanza.attribute('to')?.split('/')[0] === other),
      );
    },
  },
  {
    id: '9-1',
    title: 'it permits a friend to read its device',
    zh: '允许好友读取其设备',
    async run(bench) {
      needs(bench.isBound, 'it owns no device');
      const other = bench.bench.address('friend');
      const begin = bench.watch.stanzas.length;
      const device = bench.bench.address('device');
      const step = {
        id: '9-1',
        en: `permit ${other} to read object 3303 of ${device}`,
        zh: `允许 ${other} 读取 ${device} 的对象 3303`,
        facts: { user: other, device, feature },
      };
      const asked = await bench.step(step, () => bench.requestSince(begin, 'grant', permission));
      must(asked.attribute('account') === other, `it permits ${asked.attribute('account') ?? 'a class'}, not ${other}`);
      must(asked.attribute('operations')?.split(' ').includes('read') === true, 'reading is not permitted');
    },
  },
  userPermissionCase,
  {
    id: '9-2',
    title: 'it takes that back',
    zh: '收回该权限',
    async run(bench) {
      needs(bench.isBound, 'it owns no device');
      const other = bench.bench.address('friend');
      const begin = bench.watch.stanzas.length;
      const step = {
        id: '9-2',
        en: `revoke what ${other} was permitted`,
        zh: `收回给 ${other} 的权限`,
        facts: { user: other, device: bench.bench.address('device'), feature },
      };
      const asked = await bench.step(step, () => bench.requestSince(begin, 'revoke', permission));
      must(
        asked.attribute('account') === other,
        `it revokes for ${asked.attribute('account') ?? 'a class'}, not ${other}`,
      );
    },
  },
];

/** §10.4. */
export const userEndCases: readonly ClientCase[] = [
  {
    id: '10.4-1',
    title: 'it gives its device up',
    zh: '放弃其设备',
    async run(bench) {
      needs(bench.isBound, 'it owns no device');
      const device = bench.bench.address('device');
      const step = { id: '10.4-1', en: `unbind ${device}`, zh: `解除绑定 ${device}`, facts: { device } };
      const begin = bench.watch.stanzas.length;
      const isRemoval = (stanza: XmlElement) =>
        stanza.name === 'iq' && stanza.elements()[0]?.elements('item')[0]?.attribute('subscription') === 'remove';
      await bench.step(
        step,
        () => bench.requestSince(begin, 'unbind', binding) ?? bench.watch.since(begin).find(isRemoval),
      );
      await becomes(bench, 'the unbinding', async () => !(await owners(bench)).includes(bench.address));
      bench.isBound = false;
      await bench.fence();
    },
  },
];
