import { type Duration, decodeUtf8, encodeBase64, encodeUtf8 } from '@yaolian/kernel';
import {
  element,
  namespaces,
  type SaslMechanism,
  scramKeysOf,
  scramMechanisms,
  type XmlElement,
  type XmppTransport,
} from '@yaolian/xmpp';
import { must, NotConforming } from '../bench.ts';
import { applies, needs } from '../unjudged.ts';
import type { ClientBench } from './client-bench.ts';
import type { ClientCase } from './client-suite.ts';
import { describeSaid, type Said, ScriptedSasl, ScriptedStream, saslElement } from './scripted-stream.ts';

/** The connections of the client under test before they reach the message server. */
export interface LoginDoor {
  /**
   * Its next connection. With `strange` TLS shows a certificate that nobody trusts.
   * @returns undefined when none comes in time, or `signal` aborts; `transport` is undefined where TLS from the first byte did not come about
   */
  next(
    certificate: 'own' | 'strange',
    timeout: Duration,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly isDirect: boolean; readonly transport: XmppTransport | undefined } | undefined>;
  /** From now on connections go to the message server. */
  open(): void;
}

/** Connections in a row that the client gives up before anything went wrong. */
const mostGivenUp = 8;

/** It left, or fell silent, before anything went wrong: nothing is known of it, and it comes again (RFC 6120 §3.3 leaves it when). */
class GaveUp extends Error {
  override readonly name = 'GaveUp';
}

const features = (...children: readonly XmlElement[]) => element('features', namespaces.streams, {}, ...children);
const starttls = element('starttls', namespaces.startTls, {}, element('required', namespaces.startTls));
const mechanismsOf = (names: readonly string[]) =>
  element('mechanisms', namespaces.sasl, {}, ...names.map((name) => element('mechanism', namespaces.sasl, {}, name)));

/** A login that goes wrong on purpose, up to where it does. */
class FaultyLogin {
  readonly bench: ClientBench;
  readonly stream: ScriptedStream;
  readonly isDirect: boolean;

  constructor(bench: ClientBench, transport: XmppTransport, isDirect: boolean) {
    this.bench = bench;
    this.stream = new ScriptedStream(transport, bench.under.target);
    this.isDirect = isDirect;
  }

  get header() {
    return { from: this.bench.domain, id: this.bench.watch.newId(), version: '1.0' };
  }

  next(): Promise<Said | undefined> {
    return this.stream.next(this.bench.under.timeout);
  }

  /** What it says on the way to where the server fails. @throws GaveUp when it goes, or says nothing */
  async #goingOn(wanted: string): Promise<Said> {
    const said = await this.next();
    if (said === undefined || said.kind === 'end')
      throw new GaveUp(`in the place of ${wanted} came ${describeSaid(said)}`);
    return said;
  }

  /** RFC 6120 §4.7: what has to open its stream. */
  async opened(): Promise<void> {
    const said = await this.#goingOn('the header of its stream');
    must(said.kind === 'header', `it has to open a stream, and says ${describeSaid(said)}`);
    const { to, version } = said.header;
    must(to === this.bench.domain, `its stream is to "${to ?? ''}", not to "${this.bench.domain}" (RFC 6120 §4.7.2)`);
    must(version === '1.0', `its stream is of version "${version ?? ''}", not "1.0" (RFC 6120 §4.7.5)`);
  }

  async told(...names: readonly string[]): Promise<XmlElement> {
    const wanted = `<${names.join('/> or <')}/>`;
    const said = await this.#goingOn(wanted);
    const isIt = said.kind === 'element' && names.includes(said.element.name);
    must(isIt, `it has to say ${wanted}, and says ${describeSaid(said)}`);
    return said.element;
  }

  /** Up to TLS; with a client that takes TLS from the first byte there is nothing to do. */
  async secured(): Promise<Error | undefined> {
    if (this.isDirect) return undefined;
    await this.opened();
    this.stream.sendHeader(this.header);
    this.stream.send(features(starttls));
    const asked = await this.told('starttls');
    must(
      asked.namespace === namespaces.startTls,
      `<starttls/> is of ${asked.namespace}, not of ${namespaces.startTls}`,
    );
    return this.stream.startTls(this.bench.domain);
  }

  /** @throws NotConforming when it does not take the certificate of the suite */
  async secure(): Promise<void> {
    const failed = await this.secured();
    must(failed === undefined, `it does not shake hands with the certificate of the suite: ${failed?.message}`);
  }

  /** Up to its first word of SASL. */
  async authenticating(names: readonly string[]): Promise<XmlElement> {
    await this.secure();
    await this.opened();
    this.stream.sendHeader(this.header);
    this.stream.send(features(mechanismsOf(names)));
    const auth = await this.told('auth');
    const name = auth.attribute('mechanism') ?? '';
    must(names.includes(name), `it authenticates with "${name}"; offered: ${names.join(', ')} (RFC 6120 §6.4.2)`);
    return auth;
  }

  /** @param wrong what must not come any more @throws NotConforming when it does, until its end or silence */
  async saysNoneOf(wrong: (said: Said) => boolean, why: string): Promise<void> {
    for (;;) {
      const said = await this.next();
      if (said === undefined || said.kind === 'end') return;
      must(!wrong(said), `${why}; it says ${describeSaid(said)}`);
    }
  }
}

