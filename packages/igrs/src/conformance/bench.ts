import { type Clock, milliseconds, type Random, seconds, type Timers } from '@yaolian/kernel';
import { Jid, type SaslCrypto, type XmlElement, type XmppClient, type XmppClientListener } from '@yaolian/xmpp';
import { type AccountClient, type AccountProof, AccountRefused } from '../client/account-client.ts';
import { Device } from '../client/device.ts';
import { DeviceResources } from '../client/device-resources.ts';
import { raNamespaces } from '../namespaces.ts';
import { faultOfRaMessage } from '../schema/messages.ts';

/** The platform that is tested, and how it is reached. */
export interface RaTarget {
  readonly domain: string;
  readonly accounts: AccountClient;
  /** Makes clients of an account. */
  readonly clients: (account: AccountProof) => Promise<(listener: XmppClientListener) => XmppClient>;
  /** Posts a body to a path of the account server, for its answer as it is. */
  readonly post: (path: string, body: string, contentType: string) => Promise<{ readonly body: string }>;
  /**
   * Names that are free on the target: the suite registers them, and removes them at the end. Another user and another device are called
   * like the friend and the device, with `-2` at the end.
   */
  readonly names: { readonly user: string; readonly friend: string; readonly device: string };
  /** Hard to guess. */
  readonly password: string;
  /** 6 to 64 letters and digits. */
  readonly verifyCode: string;
  readonly clock: Clock;
  readonly crypto: SaslCrypto;
  readonly timers: Timers;
  readonly random: Random;
}

/** Who plays. `guesser`, `second`: the other user, and the other device, which is asked before a user owns it. */
export type Who = 'user' | 'friend' | 'device' | 'guesser' | 'second';

/** What the target did wrong, as a sentence. */
export class NotConforming extends Error {
  override readonly name = 'NotConforming';
}

/** @throws NotConforming with `sentence` unless it holds */
export function must(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new NotConforming(sentence);
}

export const temperature = '/3303/0/5700';
export const setPoint = '/3308/0/5900';
export const reboot = '/3/0/4';

/** A user that is connected, and everything that came for it. */
export class Player {
  readonly client: XmppClient;
  readonly #timers: Timers;
  readonly #stanzas: XmlElement[] = [];
  readonly #faults: string[] = [];
  #look = () => {};

  constructor(open: (listener: XmppClientListener) => XmppClient, timers: Timers) {
    this.#timers = timers;
    const take = (stanza: XmlElement) => {
      const fault = faultOf(stanza);
      if (fault !== undefined) this.#faults.push(fault);
      this.#stanzas.push(stanza);
      this.#look();
    };
    this.client = open({ onMessage: take, onPresence: take });
  }

  /** The answer of an iq, after the rules of RFC 6120 §8.2.3 were held against it: its payload, or the condition of the refusal. */
  async ask(type: 'get' | 'set', to: string, payload: XmlElement): Promise<XmlElement | string | undefined> {
    mustBeOfSchema(payload);
    const answer = await this.client.request(type, to, payload);
    const { from, to: receiver } = answer.iq.attributes;
    must(from === to, `the answer comes from "${from}", not from ${to}`);
    must(receiver === undefined || Jid.parse(receiver) !== undefined, `the answer goes to "${receiver}"`);
    if (answer.kind === 'result') {
      must(answer.iq.elements().length <= 1, 'a result has one payload at most');
      if (answer.payload !== undefined) mustBeOfSchema(answer.payload);
      return answer.payload;
    }
    const kind = answer.iq.elements('error')[0]?.attribute('type') ?? '';
    must(['auth', 'cancel', 'continue', 'modify', 'wait'].includes(kind), `an error is of type "${kind}"`);
    return answer.condition;
  }

  /** @returns the payload, which has to be there. @throws NotConforming when it is refused */
  async told(type: 'get' | 'set', to: string, payload: XmlElement): Promise<XmlElement> {
    const answer = await this.ask(type, to, payload);
    must(typeof answer === 'object', `<${payload.name}/> was answered with ${answer ?? 'nothing'}`);
    return answer;
  }

