/** What tests of Remote Access need: a platform that has it, and accounts that are connected. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Home, Refused } from '@yaolian/igrs/client';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import {
  Jid,
  scramClients,
  type TransportConnector,
  type XmlElement,
  XmppClient,
  type XmppTransport,
} from '@yaolian/xmpp';
import type { TestPlatform } from './platform.ts';

export const domain = 'home.example';
export const terminalKey = 'urn:imei:861234567890123';
/** The account of the terminal once it is shared. */
export const lamp = `urn-imei-861234567890123@${domain}`;

/** Settings of a platform with Remote Access on free ports. */
export const remoteAccess = {
  'ra.domain': domain,
  // Most tests bind a device again by the code that they know.
  'ra.code-after-unbind': 'keep' as const,
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
  'tls.names': domain,
};

/** Asks the account server. */
export async function post(bench: Pick<TestPlatform, 'httpUrl'>, path: string, fields: Record<string, string>) {
  const response = await fetch(`${bench.httpUrl}/rest/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return { status: response.status, text: await response.text() };
}

/** For `assert.rejects`: a refusal of the RA with this condition. */
export function refused(condition: string) {
  return (error: unknown) => error instanceof Refused && error.condition === condition;
}

/** An account of the RA that is connected, with what it heard. */
export class TestUser implements AsyncDisposable {
  readonly client: XmppClient;
  readonly home: Home;
  readonly messages: XmlElement[] = [];
  readonly presences: XmlElement[] = [];
  readonly #closed = Promise.withResolvers<void>();
  /** Resolves when the client is closed for good, by either side. */
  readonly closed = this.#closed.promise;
  #transport: XmppTransport | undefined;

  private constructor(name: string, connector: TransportConnector) {
    this.client = new XmppClient({
      jid: Jid.parse(`${name}@${domain}`)!,
      connector: this.#remembering(connector),
      mechanisms: scramClients({ crypto: saslCrypto, username: name, password: `${name}-secret` }),
      clock: nodeClock,
      timers: nodeTimers,
      random: nodeRandom,
      listener: {
        onMessage: (message) => this.messages.push(message),
        onClosed: () => this.#closed.resolve(),
        onPresence: (presence) => this.presences.push(presence),
      },
    });
    this.home = new Home(this.client);
  }

  static async registerDevice(bench: TestPlatform, deviceName: string, verifyCode: string): Promise<TestUser> {
    const fields = { deviceName, verifyCode, password: `${deviceName}-secret` };
    const registered = await post(bench, 'device/register.xml', fields);
    assert.equal(registered.status, 201, registered.text);
    return TestUser.login(bench, deviceName);
  }

  static async register(bench: TestPlatform, name: string): Promise<TestUser> {
    const registered = await post(bench, 'user/register.xml', { userName: name, password: `${name}-secret` });
    assert.equal(registered.status, 201, registered.text);
    return TestUser.login(bench, name);
  }

  static async login(bench: Pick<TestPlatform, 'platform' | 'dataFolder'>, name: string): Promise<TestUser> {
    const url = bench.platform.listening.find(({ url }) => url.startsWith('xmpp:'))!.url;
    const authorities = await readFile(join(bench.dataFolder, 'tls', 'certificate.pem'));
    const where = { domain, host: '127.0.0.1', port: Number(new URL(url).port), tls: { authorities } };
    const user = new TestUser(name, xmppConnector(where));
    await user.client.connect();
    user.client.sendPresence();
    return user;
  }

  /** Loses the connection as a network does; the client comes back by itself. */
  cut(): void {
    this.#transport?.abort();
  }

  /** Dies as a process does: the connection is gone, nothing is said, and nobody comes back. */
  kill(): void {
    this.cut();
    this.client.close();
  }

  #remembering(connector: TransportConnector): TransportConnector {
    return {
      connect: async (signal) => {
        this.#transport = await connector.connect(signal);
        return this.#transport;
      },
    };
  }

  /** The first push of that name. */
  push(name: string): Promise<XmlElement> {
    const pushes = () => this.messages.flatMap((one) => one.elements());
    return until(() => pushes().find((one) => one.name === name), `a push of ${name}`);
  }

  /** The first pushed value of a device that is so. */
  value(text: string): Promise<XmlElement> {
    const values = () => this.messages.flatMap((one) => one.elements()).flatMap((one) => one.elements('value'));
    return until(() => values().find((one) => one.text() === text), `the value ${text}`);
  }

  /** The first message with that text. */
  heard(body: string): Promise<XmlElement> {
    return until(() => this.messages.find((one) => one.childText('body') === body), `the message "${body}"`);
  }

  /** The first stanza of presence that shows who it is from so. */
  presence(from: string, type?: string): Promise<XmlElement> {
    const isIt = (one: XmlElement) => one.attribute('from') === from && one.attribute('type') === type;
    return until(() => this.presences.find(isIt), `presence ${type ?? 'available'} of ${from}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }
}