const isAuthentication = (said: Said) =>
  said.kind === 'element' && said.element.namespace === namespaces.sasl && said.element.name === 'auth';
const isGoingOn = (said: Said) => said.kind !== 'end';
const isStanza = ({ name, namespace }: XmlElement) =>
  namespace === namespaces.client && ['iq', 'message', 'presence'].includes(name);

/** Its account's mechanisms, by the password that the suite knows. */
async function mechanismsFor(bench: ClientBench): Promise<readonly SaslMechanism[]> {
  const { crypto, password } = bench.under.target;
  const keys = await scramKeysOf(crypto, bench.ownPassword ?? password);
  const credentials = { keys: async () => keys };
  const all = scramMechanisms({ crypto, credentials, fakeSaltKey: crypto.random(16), downgradeProtection: false });
  return all.filter(({ name }) => !name.endsWith('-PLUS'));
}

/** SASL as it has to be, but for what `change` makes of the data of a step, which ends it. */
async function authenticated(
  login: FaultyLogin,
  change: (kind: 'challenge' | 'success', data: Uint8Array | undefined) => Uint8Array | undefined = (_, data) => data,
): Promise<void> {
  const { stream, bench } = login;
  const known = await mechanismsFor(bench);
  const names = known.map(({ name }) => name);
  let said = await login.authenticating(names);
  const mechanism = known.find(({ name }) => name === said.attribute('mechanism'))!;
  const sasl = new ScriptedSasl(mechanism, stream.channel(bench.domain, names));
  for (;;) {
    const step = await sasl.step(said);
    must(step !== undefined, `<${said.name}/> is no base64`);
    if (step.kind === 'failure') throw new NotConforming(`its ${mechanism.name} is wrong: ${step.condition}`);
    const data = change(step.kind, step.data);
    stream.send(saslElement(step.kind, data));
    if (step.kind === 'success') stream.restart();
    if (step.kind === 'success' || data !== step.data) return;
    said = await login.told('response');
  }
}

/** Up to the request for a resource. @returns the iq */
async function binding(login: FaultyLogin): Promise<XmlElement> {
  await authenticated(login);
  await login.opened();
  login.stream.sendHeader(login.header);
  login.stream.send(features(element('bind', namespaces.bind)));
  const iq = await login.told('iq');
  must(iq.elements()[0]?.is('bind', namespaces.bind) === true, `it has to bind a resource, and says <${iq.name}/>`);
  must(iq.attribute('type') === 'set', 'a resource is bound by an iq of type set (RFC 6120 §7)');
  return iq;
}

