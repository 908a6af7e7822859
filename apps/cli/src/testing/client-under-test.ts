import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { raNamespaces } from '@yaolian/igrs';
import { AccountClient, Device, DeviceResources, Home, Refused } from '@yaolian/igrs/client';
import type { RaResult } from '@yaolian/igrs/conformance';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import {
  element,
  Jid,
  namespaces,
  scramClients,
  type XmlElement,
  XmppClient,
  type XmppClientListener,
} from '@yaolian/xmpp';
import { runCli } from './run-cli.ts';

const { friend, link, permission } = raNamespaces;
const password = 'correct-horse-battery';
export const temperature = '/3303/0/5700';
export const setPoint = '/3308/0/5900';
export const reset = '/3303/0/5605';

/** What the suite says of itself. */
export interface Irsp {
  readonly account: string;
  /** Unless it registers itself. */
  readonly password?: string;
  readonly server: string;
  readonly accounts: string;
  readonly certificate: string;
}

export interface Step {
  readonly id: string;
  readonly en: string;
  readonly zh: string;
  readonly facts?: Readonly<Record<string, string>>;
}

export interface ClientRun {
  readonly exitCode: number;
  readonly results: readonly RaResult[];
  readonly failed: readonly string[];
  /** The cases that were begun, in their order. */
  readonly begun: readonly string[];
}

/** A run of the suite with a client that registers itself, and does what `act` does at each step. */
export function testClient(
  who: 'user' | 'device',
  act: (step: Step, irsp: Irsp) => Promise<void>,
  ...options: string[]
): Promise<ClientRun> {
  return runSuite(who, act, '--register', ...options);
}

/** The same with a client that the suite registers. */
export async function runSuite(
  who: 'user' | 'device',
  act: (step: Step, irsp: Irsp) => Promise<void>,
  ...options: string[]
): Promise<ClientRun> {
  let irsp: Irsp | undefined;
  let rest = '';
  const steps: Promise<void>[] = [];
  const onOutput = (text: string) => {
    rest += text;
    const lines = rest.split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const value = JSON.parse(line) as { readonly type: string } & Irsp & Step;
      if (value.type === 'irsp') irsp = value;
      else if (value.type === 'step') {
        // One after the other, as a person does: who logs out waits for the answer to what it asked before.
        const before = steps.at(-1)?.catch(() => {}) ?? Promise.resolve();
        steps.push(before.then(() => act(value, irsp!)));
      }
    }
  };
  const ports = ['--port', '0', '--tls-port', '0', '--account-port', '0'];
  const args = ['conformance', `ra-${who}`, 'home.example', '--json', ...ports, ...options];
  const run = await runCli(args, { onOutput });
  await Promise.all(steps);
  const lines = run.stdout.trim().split('\n');
  const told = lines.map((line) => JSON.parse(line) as RaResult & { readonly type: string });
  const results = told.filter(({ type }) => type === 'case');
  const begun = told.filter(({ type }) => type === 'begin').map(({ id }) => id);
  const failed = results.filter(({ outcome }) => outcome === 'fail' || outcome === 'error').map(({ id }) => id);
  return { exitCode: run.exitCode, results, failed, begun };
}

/** Posts over HTTPS, trusting the certificate of the suite. */
export async function postTo(irsp: Irsp, path: string, body: string, contentType = 'application/json') {
  const ca = await readFile(irsp.certificate);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
  const sent = request(new URL(path, irsp.accounts), { method: 'POST', ca, headers, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    response.on('end', () => resolve({ status: response.statusCode!, body: text }));
  });
  sent.on('error', reject).end(body);
  return promise;
}

function accountsOf(irsp: Irsp): AccountClient {
  const post = (url: string, body: string) => postTo(irsp, new URL(url).pathname, body);
  return new AccountClient({ url: irsp.accounts, post });
}

export async function clientsOf({ account, server, certificate }: Irsp) {
  const jid = Jid.parse(account)!;
  const { hostname: host, port } = new URL(`xmpp://${server}`);
  const authorities = await readFile(certificate);
  const place = { domain: jid.domain, host, port: Number(port), tls: { authorities } };
  const mechanisms = scramClients({ crypto: saslCrypto, username: jid.local!, password });
  return (listener: XmppClientListener) =>
    new XmppClient({
      ...{ jid, mechanisms, listener },
      connector: xmppConnector(place),
      clock: nodeClock,
      timers: nodeTimers,
      random: nodeRandom,
    });
}

/** A login that the suite makes go wrong. */
function isFault(id: string): boolean {
  return /^8-\d\d$/.test(id);
}

/** Logs a client in until it was in once: from then on it comes back by itself. */
class Login {
  #wasIn = false;