  async done(to: string, payload: XmlElement): Promise<void> {
    const answer = await this.ask('set', to, payload);
    must(typeof answer !== 'string', `<${payload.name}/> was refused: ${String(answer)}`);
  }

  async refused(type: 'get' | 'set', to: string, payload: XmlElement, condition: string): Promise<void> {
    const answer = await this.ask(type, to, payload);
    must(answer === condition, `<${payload.name}/> to ${to} wants ${condition}, not ${describe(answer)}`);
  }

  /** The first stanza of that kind, now or within ten seconds. */
  async expect(what: string, isIt: (stanza: XmlElement) => boolean): Promise<XmlElement> {
    const { promise, resolve, reject } = Promise.withResolvers<XmlElement>();
    const timer = this.#timers.schedule(seconds(10), () =>
      reject(new NotConforming(`${what} did not come within 10 s`)),
    );
    this.#look = () => {
      const found = this.#stanzas.find(isIt);
      if (found !== undefined) resolve(found);
    };
    this.#look();
    const found = await promise.finally(() => timer.cancel());
    must(this.#faults.length === 0, this.#faults.join('; '));
    return found;
  }

  /** The push of that name from the domain (§11.5). */
  async pushed(name: string, isIt: (push: XmlElement) => boolean = () => true): Promise<XmlElement> {
    const message = await this.expect(`the push <${name}/>`, (stanza) => {
      const [push] = stanza.elements();
      return stanza.name === 'message' && push?.is(name, raNamespaces.push) === true && isIt(push);
    });
    must(message.attribute('from') === this.client.jid.domain, `<${name}/> came from ${message.attribute('from')}`);
    return message.elements()[0]!;
  }

  has(isIt: (stanza: XmlElement) => boolean): boolean {
    return this.#stanzas.some(isIt);
  }
}

/** @throws NotConforming when it is a message of the RA that is none */
function mustBeOfSchema(payload: XmlElement): void {
  const fault = faultOfRaMessage(payload);
  must(fault === undefined, `<${payload.name} xmlns='${payload.namespace}'/>: ${fault}`);
}

/** RFC 6120 §8.1.2, and the schemas of the RA: what is wrong with a message or presence. */
function faultOf(stanza: XmlElement): string | undefined {
  for (const payload of stanza.elements()) {
    const fault = faultOfRaMessage(payload);
    if (fault !== undefined) return `${payload.namespace}: ${fault}`;
  }
  const { from } = stanza.attributes;
  if (from === undefined || Jid.parse(from) === undefined) return `a ${stanza.name} comes from "${from}"`;
  const isError = stanza.attribute('type') === 'error';
  return isError && stanza.elements('error').length === 0 ? `an error from ${from} does not say which` : undefined;
}

function describe(answer: XmlElement | string | undefined): string {
  return typeof answer === 'object' ? `<${answer.name}/>` : (answer ?? 'an empty result');
}

/** What a device heard, and whether it takes an owner that asks. */
class PlayedDevice {
  readonly boundUsers: string[] = [];
  readonly messages: string[] = [];
  readonly faults: string[] = [];
  executions = 0;
  /** Once it is connected. */
  resources: DeviceResources | undefined;
  /** Of the device that confirms. */
  agrees = true;
}

/** Who plays against the target, connected once somebody needs them. */
export class Bench {
  readonly target: RaTarget;
  readonly #players = new Map<string, Promise<Player>>();
  readonly #devices = new Map<string, Promise<Device>>();
  /** The current verification code of the device. */
  code: string;
  readonly played = { device: new PlayedDevice(), second: new PlayedDevice() } as const;

  constructor(target: RaTarget) {
    this.target = target;
    this.code = target.verifyCode;
  }

