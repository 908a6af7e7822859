import type { Duration } from '@yaolian/kernel';
import { element, namespaces, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../../namespaces.ts';
import { faultOfRaMessage } from '../../schema/index.ts';
import { Bench, must, NotConforming, type RaTarget } from '../bench.ts';
import { Inconclusive, NotApplicable } from '../unjudged.ts';
import { fieldsOfAccountRequest } from './account-rules.ts';
import { type ClientWatch, describeViolation } from './client-watch.ts';
import type { LoginDoor } from './login-faults.ts';
import { conditionOf, type Violation } from './stanza-rules.ts';

/** What the person at the client does next. */
export interface ClientStep {
  readonly id: string;
  readonly en: string;
  readonly zh: string;
  /** The names and values that it is about, for testers that are programs. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** The standard IRSP that the suite plays, and how the client under test is reached. */
export interface ClientUnderTest {
  /** The platform itself, for the other accounts. */
  readonly target: RaTarget;
  readonly watch: ClientWatch;
  /** Where its connections come in; absent: they go straight to the message server. */
  readonly door?: LoginDoor;
  /** Whether it registers itself. Otherwise the suite does, with the names and secrets of the target. */
  readonly registers: boolean;
  /** A path of a device that may be executed; absent: none is, beyond what it does not have. */
  readonly executable?: string;
  /** Clauses and cases that are left out: `9`, `10.2-7`. */
  readonly without?: ReadonlySet<string>;
  /** For an answer. */
  readonly timeout: Duration;
  /** For what a person does, and for the way back after a cut. */
  readonly patience: Duration;
  /** Tells the tester; aborts when the tester leaves the step out. */
  readonly tell: (step: ClientStep) => AbortSignal | undefined;
}

/** The bench of a case: the other accounts, and the client under test. */
export class ClientBench {
  readonly under: ClientUnderTest;
  readonly bench: Bench;
  readonly watch: ClientWatch;
  /** Which account is tested. */
  readonly who: 'user' | 'device';
  /** What a device said that it is. */
  description: XmlElement | undefined;
  /** A place of a device that took a write, and what stood there. */
  writable: { readonly path: string; readonly type: string; readonly text: string } | undefined;
  isBound = false;
  /** Whether it connected when it was last waited for; undefined: it was not. */
  comes: boolean | undefined;
  /** Of a user: `friend` is one. */
  isFriend = false;
  /** Of a user: it owns the other device of the suite too. */
  ownsSecond = false;

  constructor(under: ClientUnderTest, who: 'user' | 'device') {
    this.under = under;
    this.watch = under.watch;
    this.who = who;
    this.bench = new Bench(under.target);
  }

  get domain(): string {
    return this.under.target.domain;
  }

  get address(): string {
    return this.bench.address(this.who);
  }

  /** The code that it registered with. */
  get code(): string {
    return this.bench.code;
  }

  /** Takes over the code with which a device registered itself. */
  learnCode(): void {
    const request = this.registration();
    const code = request && fieldsOfAccountRequest(request)?.['verifyCode'];
    if (typeof code === 'string') this.bench.code = code;
  }

  /** The password that it gave itself; undefined: it has that of the suite. */
  get ownPassword(): string | undefined {
    const given = this.watch.accountRequests.flatMap((request) => {
      const { newPassword, password } = fieldsOfAccountRequest(request) ?? {};
      if (request.status >= 300) return [];
      return request.path.includes('/modify.') ? [newPassword] : request.path.includes('/register.') ? [password] : [];
    });
    return given.findLast((one) => typeof one === 'string' && one !== '') as string | undefined;
  }

  registration() {
    return this.watch.accountRequests.find(({ path, status }) => path.includes('/register.') && status < 300);
  }

  /** Asks it in the place of the domain. @throws NotConforming unless an iq of the same id answers, to who asked */
  async ask(type: 'get' | 'set', payload: XmlElement, from = this.domain): Promise<XmlElement> {
    const answer = await this.watch.ask(type, payload, { from, timeout: this.under.timeout });
    return this.#answered(payload, answer, from);
  }

  #answered(payload: XmlElement, answer: XmlElement | undefined, from: string): XmlElement {
    const what = `<${payload.name} xmlns='${payload.namespace}'/>`;
    must(answer !== undefined, `${what} was not answered; every iq is, by a result or an error (RFC 6120 §8.2.3)`);
    const { to } = answer.attributes;
    must(to === from || (to === undefined && from === this.domain), `the answer to ${from} goes to "${to ?? ''}"`);
    return answer;
  }

  /** @returns the payload of the result */
  async told(type: 'get' | 'set', payload: XmlElement, from?: string): Promise<XmlElement> {
    const answer = await this.ask(type, payload, from);
    const why = conditionOf(answer);
    must(answer.attribute('type') === 'result', `<${payload.name}/> is refused: ${why ?? 'no condition'}`);
    const [told] = answer.elements();
    must(told !== undefined, `the result of <${payload.name}/> is empty`);
    const fault = faultOfRaMessage(told);
    must(fault === undefined, fault ?? '');
    return told;
  }

  /** Asks what has to be refused. @returns the condition */
  async refused(type: 'get' | 'set', payload: XmlElement, conditions?: readonly string[]): Promise<string> {
    const answer = await this.ask(type, payload);
    const what = `<${payload.name} xmlns='${payload.namespace}'/>`;
    must(answer.attribute('type') === 'error', `${what} is answered with a result, not an error`);
    const condition = conditionOf(answer);
    const wanted = conditions ?? ['a condition of RFC 6120 §8.3.3'];
    const isRight = condition !== undefined && (conditions === undefined || conditions.includes(condition));
    must(isRight, `${what} wants ${wanted.join(' or ')}, not ${condition ?? 'nothing'}`);
    return condition;
  }

  /** What it was sent before it has seen, once it answers this. A connection of several may end meanwhile: another one is asked. */
  async fence(): Promise<void> {
    const ping = element('ping', namespaces.ping);
    for (;;) {
      const { session } = this.watch;
      const answer = await this.watch.ask('get', ping, { from: this.domain, timeout: this.under.timeout });
      if (answer === undefined && !this.watch.sessions.includes(session)) continue;
      this.#answered(ping, answer, this.domain);
      return;
    }
  }

  /** Waits for an answer's time. @throws NotConforming */
  async expect<T>(what: string, look: () => T | undefined): Promise<T> {
    const found = await this.watch.find(look, this.under.timeout);
    must(found !== undefined, `${what} did not come`);
    return found;
  }

  /**
   * Has the tester do something, and waits until it is seen.
   * @throws NotApplicable when it is left out; Inconclusive when nothing comes; NotConforming when what comes is wrong
   */
  async step<T>(step: ClientStep, look: () => T | undefined): Promise<T> {
    const begin = this.watch.violations.length;
    const signal = this.under.tell(step);
    const lookAll = () => {
      const found = look();
      if (found !== undefined) return { found };
      const violation = this.watch.violations[begin];
      return violation && { violation };
    };
    const seen = await this.watch.find<{ found?: T; violation?: Violation }>(lookAll, this.under.patience, signal);
    if (seen?.violation !== undefined) throw new NotConforming(describeViolation(seen.violation));
    if (seen?.found !== undefined) return seen.found;
    if (signal?.aborted === true) throw new NotApplicable('the tester left it out');
    throw new Inconclusive('nothing came in time');
  }

  /** A request of the client that is of the RA, since so many stanzas. */
  requestSince(count: number, name: string, namespace: string): XmlElement | undefined {
    const isIt = (stanza: XmlElement) => stanza.name === 'iq' && stanza.elements()[0]?.is(name, namespace) === true;
    return this.watch.since(count).find(isIt)?.elements()[0];
  }

  /** Whatever `deliver` tells the connection that stays leaves it there. @throws NotConforming when it is lost */
  async leavesConnected(
    deliver: (to: string) => readonly XmlElement[] | Promise<readonly XmlElement[]>,
  ): Promise<void> {
    const { watch } = this;
    const session = watch.staying;
    for (const stanza of await deliver(session.jid.toString())) watch.deliver(stanza, session);
    const ping = element('ping', namespaces.ping);
    const answer = await watch.ask('get', ping, { from: this.domain, timeout: this.under.timeout, session });
    must(watch.sessions.includes(session), 'it lost its connection');
    this.#answered(ping, answer, this.domain);
  }

  /** A push as the domain sends it, from somebody else. */
  deliverPush(name: string, attributes: Readonly<Record<string, string>>, from: string): void {
    const push = element(name, raNamespaces.push, attributes);
    const to = this.watch.session.jid.toString();
    this.watch.deliver(element('message', namespaces.client, { from, to }, push));
  }
}
