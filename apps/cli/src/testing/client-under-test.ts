import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { AccountClient, Device, DeviceResources, Home } from '@yaolian/igrs/client';
import type { RaResult } from '@yaolian/igrs/conformance';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { Jid, scramClients, XmppClient, type XmppClientListener } from '@yaolian/xmpp';
import { runCli } from './run-cli.ts';

const password = 'correct-horse-battery';
export const temperature = '/3303/0/5700';
export const setPoint = '/3308/0/5900';
export const reset = '/3303/0/5605';

/** What the suite says of itself. */
export interface Irsp {
  readonly account: string;
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

/** A run of the suite with a client that does what `act` does at each step. */
export async function testClient(
  who: 'user' | 'device',
  act: (step: Step, irsp: Irsp) => Promise<void>,
  ...options: string[]
): Promise<{ readonly exitCode: number; readonly results: readonly RaResult[]; readonly failed: readonly string[] }> {
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
  const args = ['conformance', `ra-${who}`, 'home.example', '--register', '--json', ...ports, ...options];
  const run = await runCli(args, { onOutput });
  await Promise.all(steps);
  const lines = run.stdout.trim().split('\n');
  const results = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'case') as RaResult[];
  const failed = results.filter(({ outcome }) => outcome === 'fail' || outcome === 'error').map(({ id }) => id);
  return { exitCode: run.exitCode, results, failed };
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

async function clientsOf({ account, server, certificate }: Irsp) {
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
  readonly #spoil: (self: DeviceUnderTest) => void;

  /** @param spoil breaks it, once it is made */
  constructor(spoil: (self: DeviceUnderTest) => void = () => {}) {
    this.#spoil = spoil;
  }

  readonly act = async ({ id }: Step, irsp: Irsp): Promise<void> => {
    if (id === '7-1') await this.#register(irsp);
    else if (id === '8-1' || isFault(id)) await this.#connect(id, irsp);
    else if (id === '12-1') this.device.close();
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
      confirm: () => true,
    });
    this.#spoil(this);
  }
}

type Acting = (home: Home, facts: Readonly<Record<string, string>>, client: XmppClient) => Promise<unknown>;

/** What the user client of this library does at each step. */
const doing: Readonly<Record<string, Acting>> = {
  // Refused, as it has to be.
  '10.3-1': (home, { device, code }) => home.bind(device!, code!).catch(() => {}),
  '10.3-2': (home, { device, code }) => home.bind(device!, code!),
  '10.5-1': (home, { device }) => home.resetCode(device!),
  '11.2-10': (home, { device, path }) => home.device(device!).read(path!),
  '11.2-11': (home, { device, path, value }) => home.device(device!).write(path!, value!),
  '11.2-12': (home, { device, path }) => home.device(device!).execute(path!),
  '11.3-1': (home, { device, path }) => home.device(device!).observe(path!),
  '10.2-1': (home, { user }) => home.befriend(user!),
  '11.3-2': async (_, { user }, client) => client.sendMessage(user!, 'hello'),
  '9-1': (home, { device, user, feature }) =>
    home.permit(device!, { to: user!, feature: feature!, operations: ['read'] }),
  '9-2': (home, { device, user, feature }) => home.revoke(device!, { to: user!, feature: feature! }),
  '10.4-1': (home, { device }) => home.unbind(device!),
  '12-1': async (_home, _facts, client) => client.close(),
};

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