  name(who: Who): string {
    const { names } = this.target;
    if (who === 'guesser') return `${names.friend}-2`;
    return who === 'second' ? `${names.device}-2` : names[who];
  }

  address(who: Who): string {
    return `${this.name(who)}@${this.target.domain}`;
  }

  proof(who: Who): AccountProof {
    return { name: this.name(who), password: this.target.password };
  }

  player(who: 'user' | 'friend' | 'guesser'): Promise<Player> {
    const known = this.#players.get(who);
    if (known !== undefined) return known;
    const player = this.open(who);
    this.#players.set(who, player);
    return player;
  }

  /** Another connection of a user; who opens it closes it. */
  async open(who: 'user' | 'friend' | 'guesser'): Promise<Player> {
    const player = new Player(await this.target.clients(this.proof(who)), this.target.timers);
    await player.client.connect();
    player.client.sendPresence();
    return player;
  }

  async leave(who: 'user' | 'friend' | 'guesser'): Promise<void> {
    const player = await this.#players.get(who);
    this.#players.delete(who);
    player?.client.close();
  }

  /** The device client: a thermostat. */
  device(who: 'device' | 'second' = 'device'): Promise<Device> {
    const known = this.#devices.get(who);
    if (known !== undefined) return known;
    const device = this.#connectDevice(who);
    this.#devices.set(who, device);
    return device;
  }

  async #connectDevice(who: 'device' | 'second'): Promise<Device> {
    const clients = await this.target.clients(this.proof(who));
    const played = this.played[who];
    const open = (listener: XmppClientListener) =>
      clients({
        ...listener,
        onMessage: (message) => {
          const fault = faultOf(message);
          if (fault !== undefined) played.faults.push(fault);
          listener.onMessage?.(message);
        },
      });
    let wanted = '21';
    const resources = new DeviceResources({
      [temperature]: { type: 'float', unit: 'Cel', get: () => wanted },
      [setPoint]: {
        type: 'float',
        unit: 'Cel',
        get: () => wanted,
        set: (text) => {
          wanted = text;
          resources.changed(temperature, setPoint);
        },
      },
      [reboot]: { type: 'none', execute: () => void played.executions++ },
    });
    played.resources = resources;
    const facts = { deviceType: 'thermostat', vendor: 'Yaolian', model: 'conformance' };
    const listener = {
      onBound: (user: string) => void played.boundUsers.push(user),
      onMessage: (text: string) => void played.messages.push(text),
    };
    const confirm = () => played.agrees;
    const device = new Device({
      open,
      resources,
      ...facts,
      clock: this.target.clock,
      crypto: this.target.crypto,
      listener,
      confirm,
    });
    await device.connect();
    return device;
  }

  async leaveDevice(who: 'device' | 'second' = 'device'): Promise<void> {
    const device = await this.#devices.get(who);
    this.#devices.delete(who);
    device?.close();
  }

  /** Waits for a state that no stanza tells. @throws NotConforming after ten seconds */
  async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const { timers } = this.target;
    for (let turn = 0; turn < 200; turn++) {
      if (await isSo()) return;
      await new Promise<void>((resolve) => timers.schedule(milliseconds(50), resolve));
    }
    must(false, `${what} did not happen within 10 s`);
  }

  /** All go home. */
  async close(): Promise<void> {
    const users = ['user', 'friend', 'guesser'] as const;
    const leaving = [...users.map((who) => this.leave(who)), this.leaveDevice(), this.leaveDevice('second')];
    // Who never came in does not have to leave.
    await Promise.allSettled(leaving);
  }

  /** @throws NotConforming unless the account server refuses with this code */
  async refusesAccount(code: number, work: Promise<unknown>): Promise<void> {
    const outcome = await work.then(
      () => 'done',
      (error: unknown) => {
        if (error instanceof AccountRefused) return error.code;
        throw error;
      },
    );
    must(outcome === code, `the account server answers ${outcome}, not ${code}`);
  }
}