  async connect(id: string, connect: () => Promise<unknown>): Promise<void> {
    if (this.#wasIn) return;
    try {
      await connect();
      this.#wasIn = true;
    } catch (error) {
      if (!isFault(id)) throw error;
    }
  }
}

/** The device client of this library: a thermostat. */
export class DeviceUnderTest {
  device!: Device;
  readonly #login = new Login();
  resources!: DeviceResources;
  #wanted = '21';
  /** How often it was executed. */
  resets = 0;
  /** Whom it declines. */
  declines: string | undefined;
  readonly #spoil: (self: DeviceUnderTest) => void;

  /** @param spoil breaks it, once it is made */
  constructor(spoil: (self: DeviceUnderTest) => void = () => {}) {
    this.#spoil = spoil;
  }

  readonly act = async ({ id, facts = {} }: Step, irsp: Irsp): Promise<void> => {
    if (id === '7-1') await this.#register(irsp);
    else if (id.startsWith('7-')) await doWithAccount(id, irsp, { model: 'T2' });
    else if (id === '8-1' || isFault(id)) await this.#connect(id, irsp);
    else await doingDevice[id]?.(this, facts, irsp.account.split('@')[1]!);
  };

  async #register(irsp: Irsp): Promise<void> {
    const name = irsp.account.split('@')[0]!;
    const facts = { deviceType: 'thermostat', vendor: 'V', model: 'T1', verifyCode: 'THERMO-CODE', confirms: true };
    await accountsOf(irsp).registerDevice({ name, password, ...facts });
  }

  async #connect(id: string, irsp: Irsp): Promise<void> {
    if (this.device === undefined) await this.#make(irsp);
    await this.#login.connect(id, () => this.device.connect());
  }

  async #make(irsp: Irsp): Promise<void> {
    const set = (text: string) => {
      this.#wanted = text;
      this.resources.changed(setPoint);
    };
    this.resources = new DeviceResources({
      [temperature]: { type: 'float', unit: 'Cel', get: () => '20.5' },
      [setPoint]: { type: 'float', unit: 'Cel', get: () => this.#wanted, set },
      [reset]: { type: 'none', execute: () => void this.resets++ },
    });
    this.device = new Device({
      open: await clientsOf(irsp),
      resources: this.resources,
      ...{ deviceType: 'thermostat', vendor: 'V', model: 'T1' },
      clock: nodeClock,
      crypto: saslCrypto,
      confirm: (user) => user !== this.declines,
    });
    this.#spoil(this);
  }
}

type Facts = Readonly<Record<string, string>>;

/** What the device client of this library does at each step. */
const doingDevice: Readonly<Record<string, (self: DeviceUnderTest, facts: Facts, domain: string) => unknown>> = {
  // It has asked, when it came.
  '10.3-3': ({ device }) => device.owners(),
  '10.3-4': ({ device }) => device.confirmation(),
  '10.3-5': ({ device }) => device.requireConfirmation(true),
  '10.3-6': (self, { user }) => {
    self.declines = user;
  },
  '9-2': ({ device }, _, domain) => device.client.request('get', domain, element('permissions', permission)),
  '9-3': ({ device }, facts, domain) => device.client.request('set', domain, element('grant', permission, facts)),
  '9-4': ({ device }, facts, domain) => device.client.request('set', domain, element('revoke', permission, facts)),
  '10.2-2': ({ device }, _, domain) => device.client.request('get', domain, element('links', link)),
  '10.4-2': ({ device }, { user }) => device.unbind(user!),
  '10.5-2': ({ device }) => device.resetCode(),
  '12-1': ({ device }) => device.close(),
};

/** §7, after the registration. */
async function doWithAccount(id: string, irsp: Irsp, change: Parameters<AccountClient['modify']>[1]): Promise<void> {
  const proof = { name: irsp.account.split('@')[0]!, password };
  if (id === '7-2') await accountsOf(irsp).read(proof);
  else if (id === '7-3') await accountsOf(irsp).modify(proof, change);
  else if (id === '7-4') await accountsOf(irsp).remove(proof);
}

type Acting = (home: Home, facts: Readonly<Record<string, string>>, client: XmppClient) => Promise<unknown>;

