import { element, namespaces, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../../namespaces.ts';
import { discoInfo } from '../../wire/device-discovery.ts';
import { must } from '../bench.ts';
import { applies, needs } from '../unjudged.ts';
import type { ClientBench } from './client-bench.ts';
import type { ClientCase } from './client-suite.ts';
import { conditionOf } from './stanza-rules.ts';

const { binding, data, device: deviceNamespace, verificationCode } = raNamespaces;
/** No device has an object of this number: it is kept free (OMA registry). */
const nowhere = '/32768/0/1';
/** Instances that are read of one device. */
const mostInstances = 16;
const numbers = ['integer', 'unsigned-integer', 'float'];

const read = (path: string) => element('read', data, { path });
const write = (path: string, text: string) => element('write', data, { path }, text);

function bind({ address, code }: ClientBench): XmlElement {
  return element('bind', binding, { device: address, code, name: 'Conformance' });
}

/** GB/T 29265.205 §10, §13. */
export const deviceBindingCases: readonly ClientCase[] = [
  {
    id: '13-2',
    title: 'it says what it understands (disco#info)',
    zh: '说明自己理解什么（disco#info）',
    async run(bench) {
      const told = await bench.told('get', element('query', discoInfo));
      must(
        told.is('query', discoInfo),
        `<${told.name} xmlns='${told.namespace}'/> is no <query xmlns='${discoInfo}'/>`,
      );
      must(told.elements('identity').length > 0, 'it has no identity (XEP-0030 §3.1)');
      const features = told.elements('feature').map((one) => one.attribute('var'));
      must(features.includes(discoInfo), `${discoInfo} is not among its features (XEP-0030 §3.1)`);
    },
  },
  {
    id: '13-3',
    title: 'it says what it is',
    zh: '说明自己是什么',
    async run(bench) {
      const told = await bench.told('get', element('device', deviceNamespace));
      must(told.is('device', deviceNamespace), `<${told.name} xmlns='${told.namespace}'/> is no <device/>`);
      bench.description = told;
    },
  },
  {
    id: '10.3-1',
    title: 'who tells its code owns it, and one that is asked answers',
    zh: '给出其验证码者成为所有者；需要确认的设备给出答复',
    async run(bench) {
      const user = await bench.bench.player('user');
      const bound = await user.told('set', bench.domain, bind(bench));
      if (bound.attribute('state') === 'pending') {
        const answered = () => bench.requestSince(0, 'confirm', binding) ?? bench.requestSince(0, 'decline', binding);
        const answer = await bench.expect('<confirm user/> or <decline user/> to the push <binding-asked/>', answered);
        const address = bench.bench.address('user');
        must(answer.attribute('user') === address, `it answers ${answer.attribute('user')}, not ${address}`);
        needs(answer.name === 'confirm', 'it declined: what follows needs an owner');
        await user.pushed('bound');
      }
      bench.isBound = true;
      await bench.fence();
    },
  },
  {
    id: '10.3-2',
    title: 'a wrong code binds nobody, and it hears nothing of it',
    zh: '错误的验证码不产生绑定，设备也不知情',
    async run(bench) {
      const friend = await bench.bench.player('friend');
      const begin = bench.watch.stanzas.length;
      const wrong = element('bind', binding, { device: bench.address, code: `${bench.code}0`, name: 'Conformance' });
      await friend.refused('set', bench.domain, wrong, 'not-authorized');
      await bench.fence();
      must(bench.requestSince(begin, 'confirm', binding) === undefined, 'it agreed to somebody who told a wrong code');
    },
  },
  {
    id: '10.5-1',
    title: 'its owner resets the code, and it goes on',
    zh: '所有者重置验证码后继续运行',
    async run(bench) {
      needs(bench.isBound, 'it has no owner');
      const user = await bench.bench.player('user');
      const reset = element('reset', verificationCode, { device: bench.address });
      bench.bench.code = (await user.told('set', bench.domain, reset)).text();
      await bench.fence();
    },
  },
];

/** §11.2, §11.3. */
export const deviceDataCases: readonly ClientCase[] = [
  {
    id: '11.2-10',
    title: 'what it announces can be read',
    zh: '所声明的内容可以读取',
    async run(bench) {
      const paths = instancesOf(bench);
      applies(paths.length > 0, 'it announces no <instance path/> in <device/>');
      for (const path of paths) await readValues(bench, path);
    },
  },
  {
    id: '11.2-11',
    title: 'its owner reads it, through the platform',
    zh: '所有者通过平台读取',
    async run(bench) {
      needs(bench.isBound, 'it has no owner');
      const [path] = instancesOf(bench);
      applies(path !== undefined, 'it announces no <instance path/> in <device/>');
      const values = await (await bench.bench.player('user')).told('get', bench.address, read(path));
      must(values.is('values', data), `<${values.name}/> came, not <values/>`);
    },
  },
  {
    id: '11.2-12',
    title: 'what it does not have cannot be read, written, executed or observed',
    zh: '没有的资源不能读、写、执行或订阅',
    async run(bench) {
      await bench.refused('get', read(nowhere));
      await bench.refused('set', write(nowhere, '1'));
      await bench.refused('set', element('execute', data, { path: nowhere }));
      await bench.refused('set', element('observe', data, { path: nowhere }));
    },
  },
  {
    id: '11.2-13',
    title: 'requests that are not of their schema are refused',
    zh: '拒绝不符合模式的请求',
    async run(bench) {
      await bench.refused('get', element('read', data));
      await bench.refused('get', element('read', data, { path: 'somewhere' }));
      await bench.refused('set', element('write', data, {}, '1'));
      await bench.refused('set', element('juggle', data, { path: '/3/0' }));
    },
  },
  {
    id: '11.2-14',
    title: 'what is written is read afterwards',
    zh: '写入的值随后可以读出',
    async run(bench) {
      const writable = await findWritable(bench);
      applies(writable !== undefined, 'nothing that it has takes the number or boolean that stands there');
      bench.writable = writable;
      const changed = otherThan(writable);
      await mustWrite(bench, writable.path, changed);
      const [value] = (await readValues(bench, writable.path)).elements('value');
      await mustWrite(bench, writable.path, writable.text);
      must(isSame(value?.text(), changed), `${writable.path} was set to ${changed}, and is read as ${value?.text()}`);
    },
  },
  {
    id: '11.3-1',
    title: 'a value that is observed is told when it changes, as a headline to the domain',
    zh: '被订阅的值变化时，以 headline 消息告知域',
    async run(bench) {
      const { writable, watch, domain } = bench;
      applies(writable !== undefined, 'nothing that it has can be changed');
      const { path, text } = writable;
      const values = await bench.told('set', element('observe', data, { path }));
      must(values.is('values', data), `<observe/> is answered with <${values.name}/>, not <values/>`);
      const begin = watch.stanzas.length;
      await mustWrite(bench, path, otherThan(writable));
      const told = await bench.expect(`the new value of ${path}`, () => toldSince(bench, begin, path)[0]);
      must(
        [undefined, domain].includes(told.attribute('to')),
        `it is told to ${told.attribute('to')}, not to ${domain}`,
      );
      await mustWrite(bench, path, text);
    },
  },
  {
    id: '11.2-15',
    title: 'an observation that is cancelled is over',
    zh: '取消后的订阅即告结束',
    async run(bench) {
      const { writable, watch } = bench;
      applies(writable !== undefined, 'nothing that it has can be changed');
      const answer = await bench.ask('set', element('cancel', data, { path: writable.path }));
      must(answer.attribute('type') === 'result', '<cancel/> is refused');
      const begin = watch.stanzas.length;
      await mustWrite(bench, writable.path, otherThan(writable));
      await mustWrite(bench, writable.path, writable.text);
      await bench.fence();
      must(toldSince(bench, begin, writable.path).length === 0, 'it still tells values');
    },
  },
  {
    id: '11.2-16',
    title: 'it executes what the tester lets be executed, for its owner too',
    zh: '执行测试者允许执行的资源，对其所有者也是如此',
    async run(bench) {
      const { executable } = bench.under;
      applies(executable !== undefined, 'the tester names nothing that may be executed (--execute PATH)');
      const execute = element('execute', data, { path: executable });
      const answer = await bench.ask('set', execute);
      const why = conditionOf(answer);
      must(
        answer.attribute('type') === 'result',
        `<execute path='${executable}'/> is refused: ${why ?? 'no condition'}`,
      );
      must(
        answer.elements().length === 0,
        `<execute/> is answered with <${answer.elements()[0]?.name}/>, not with nothing`,
      );
      if (bench.isBound) await (await bench.bench.player('user')).done(bench.address, execute);
    },
  },
  {
    id: '11.3-2',
    title: 'messages of its owner leave it as it is, kept or not',
    zh: '所有者的消息不影响其运行，无论是否留存',
    async run(bench) {
      needs(bench.isBound, 'it has no owner');
      const user = await bench.bench.player('user');
      const begin = bench.watch.stanzas.length;
      for (const type of ['chat', 'normal', 'headline']) {
        const body = element('body', namespaces.client, {}, 'conformance 一致性 <&>');
        user.client.send(element('message', namespaces.client, { type, to: bench.address }, body));
      }
      // Its answer comes after the messages.
      await user.ask('get', bench.address, read(nowhere));
      await bench.fence();
      const isError = ({ name, attributes }: XmlElement) => name === 'message' && attributes['type'] === 'error';
      must(!bench.watch.since(begin).some(isError), 'it refuses messages that its owner may send');
    },
  },
];

/** §9, §14. */
export const deviceAccessCases: readonly ClientCase[] = [
  {
    id: '9-1',
    title: 'who may not ask it gets no answer of it',
    zh: '无权者得不到它的答复',
    async run(bench) {
      const friend = await bench.bench.player('friend');
      const begin = bench.watch.stanzas.length;
      await friend.refused('get', bench.address, read('/3/0'), 'forbidden');
      await bench.fence();
      mustBeSilentTo(bench, 'friend', begin);
    },
  },
  {
    id: '11.5-1',
    title: 'pushes that are not from the domain are not believed',
    zh: '不相信并非来自域的推送',
    async run(bench) {
      const stranger = bench.bench.address('friend');
      const begin = bench.watch.stanzas.length;
      const time = new Date(bench.under.target.clock.epoch()).toISOString();
      const asked = { user: stranger, device: bench.address, state: 'pending', name: 'Conformance', since: time };
      bench.deliverPush('binding-asked', asked, `${stranger}/x`);
      await bench.fence();
      const answers = ['confirm', 'decline'].map((name) => bench.requestSince(begin, name, binding));
      must(
        answers.every((answer) => answer === undefined),
        `it answers <binding-asked/> that ${stranger} sent; only ${bench.domain} pushes`,
      );
      mustBeSilentTo(bench, 'friend', begin);
    },
  },
];

/** §10.4. */
export const deviceEndCases: readonly ClientCase[] = [
  {
    id: '10.4-1',
    title: 'a user who owns it no more hears nothing of it',
    zh: '不再是所有者的用户得不到任何消息',
    async run(bench) {
      needs(bench.isBound, 'it has no owner');
      const { writable, watch } = bench;
      const user = await bench.bench.player('user');
      if (writable !== undefined) {
        const observe = element('observe', data, { path: writable.path });
        await bench.ask('set', observe, user.client.jid.toString());
      }
      await user.done(bench.domain, element('unbind', binding, { device: bench.address }));
      bench.isBound = false;
      await user.pushed('unbound');
      await bench.fence();
      const begin = watch.stanzas.length;
      if (writable !== undefined) {
        await mustWrite(bench, writable.path, otherThan(writable));
        await mustWrite(bench, writable.path, writable.text);
      }
      await bench.fence();
      mustBeSilentTo(bench, 'user', begin);
    },
  },
];

/** What it has, but for the identity of the device itself last. */
function instancesOf({ description }: ClientBench): readonly string[] {
  const paths = description?.elements('instance').map((one) => one.attribute('path') ?? '') ?? [];
  const isDevice = (path: string) => path.startsWith('/3/');
  return [...paths.filter((path) => !isDevice(path)), ...paths.filter(isDevice)].slice(0, mostInstances);
}

async function readValues(bench: ClientBench, path: string): Promise<XmlElement> {
  const values = await bench.told('get', read(path));
  must(values.is('values', data), `${path} is read as <${values.name} xmlns='${values.namespace}'/>, not as <values/>`);
  const outside = values.elements('value').find((value) => !isUnder(value.attribute('path') ?? '', path));
  must(outside === undefined, `${path} was asked for, ${outside?.attribute('path')} came`);
  return values;
}

function isUnder(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}

type Writable = NonNullable<ClientBench['writable']>;

/** The first place that takes what stands there. */
async function findWritable(bench: ClientBench): Promise<Writable | undefined> {
  for (const instance of instancesOf(bench)) {
    for (const value of (await readValues(bench, instance)).elements('value')) {
      const { path = '', type = '' } = value.attributes;
      if (!numbers.includes(type) && type !== 'boolean') continue;
      const text = value.text();
      const answer = await bench.ask('set', write(path, text));
      if (answer.attribute('type') !== 'result') continue;
      const changed = await bench.ask('set', write(path, otherThan({ path, type, text })));
      await bench.ask('set', write(path, text));
      if (changed.attribute('type') === 'result') return { path, type, text };
    }
  }
  return undefined;
}

function otherThan({ type, text }: Writable): string {
  if (type !== 'boolean') return String(Number(text) + 1);
  return text === '1' || text === 'true'
    ? text.replace('1', '0').replace('true', 'false')
    : text.replace('0', '1').replace('false', 'true');
}

function isSame(a: string | undefined, b: string): boolean {
  return a === b || (a !== undefined && a !== '' && Number(a) === Number(b));
}

async function mustWrite(bench: ClientBench, path: string, text: string): Promise<void> {
  const answer = await bench.ask('set', write(path, text));
  must(answer.attribute('type') === 'result', `${path} took ${text} before, and refuses it now`);
}

/** Messages with values of a path. */
function toldSince({ watch }: ClientBench, begin: number, path: string): readonly XmlElement[] {
  const hasIt = (values: XmlElement) =>
    values.elements('value').some((one) => isUnder(one.attribute('path') ?? '', path));
  return watch
    .since(begin)
    .filter(
      (stanza) => stanza.name === 'message' && stanza.elements().some((one) => one.is('values', data) && hasIt(one)),
    );
}

function mustBeSilentTo({ watch, bench }: ClientBench, who: 'user' | 'friend', begin: number): void {
  const address = bench.address(who);
  const sent = watch.since(begin).find((stanza) => {
    const to = stanza.attribute('to') ?? '';
    return to === address || to.startsWith(`${address}/`);
  });
  must(sent === undefined, `it sends a ${sent?.name} to ${address}, who has no right to it`);
}