function faultCase(
  id: string,
  title: string,
  zh: string,
  run: (login: FaultyLogin) => Promise<void>,
  certificate: 'own' | 'strange' = 'own',
): ClientCase {
  return {
    id,
    title,
    zh,
    async run(bench) {
      const { door, patience } = bench.under;
      applies(door !== undefined, 'the suite does not stand before the message server');
      needs(bench.comes !== false, 'it did not connect');
      const step = {
        id,
        en: `log in as ${bench.address}; it cannot: the server fails on purpose (${title})`,
        zh: `以 ${bench.address} 登录；此次登录不会成功，服务器故意出错（${zh}）`,
        facts: { account: bench.address },
      };
      const signal = bench.under.tell(step);
      let why = '';
      for (let turn = 0; turn < mostGivenUp; turn++) {
        const came = await door.next(certificate, patience, signal);
        bench.comes = came !== undefined;
        needs(came !== undefined, 'it did not connect');
        // It did not take the certificate: as far as TLS goes there is nothing to say.
        if (came.transport === undefined) {
          must(certificate === 'strange', 'it does not shake hands with the certificate of the suite');
          return;
        }
        const login = new FaultyLogin(bench, came.transport, came.isDirect);
        try {
          return await run(login);
        } catch (error) {
          if (!(error instanceof GaveUp)) throw error;
          why = error.message;
        } finally {
          login.stream.abort();
        }
      }
      needs(false, `it gives up ${mostGivenUp} connections before anything goes wrong; on the last one ${why}`);
    },
  };
}