/** What the user client of this library does at each step. */
const doing: Readonly<Record<string, Acting>> = {
  // Refused, as it has to be.
  '10.3-1': (home, { device, code }) => home.bind(device!, code!).catch(() => {}),
  '10.3-2': (home, { device, code }) => home.bind(device!, code!),
  '10.5-1': (home, { device }) => home.resetCode(device!),
  '10.3-3': (home) => home.devices(),
  '10.3-4': (home, { device }) => home.owners(device!),
  '10.3-5': (home, { device, name, group }) => home.rename(device!, name!, [group!]),
  '10.3-6': (home, { device, code }) => home.bind(device!, code!),
  '10.3-7': (home, { device }) => home.confirmation(device!),
  '10.3-8': (home, { device }) => home.requireConfirmation(device!, false),
  '13-2': (_, __, client) => client.request('get', client.jid.bare, element('query', 'jabber:iq:roster')),
  '13-3': (home, { device }) => home.device(device!).describe(),
  '13-4': (home) => home.search({ state: 'online' }),
  '13-5': async (_, __, client) => client.sendPresence({}, element('show', namespaces.client, {}, 'away')),
  '11.2-10': (home, { device, path }) => home.device(device!).read(path!),
  '11.2-11': (home, { device, path, value }) => home.device(device!).write(path!, value!),
  '11.2-12': (home, { device, path }) => home.device(device!).execute(path!),
  '11.3-1': (home, { device, path }) => home.device(device!).observe(path!),
  '11.2-13': (home, { device, path }) => home.device(device!).cancel(path!),
  // Refused: the device of the suite has no firmware, and no channel.
  '11.2-14': (home, { device }) => refused(home.device(device!).firmware()),
  '11.2-15': (home, { device }) => refused(home.device(device!).updateFirmware()),
  '11.2-16': (home, { device }) => refused(home.device(device!).cancelFirmware()),
  '11.2-17': (home, { device, path }) => home.device(device!).history(path!),
  '11.6-1': (_, { device, name }, client) => client.request('set', device!, askForChannel(name!)),
  '10.2-1': (home, { user }) => home.befriend(user!),
  '10.2-2': (home) => home.friends(),
  '10.2-3': (_, { user, name }, client) =>
    client.request('set', 'home.example', element('rename', friend, { user, name })),
  '10.2-4': (_, { user }, client) => client.request('set', 'home.example', element('accept', friend, { user })),
  '10.2-5': (home, { user }) => home.unfriend(user!),
  '10.2-6': (home, { user }) => home.unfriend(user!),
  '10.2-7': (home, { device, other }) => home.link(device!, other!),
  '10.2-8': (home, { device }) => home.links(device!),
  '10.2-9': (home, { device, other }) => home.unlink(device!, other!),
  '10.2-10': (home, { name, address }) => home.bookmark({ name: name!, address: address!, text: '' }),
  '10.2-11': (home) => home.bookmarks(),
  '10.2-12': (home, { name }) => home.removeBookmark(name!),
  '9-3': (home, { device }) => home.permissions(device!),
  '10.4-2': (home, { device, user }) => home.removeOwner(device!, user!),
  '11.3-2': async (_, { user }, client) => client.sendMessage(user!, 'hello'),
  '9-1': (home, { device, user, feature }) =>
    home.permit(device!, { to: user!, feature: feature!, operations: ['read'] }),
  '9-2': (home, { device, user, feature }) => home.revoke(device!, { to: user!, feature: feature! }),
  '10.4-1': (home, { device }) => home.unbind(device!),
  '12-1': async (_home, _facts, client) => client.close(),
};

const refused = (asking: Promise<unknown>) => assert.rejects(asking, Refused);

/** XEP-0166, XEP-0261. */
function askForChannel(name: string): XmlElement {
  const jingle = 'urn:xmpp:jingle:1';
  const transport = element('transport', 'urn:xmpp:jingle:transports:ibb:1', { 'block-size': '4096', sid: 'bytes' });
  const description = element('description', 'urn:yaolian:ra:1:channel', { name });
  const content = element('content', jingle, { creator: 'initiator', name: 'channel' }, description, transport);
  return element('jingle', jingle, { action: 'session-initiate', sid: 'suite' }, content);
}

/** The user client of this library, with a tester that does what it is told. */
export class UserUnderTest {
  client!: XmppClient;
  readonly #login = new Login();
  readonly #otherwise: Readonly<Record<string, Acting>>;
  readonly #beforehand: (irsp: Irsp) => Promise<unknown>;

  /** @param otherwise what it does wrong, by step */
  constructor(
    otherwise: Readonly<Record<string, Acting>> = {},
    beforehand: (irsp: Irsp) => Promise<unknown> = async () => {},
  ) {
    this.#otherwise = otherwise;
    this.#beforehand = beforehand;
  }

  readonly act = async ({ id, facts = {} }: Step, irsp: Irsp): Promise<void> => {
    if (id === '7-1') {
      await this.#beforehand(irsp);
      await accountsOf(irsp).registerUser({ name: irsp.account.split('@')[0]!, password });
    } else if (id.startsWith('7-')) {
      await doWithAccount(id, irsp, { nick: 'Ann' });
    } else if (id === '8-1' || isFault(id)) {
      this.client ??= (await clientsOf(irsp))({
        onOnline: (_, isResumed) => {
          if (!isResumed) this.client.sendPresence();
        },
      });
      await this.#login.connect(id, () => this.client.connect());
    } else {
      const act = this.#otherwise[id] ?? doing[id];
      await act?.(new Home(this.client), facts, this.client);
    }
  };
}
