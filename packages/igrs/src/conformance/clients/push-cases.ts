import { element, namespaces, type XmlElement } from '@yaolian/xmpp';
import { encodeJingle, jingleNamespaces } from '../../channel/jingle.ts';
import { raNamespaces } from '../../namespaces.ts';
import { faultOfRaMessage } from '../../schema/index.ts';
import { discoInfo } from '../../wire/device-discovery.ts';
import { must, setPoint } from '../bench.ts';
import { applies, needs } from '../unjudged.ts';
import type { ClientBench } from './client-bench.ts';
import type { ClientCase } from './client-suite.ts';
import { conditionOf } from './stanza-rules.ts';

const { application, binding, data, firmware, permission, push } = raNamespaces;

/** GB/T 29265.205 §11.4; GB/T 29265.206 §8.3. */
const applicationCase: ClientCase = {
  id: '11.4-1',
  title: 'messages of the platform and of its application servers leave it as it is',
  zh: '平台及其应用服务器的消息不影响其运行',
  async run(bench) {
    const body = () => element('body', namespaces.client, {}, 'conformance');
    await leavesAsItIs(bench, [body()], [body(), element('application', application, { name: 'suite.example' })]);
  },
};

/** §11.5: everything that the domain pushes, whether it was heard of before or not. */
export const userPushCases: readonly ClientCase[] = [
  applicationCase,
  {
    id: '11.5-2',
    title: 'every push of the domain leaves it as it is',
    zh: '域的各种推送均不影响其运行',
    async run(bench) {
      const [user, device, other] = [bench.address, bench.bench.address('device'), bench.bench.address('second')];
      const friend = bench.bench.address('friend');
      const time = new Date(bench.under.target.clock.epoch()).toISOString();
      const bound = { user: friend, device, state: 'active', name: 'Conformance', since: time };
      const granted = element('grant', permission, { account: friend, feature: '*', operations: 'read' });
      const value = element('value', data, { path: setPoint, type: 'float' }, '20');
      const pushes = [
        element('bound', push, bound),
        element('binding-asked', push, { ...bound, state: 'pending' }),
        element('binding-renamed', push, bound),
        element('unbound', push, { ...bound, by: user }),
        element('code-reset', push, { device }),
        element('confirmation', push, { device, required: 'true', by: friend }),
        element('granted', push, { device }, granted),
        element('revoked', push, { device }, granted),
        element('friend-asked', push, { user: friend }),
        ...['friends', 'friend-renamed', 'unfriended'].map((name) =>
          element(name, push, { user, other: friend, name: 'Bob' }),
        ),
        element('linked', push, { device, other }),
        element('unlinked', push, { device, other }),
        element('values', data, { time, device }, value),
        element('result', data, { device, id: 'nobody-asked' }, element('values', data, { time }, value)),
        element('result', data, { device, id: 'nobody-asked' }, element('refused', data, { condition: 'forbidden' })),
        element('ended', data, { device, path: setPoint, reason: 'expired' }),
        element('update', firmware, { device, id: 'nobody-asked', phase: 'failed', failure: 'integrity' }),
      ];
      await leavesAsItIs(bench, ...pushes.map((one) => [one]));
    },
  },
];

export const devicePushCases: readonly ClientCase[] = [
  applicationCase,
  {
    id: '11.5-2',
    title: 'that an owner changes how it is bound leaves it as it is, and so do pushes of a later version',
    zh: '所有者改变绑定方式，以及更新版本的推送，均不影响其运行',
    async run(bench) {
      needs(bench.isBound, 'it has no owner');
      const user = await bench.bench.player('user');
      const { address: device, domain } = bench;
      const told = await user.told('get', domain, element('confirmation', binding, { device }));
      const required = told.attribute('required') ?? 'false';
      for (const one of [required === 'true' ? 'false' : 'true', required]) {
        await user.done(domain, element('confirmation', binding, { device, required: one }));
      }
      await user.done(domain, element('rename', binding, { device, name: 'Renamed' }));
      await leavesAsItIs(bench, [element('of-a-later-version', push, { device })]);
    },
  },
];

/** §11.6. */
export const deviceChannelCases: readonly ClientCase[] = [
  {
    id: '11.6-1',
    title: 'a channel that it does not have is refused',
    zh: '拒绝自己没有的通道',
    async run(bench) {
      needs(bench.isBound, 'it has no owner');
      const from = (await bench.bench.player('user')).client.jid.toString();
      const begin = bench.watch.stanzas.length;
      const sid = bench.watch.newId();
      const transport = { kind: 'in-band', sid: `${sid}-bytes`, blockSize: 4096 } as const;
      const asked = encodeJingle({ action: 'session-initiate', sid, channel: 'conformance-nothing', transport });
      const answer = await bench.ask('set', asked, from);
      if (answer.attribute('type') === 'error') {
        must(conditionOf(answer) !== undefined, 'the refusal has no condition of RFC 6120 §8.3.3');
        return;
      }
      const isItsAction = (stanza: XmlElement) => {
        const [payload] = stanza.elements();
        return payload?.is('jingle', jingleNamespaces.jingle) === true && payload.attribute('sid') === sid;
      };
      const next = await bench.expect('a word about the session that it acknowledged (XEP-0166 §6.2)', () =>
        bench.watch.since(begin).find(isItsAction),
      );
      const action = next.elements()[0]!.attribute('action');
      must(action === 'session-terminate', `it answers ${action} for a channel that it does not have`);
    },
  },
];

/** §13. */
export const deviceCapabilityCases: readonly ClientCase[] = [
  {
    id: '13-4',
    title: 'what its presence says that it understands is what it says when it is asked (XEP-0115)',
    zh: '在线状态中声明的能力与被问及时所说一致（XEP-0115）',
    async run(bench) {
      const caps = 'http://jabber.org/protocol/caps';
      const presences = bench.watch.stanzas.filter(({ name }) => name === 'presence');
      const version = presences.flatMap((one) => one.elements('c', caps)).at(-1);
      applies(version !== undefined, 'its presence has no version of what it understands');
      const { node = '', ver = '' } = version.attributes;
      const asked = element('query', discoInfo, { node: `${node}#${ver}` });
      const [there, all] = [await bench.told('get', asked), await bench.told('get', element('query', discoInfo))];
      const features = (query: XmlElement) =>
        query
          .elements('feature')
          .map((one) => one.attribute('var'))
          .sort()
          .join(', ');
      must(features(there) === features(all), `at ${node}#${ver} it says ${features(there)}; itself ${features(all)}`);
    },
  },
];

/** Delivers messages of the domain, each with such content. @throws NotConforming when it answers one, or loses its connection */
async function leavesAsItIs(bench: ClientBench, ...contents: readonly (readonly XmlElement[])[]): Promise<void> {
  const { watch, domain } = bench;
  const begin = watch.stanzas.length;
  for (const content of contents) {
    const fault = content.map(faultOfRaMessage).find((one) => one !== undefined && !one.includes('of-a-later-version'));
    if (fault !== undefined) throw new Error(`the suite would push what is not of its schema: ${fault}`);
  }
  await bench.leavesConnected((to) =>
    contents.map((content) => element('message', namespaces.client, { from: domain, to }, ...content)),
  );
  const refused = watch
    .since(begin)
    .find(({ name, attributes }) => name === 'message' && attributes['type'] === 'error');
  must(refused === undefined, 'it answers a message of the domain with an error');
}