/** GB/T 29265.205 §8, §14: what goes wrong before a client is in. */
export const loginFaultCases: readonly ClientCase[] = [
  faultCase(
    '8-10',
    'without TLS it says nothing: TLS fails (RFC 6120 §5.4.2.2)',
    '没有 TLS 就不说话：TLS 失败（RFC 6120 §5.4.2.2）',
    async (login) => {
      applies(!login.isDirect, 'it takes TLS from the first byte');
      await login.opened();
      login.stream.sendHeader(login.header);
      login.stream.send(features(starttls, mechanismsOf(['SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN'])));
      await login.told('starttls');
      login.stream.send(element('failure', namespaces.startTls));
      await login.saysNoneOf(isAuthentication, 'it authenticates in the clear after TLS failed');
    },
  ),
  faultCase(
    '8-11',
    'without TLS it says nothing: TLS is not offered (§14)',
    '没有 TLS 就不说话：服务器不提供 TLS（§14）',
    async (login) => {
      applies(!login.isDirect, 'it takes TLS from the first byte');
      await login.opened();
      login.stream.sendHeader(login.header);
      login.stream.send(features(mechanismsOf(['SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN'])));
      await login.saysNoneOf(isAuthentication, 'it authenticates in the clear where no TLS is offered');
    },
  ),
  faultCase(
    '8-12',
    'a certificate that it has no reason to trust is not trusted (§14)',
    '不信任没有理由信任的证书（§14）',
    async (login) => {
      const failed = await login.secured();
      if (failed !== undefined) return;
      await login.saysNoneOf(isGoingOn, 'it goes on with a server whose certificate nobody issued');
    },
    'strange',
  ),
  faultCase(
    '8-13',
    'a header of another namespace opens no stream (RFC 6120 §4.8.1)',
    '其他命名空间的流头不构成流（RFC 6120 §4.8.1）',
    async (login) => {
      await login.secure();
      await login.opened();
      const { from, id } = login.header;
      const wrong = 'urn:yaolian:conformance:streams';
      login.stream.sendText(
        `<?xml version='1.0'?><s:stream xmlns='jabber:client' xmlns:s='${wrong}' from='${from}' id='${id}' version='1.0'><s:features><mechanisms xmlns='${namespaces.sasl}'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></s:features>`,
      );
      await login.saysNoneOf(isAuthentication, `it authenticates on a stream of ${wrong}`);
    },
  ),
  faultCase(
    '8-14',
    'bytes that are no XML open no stream (RFC 6120 §4.9.3.13)',
    '不是 XML 的字节不构成流（RFC 6120 §4.9.3.13）',
    async (login) => {
      await login.secure();
      await login.opened();
      login.stream.sendText("<?xml version='1.0'?><stream:stream <<>>\u0001</a>");
      await login.saysNoneOf(isAuthentication, 'it authenticates on what is no XML');
    },
  ),
  faultCase('8-15', 'it uses no mechanism that is not offered', '不使用未提供的 SASL 机制', async (login) => {
    await login.secure();
    await login.opened();
    login.stream.sendHeader(login.header);
    login.stream.send(features(mechanismsOf(['X-CONFORMANCE'])));
    await login.saysNoneOf(isAuthentication, 'X-CONFORMANCE alone is offered');
  }),
  faultCase(
    '8-16',
    'SASL that the server breaks off ends there (RFC 6120 §6.4.5)',
    '服务器中止 SASL 后不再继续（RFC 6120 §6.4.5）',
    async (login) => {
      const known = await mechanismsFor(login.bench);
      await login.authenticating(known.map(({ name }) => name));
      login.stream.send(element('failure', namespaces.sasl, {}, element('temporary-auth-failure', namespaces.sasl)));
      const isIn = (said: Said) => said.kind === 'header' || (said.kind === 'element' && isStanza(said.element));
      await login.saysNoneOf(isIn, 'it goes on as if it were in');
    },
  ),
  faultCase(
    '8-17',
    'a challenge with a nonce that is not its own is not answered (RFC 5802 §5.1)',
    '不答复 nonce 并非自己所出的质询（RFC 5802 §5.1）',
    async (login) => {
      await authenticated(login, (kind, data) => {
        const text = kind === 'challenge' && data !== undefined ? decodeUtf8(data) : undefined;
        return text === undefined ? data : encodeUtf8(text.replace(/^r=[^,]*/, 'r=another-nonce-of-nobody'));
      });
      const isProof = (said: Said) =>
        said.kind === 'element' && said.element.name === 'response' && said.element.text().length > 4;
      await login.saysNoneOf(isProof, 'it proves its password to a nonce that it did not begin');
    },
  ),
  faultCase(
    '8-18',
    'a server that does not prove that it knows the account is left (RFC 5802 §5)',
    '离开不能证明知道该账号的服务器（RFC 5802 §5）',
    async (login) => {
      const signature = `v=${encodeBase64(login.bench.under.target.crypto.random(32))}`;
      await authenticated(login, (kind, data) => (kind === 'success' ? encodeUtf8(signature) : data));
      const isIn = (said: Said) => said.kind === 'header' || (said.kind === 'element' && isStanza(said.element));
      await login.saysNoneOf(isIn, 'it goes on with a server whose signature is wrong');
    },
  ),
  faultCase(
    '8-19',
    'without a resource it says nothing: binding is refused (RFC 6120 §7.7.2)',
    '没有资源就不说话：资源绑定被拒绝（RFC 6120 §7.7.2）',
    async (login) => {
      const iq = await binding(login);
      const condition = element('resource-constraint', namespaces.stanzaErrors);
      const error = element('error', namespaces.client, { type: 'wait' }, condition);
      login.stream.send(element('iq', namespaces.client, { type: 'error', id: iq.attribute('id') ?? '' }, error));
      const isOther = (said: Said) =>
        said.kind === 'element' && isStanza(said.element) && !said.element.elements()[0]?.is('bind', namespaces.bind);
      await login.saysNoneOf(isOther, 'it has no resource');
    },
  ),
  faultCase(
    '8-20',
    'it takes the connection ID that the server gives, whatever it asked for (§8.3, §8.5)',
    '采用服务器给出的连接 ID，无论自己请求的是什么（§8.3、§8.5）',
    async (login) => {
      const { stream, bench } = login;
      const iq = await binding(login);
      const given = `${bench.address}/given-by-the-suite`;
      const jid = element('bind', namespaces.bind, {}, element('jid', namespaces.bind, {}, given));
      stream.send(element('iq', namespaces.client, { type: 'result', id: iq.attribute('id') ?? '' }, jid));
      const id = bench.watch.newId();
      const question = element('ping', namespaces.ping);
      stream.send(element('iq', namespaces.client, { type: 'get', id, from: bench.domain, to: given }, question));
      for (;;) {
        const said = await login.next();
        must(
          said?.kind === 'element',
          `it is asked as ${given} whether it is there (XEP-0199), and says ${describeSaid(said)}`,
        );
        const { from } = said.element.attributes;
        const isOwn = from === undefined || from === given || from === bench.address;
        must(isOwn, `it says that it is ${from}, not ${given}`);
        if (said.element.attribute('id') === id) return;
      }
    },
  ),
  {
    id: '8-21',
    title: 'after all that the way in is open',
    zh: '此后登录之路畅通',
    async run({ under: { door }, comes }) {
      door?.open();
      applies(comes !== undefined, 'none of the logins before was tried');
      needs(comes === true, 'it did not connect');
    },
  },
];
