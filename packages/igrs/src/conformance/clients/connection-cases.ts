import { element, namespaces } from '@yaolian/xmpp';
import { must } from '../bench.ts';
import { applies, needs } from '../unjudged.ts';
import { fieldsOfAccountRequest } from './account-rules.ts';
import type { ClientBench } from './client-bench.ts';
import type { ClientCase } from './client-suite.ts';

const unknown = 'urn:yaolian:conformance:unknown';
/** RFC 6120 §8.3.3.3, §8.3.3.19. */
const notUnderstood = ['service-unavailable', 'feature-not-implemented'] as const;

/** GB/T 29265.205 §7. */
export const registrationCases: readonly ClientCase[] = [
  {
    id: '7-1',
    title: 'it registers with the account server, under the name that it was told',
    zh: '以给定的名称在账号服务器上注册',
    async run(bench) {
      applies(bench.under.registers, 'the suite registered it (--register lets it do so itself)');
      const { watch, under } = bench;
      const field = bench.who === 'user' ? 'userName' : 'deviceName';
      const name = bench.bench.name(bench.who);
      const step = {
        id: '7-1',
        en: `register the ${bench.who} "${name}" with the account server`,
        zh: `在账号服务器上注册${bench.who === 'user' ? '用户' : '设备'}“${name}”`,
        facts: { account: bench.address },
      };
      const signal = under.tell(step);
      await watch.find(() => bench.registration(), under.patience, signal);
      const request = bench.registration() ?? watch.accountRequests.at(-1);
      needs(request !== undefined, 'it sent no request to the account server');
      must(request.status < 300, `its request was refused with ${request.status}: ${request.path}`);
      const given = String(fieldsOfAccountRequest(request)?.[field] ?? '');
      must([name, bench.address].includes(given), `it registers "${given}", not "${name}"`);
      bench.learnCode();
    },
  },
];

/** §8. */
export const loginCases: readonly ClientCase[] = [
  {
    id: '8-1',
    title: 'it logs in: TLS, SASL and a resource',
    zh: '登录：TLS、SASL 和资源绑定',
    async run(bench) {
      const { watch, under } = bench;
      const step = {
        id: '8-1',
        en: `log in as ${bench.address}`,
        zh: `以 ${bench.address} 登录`,
        facts: { account: bench.address },
      };
      const signal = under.tell(step);
      await watch.find(() => watch.sessions[0], under.patience, signal);
      must(watch.sessions.length > 0, 'it did not log in');
    },
  },
  {
    id: '13-1',
    title: 'it says that it is there',
    zh: '告知自己在线',
    run: (bench) => present(bench, 0),
  },
  {
    id: '8-2',
    title: 'it answers whether it is still there (XEP-0199)',
    zh: '被问及时答复自己仍在线（XEP-0199）',
    run: (bench) => bench.fence(),
  },
];

async function present(bench: ClientBench, since: number): Promise<void> {
  await bench.expect('available presence', () =>
    bench.watch
      .since(since)
      .find((stanza) => stanza.name === 'presence' && Object.keys(stanza.attributes).every(isPlain)),
  );
}

/** Neither to somebody nor of a type. */
function isPlain(attribute: string): boolean {
  return attribute !== 'to' && attribute !== 'type';
}

