import type { XmlElement } from '@yaolian/xmpp';
import { must } from '../bench.ts';
import { fieldsOfAccountRequest } from './account-rules.ts';
import type { ClientBench, ClientStep } from './client-bench.ts';
import type { ClientCase } from './client-suite.ts';

type Facts = Readonly<Record<string, string>>;

/** A case in which the client asks the platform for something: one step of the tester, one message. */
export interface AskedCase extends Omit<ClientCase, 'run'> {
  /** What the tester does, by what it is about. */
  readonly en: (facts: Facts) => string;
  readonly zhStep: (facts: Facts) => string;
  readonly facts?: (bench: ClientBench) => Facts;
  /** The element that has to come, and its namespace. */
  readonly message: readonly [name: string, namespace: string];
  /** Where an element is asked for and told under one name. */
  readonly type?: 'get' | 'set';
  /** Attributes that it has to have. */
  readonly wants?: (facts: Facts) => Facts;
  /** Whom it goes to. Default: the domain. */
  readonly to?: (facts: Facts) => string;
  /** What RFC 6121 has for the same. */
  readonly instead?: (stanza: XmlElement, facts: Facts) => boolean;
  /** Many clients ask for it when they log in: what was sent since then counts. */
  readonly sinceLogin?: boolean;
  /** @throws Inconclusive, NotApplicable when the case cannot be judged */
  readonly before?: (bench: ClientBench) => Promise<void> | void;
  /** Whether the platform is as it was asked to be. @throws NotConforming */
  readonly after?: (bench: ClientBench) => Promise<void>;
}

export function askedCase(one: AskedCase): ClientCase {
  const { id, title, zh, message, wants, to, instead, before, after, sinceLogin = false } = one;
  const [name, namespace] = message;
  return {
    id,
    title,
    zh,
    async run(bench) {
      await before?.(bench);
      const facts = one.facts?.(bench) ?? {};
      const receiver = to?.(facts) ?? bench.domain;
      const begin = sinceLogin ? 0 : bench.watch.stanzas.length;
      const isIt = (stanza: XmlElement) => stanza.name === 'iq' && stanza.elements()[0]?.is(name, namespace) === true;
      const types = one.type === undefined ? ['get', 'set'] : [one.type];
      const isRequest = (stanza: XmlElement) => types.includes(stanza.attribute('type') ?? '') && isIt(stanza);
      const look = () =>
        bench.watch.since(begin).find((stanza) => isRequest(stanza) || instead?.(stanza, facts) === true);
      const step: ClientStep = { id, en: one.en(facts), zh: one.zhStep(facts), facts };
      const asked = look() ?? (await bench.step(step, look));
      if (isIt(asked)) {
        const payload = asked.elements()[0]!;
        mustGoTo(asked, receiver, bench.address);
        for (const [key, value] of Object.entries(wants?.(facts) ?? {})) {
          const given = payload.attribute(key);
          must(given === value, `<${name}/> has the ${key} "${given ?? ''}", not "${value}"`);
        }
      }
      await bench.fence();
      await after?.(bench);
    },
  };
}

/** Without an address it is for the own account (RFC 6120 §10.3.3). */
function mustGoTo(asked: XmlElement, receiver: string, own: string): void {
  const { to = own } = asked.attributes;
  must(to.split('/')[0] === receiver, `it goes to ${to}, not to ${receiver}`);
}

/** GB/T 29265.205 §7: a request of the client to the account server. */
export function accountCase(
  one: Pick<ClientCase, 'id' | 'title' | 'zh'> & {
    readonly verb: 'read' | 'modify' | 'delete';
    readonly en: string;
    readonly zhStep: string;
    readonly after?: (bench: ClientBench) => Promise<void>;
  },
): ClientCase {
  const { id, title, zh, verb, en, zhStep, after } = one;
  return {
    id,
    title,
    zh,
    async run(bench) {
      const begin = bench.watch.accountRequests.length;
      const name = bench.bench.name(bench.who);
      const look = () => bench.watch.accountRequests.slice(begin).find(({ path }) => path.includes(`/${verb}.`));
      const request = await bench.step({ id, en, zh: zhStep, facts: { account: bench.address } }, look);
      const { userName, deviceName } = fieldsOfAccountRequest(request) ?? {};
      const given = String(deviceName ?? userName ?? '');
      must([name, bench.address].includes(given), `it names "${given}", not "${name}"`);
      must(request.status < 300, `its request was refused with ${request.status}: ${request.path}`);
      await after?.(bench);
    },
  };
}