/** §11.1, §11.2: what no client may leave unanswered, and what none may answer. */
export const robustnessCases: readonly ClientCase[] = [
  {
    id: '11.2-1',
    title: 'a question that it does not understand is refused',
    zh: '拒绝不理解的查询',
    run: async (bench) => void (await bench.refused('get', element('question', unknown), notUnderstood)),
  },
  {
    id: '11.2-2',
    title: 'a command that it does not understand is refused',
    zh: '拒绝不理解的命令',
    run: async (bench) => void (await bench.refused('set', element('command', unknown), notUnderstood)),
  },
  {
    id: '11.2-3',
    title: 'answers that nobody asked for are not answered',
    zh: '对未曾请求的应答不作答复',
    async run(bench) {
      const { watch, domain } = bench;
      const to = watch.session.jid.toString();
      const begin = watch.stanzas.length;
      const ids = [watch.newId(), watch.newId()];
      watch.deliver(element('iq', namespaces.client, { type: 'result', id: ids[0], from: domain, to }));
      const condition = element('item-not-found', namespaces.stanzaErrors);
      const error = element('error', namespaces.client, { type: 'cancel' }, condition);
      watch.deliver(element('iq', namespaces.client, { type: 'error', id: ids[1], from: domain, to }, error));
      await bench.fence();
      const answer = watch.since(begin).find((stanza) => ids.includes(stanza.attribute('id') ?? ''));
      must(answer === undefined, 'it answered a result or an error; neither is ever answered (RFC 6120 §8.2.3)');
    },
  },
  {
    id: '11.2-4',
    title: 'requests that come twice and many at once are each answered, under their own ids',
    zh: '重复的请求和同时到来的多个请求均按各自的 id 答复',
    async run(bench) {
      const { watch, domain, under } = bench;
      const questions = ['a', 'b', 'c', 'd'].map((text) => element('question', unknown, { text }));
      const ids = questions.map(() => watch.newId());
      const asked = questions.map((question, at) =>
        watch.ask('get', question, { from: domain, timeout: under.timeout, id: ids[at]! }),
      );
      const answers = await Promise.all(asked);
      must(
        answers.every((answer) => answer !== undefined),
        'one of four requests at once was not answered',
      );
      const again = await watch.ask('get', questions[0]!, { from: domain, timeout: under.timeout, id: ids[0]! });
      must(again !== undefined, 'a request that came a second time under its id was not answered');
    },
  },
  {
    id: '11.1-1',
    title: 'messages with content that it does not know leave it as it is',
    zh: '含有未知内容的消息不影响其运行',
    async run(bench) {
      const { domain } = bench;
      await bench.leavesConnected((to) => [
        element('message', namespaces.client, { from: domain, to }, element('news', unknown, {}, '<&>')),
        element('presence', namespaces.client, { from: `nobody@${domain}/x`, to }, element('news', unknown)),
      ]);
    },
  },
];

/** §8, §12. */
export const returnCases: readonly ClientCase[] = [
  {
    id: '8-3',
    title: 'it comes back after its connection is lost, and says that it is there',
    zh: '连接中断后重新上线，并告知自己在线',
    async run(bench) {
      const { watch, under } = bench;
      const [logins, begin] = [watch.logins, watch.stanzas.length];
      watch.session.end({ condition: 'connection-timeout' });
      await watch.find(() => (watch.logins > logins ? true : undefined), under.patience);
      must(watch.logins > logins, 'it did not come back');
      await present(bench, begin);
      await bench.fence();
    },
  },
  {
    id: '11.3-3',
    title: 'messages that waited while it was away leave it as it is',
    zh: '离线期间留存的消息不影响其运行',
    async run(bench) {
      const { watch, under, who, address } = bench;
      needs(who === 'device' ? bench.isBound : bench.isFriend, 'nobody may write it messages');
      const writer = await bench.bench.player(who === 'device' ? 'user' : 'friend');
      const [logins, begin] = [watch.logins, watch.stanzas.length];
      watch.session.end({ condition: 'connection-timeout' });
      for (const text of ['one', 'two']) {
        const body = element('body', namespaces.client, {}, `conformance ${text}`);
        writer.client.send(element('message', namespaces.client, { type: 'chat', to: address }, body));
      }
      await watch.find(() => (watch.logins > logins ? true : undefined), under.patience);
      must(watch.logins > logins, 'it did not come back');
      await present(bench, begin);
      await bench.fence();
      const refused = watch.since(begin).find((one) => one.name === 'message' && one.attribute('type') === 'error');
      must(refused === undefined, 'it refuses messages of somebody who may write to it');
      must(watch.logins === logins + 1, 'it lost its connection again');
    },
  },
];

export const logoutCases: readonly ClientCase[] = [
  {
    id: '12-1',
    title: 'it logs out, and its connection is over',
    zh: '登出，连接随之结束',
    async run(bench) {
      const { ends } = bench.watch;
      const what = bench.who === 'user' ? 'log out' : 'switch the device off, or log it out';
      const step = { id: '12-1', en: what, zh: bench.who === 'user' ? '退出登录' : '关闭设备，或使其退出登录' };
      await bench.step(step, () => (bench.watch.ends > ends && bench.watch.sessions.length === 0 ? true : undefined));
    },
  },
];
