import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, it } from 'node:test';
import { raNamespaces } from '@yaolian/igrs';
import { Home } from '@yaolian/igrs/client';
import { element, namespaces, StanzaError } from '@yaolian/xmpp';
import {
  clientsOf,
  DeviceUnderTest,
  type Irsp,
  postTo,
  reset,
  type Step,
  setPoint,
  testClient,
  UserUnderTest,
} from '../testing/client-under-test.ts';
import { runCli } from '../testing/run-cli.ts';

const { binding, data, device: deviceNamespace, push } = raNamespaces;
const unknown = 'urn:yaolian:conformance:unknown';

const messageOf = ({ results }: Awaited<ReturnType<typeof testClient>>, id: string) =>
  results.find((result) => result.id === id)?.message ?? '';

/** The clauses of whose messages both clients of ours send some. */
const ofBoth = ['7-0', '11.1-0', '10.3-0', '10.5-0', '9-0', '10.2-0', '13-0', '11.2-0'];

// What is tested here mostly waits.
describe('yaolian conformance ra-device', { concurrency: 6 }, () => {
  it('our device client passes every case', async () => {
    const device = new DeviceUnderTest();
    const { exitCode, results } = await testClient('device', device.act, '--execute', reset);
    assert.equal(device.resets, 2);
    const others = results.filter(({ outcome, id }) => outcome !== 'pass' && !id.endsWith('-0'));
    assert.deepEqual(others, []);
    assert.equal(exitCode, 0);
    const judged = results.filter(({ outcome, id }) => outcome === 'pass' && id.endsWith('-0')).map(({ id }) => id);
    assert.deepEqual(judged, [...ofBoth, '11.5-0']);
  });

  it('a namespace that there is not fails clause 13, and what is right is said', async () => {
    const other = new DeviceUnderTest(({ device }) => {
      device.client.handle('device', deviceNamespace, () => element('device', 'urn:yaolian:ra:9:device'));
    });
    const run = await testClient('device', other.act);
    assert.deepEqual(run.failed, ['13-3', '13-0']);
    assert.equal(run.exitCode, 1);
    assert.match(messageOf(run, '13-0'), /^there is no namespace urn:yaolian:ra:9:device .*right: .*it sent: <iq /);
  });

  it('nothing is executed unless a resource is named; one that refuses fails 11.2', async () => {
    const device = new DeviceUnderTest();
    const unnamed = await testClient('device', device.act);
    assert.equal(device.resets, 0);
    assert.match(messageOf(unnamed, '11.2-16'), /--execute PATH/);
    const run = await testClient('device', new DeviceUnderTest().act, '--execute', setPoint);
    assert.deepEqual(run.failed, ['11.2-16']);
    assert.match(messageOf(run, '11.2-16'), /<execute path='\/3308\/0\/5900'\/> is refused: not-allowed/);
    const wrong = await runCli(['conformance', 'ra-device', '--execute', '3303']);
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /a resource is written as \/object\/instance\/resource/);
  });

  it('a request that is not answered fails 11.2', async () => {
    const silent = new DeviceUnderTest(({ device }) => {
      device.client.handle('question', unknown, () => new Promise(() => {}));
    });
    assert.deepEqual((await testClient('device', silent.act, '--timeout', '5s')).failed, ['11.2-1', '11.2-4']);
  });

  it('a result in the place of an error fails 11.2', async () => {
    const obliging = new DeviceUnderTest(({ device }) => {
      device.client.handle('question', unknown, () => undefined);
    });
    const run = await testClient('device', obliging.act);
    assert.deepEqual(run.failed, ['11.2-1']);
    assert.match(messageOf(run, '11.2-1'), /is answered with a result, not an error/);
  });

  it('a push of somebody else that is believed fails 11.5', async () => {
    const gullible = new DeviceUnderTest(({ device: { client } }) => {
      const agree = () => {
        const user = 'suite-bob@home.example';
        client.send(
          element(
            'iq',
            namespaces.client,
            { type: 'set', id: 'c', to: 'home.example' },
            element('confirm', binding, { user }),
          ),
        );
      };
      believe(client, agree);
    });
    assert.deepEqual((await testClient('device', gullible.act)).failed, ['11.5-1']);
  });

  it('values for a user that is unbound fail 10.4', async () => {
    const faithful = new DeviceUnderTest(({ device: { client }, resources }) => {
      const observers = new Set<string>();
      client.handle('observe', data, (iq) => {
        if (iq.elements()[0]?.attribute('path') !== setPoint) return new StanzaError('item-not-found');
        observers.add(iq.attribute('from') ?? 'home.example');
        return element('values', data, { time: '2026-01-01T00:00:00Z' }, ...valuesOf());
      });
      client.handle('cancel', data, (iq) => void observers.delete(iq.attribute('from') ?? 'home.example'));
      const valuesOf = () => [element('value', data, { path: setPoint, type: 'float' }, wanted())];
      const wanted = () => {
        const values = resources.read(setPoint);
        return Array.isArray(values) ? values[0]!.text : '';
      };
      resources.listen(() => {
        for (const to of observers) {
          const values = element('values', data, { time: '2026-01-01T00:00:00Z' }, ...valuesOf());
          client.send(element('message', namespaces.client, { type: 'headline', to }, values));
        }
      });
    });
    const run = await testClient('device', faithful.act);
    assert.deepEqual(run.failed, ['10.4-1']);
    assert.match(messageOf(run, '10.4-1'), /it sends a message to suite-ann@home\.example/);
  });

  it('values that are not of their schema fail 11.2, and the bytes are shown', async () => {
    const careless = new DeviceUnderTest(({ device }) => {
      device.client.handle('read', data, () => {
        const value = element('value', data, { path: setPoint }, '21');
        return element('values', data, { time: '2026-01-01T00:00:00Z' }, value);
      });
    });
    const run = await testClient('device', careless.act);
    assert.deepEqual([...new Set(run.failed.map((id) => id.split('-')[0]))], ['11.2']);
    assert.match(
      messageOf(run, '11.2-0'),
      /<value\/> has no type; right: <values .*it sent: <iq .*<value path='\/3308/,
    );
  });

  it('a client that does not come fails 8, and all else is not tried', async () => {
    const run = await testClient('device', async () => {}, '--patience', '1s');
    assert.deepEqual([run.failed, run.exitCode], [['8-1'], 1]);
    const judged = run.results.filter(({ outcome }) => outcome === 'pass' || outcome === 'fail');
    assert.deepEqual(
      judged.map(({ id }) => id),
      ['0-1', '8-1'],
    );
  });

  it('a client that speaks in the clear fails 8, and no password stands in the report', async () => {
    const act = async ({ id }: { readonly id: string }, { server }: Irsp) => {
      if (id !== '8-10') return;
      const { hostname, port } = new URL(`xmpp://${server}`);
      const socket = connect({ host: hostname, port: Number(port) });
      const streams = `xmlns='jabber:client' xmlns:stream='${namespaces.streams}'`;
      socket.write(`<stream:stream to='home.example' version='1.0' ${streams}>`);
      await once(socket, 'data');
      socket.write(`<auth xmlns='${namespaces.sasl}' mechanism='PLAIN'>AGFubgBzZWNyZXQ=</auth>`);
      await once(socket, 'close');
    };
    const run = await testClient('device', act, '--patience', '2s');
    assert.ok(run.failed.includes('8-10'), String(run.failed));
    assert.match(messageOf(run, '8-10'), /it has to say <starttls\/>, and says <auth .*>…<\/auth>/);
  });

  it('connections that a client gives up before anything goes wrong judge nothing', async () => {
    const streams = `xmlns='jabber:client' xmlns:stream='${namespaces.streams}'`;
    const act = async ({ id }: { readonly id: string }, { server }: Irsp) => {
      if (id !== '8-10') return;
      const { hostname, port } = new URL(`xmpp://${server}`);
      for (const last of ['</stream:stream>', '', "<message xmlns='jabber:client'/>"]) {
        const socket = connect({ host: hostname, port: Number(port) });
        socket.write(`<stream:stream to='home.example' version='1.0' ${streams}>`);
        if (last === '') socket.end();
        else socket.write(last);
        socket.resume();
        await once(socket, 'close');
      }
    };
    const run = await testClient('device', act, '--patience', '2s', '--timeout', '5s');
    assert.match(messageOf(run, '8-10'), /it has to say <starttls\/>, and says <message/);
    assert.deepEqual(run.failed, ['8-10', '8-1']);
  });

  it('a client that never gets to where the server fails is not judged by it', async () => {
    const streams = `xmlns='jabber:client' xmlns:stream='${namespaces.streams}'`;
    const act = async ({ id }: { readonly id: string }, { server }: Irsp) => {
      if (id !== '8-10') return;
      const { hostname, port } = new URL(`xmpp://${server}`);
      for (let turn = 0; turn < 8; turn++) {
        const socket = connect({ host: hostname, port: Number(port) });
        socket.end(`<stream:stream to='home.example' version='1.0' ${streams}></stream:stream>`).resume();
        await once(socket, 'close');
      }
    };
    const run = await testClient('device', act, '--patience', '2s', '--timeout', '5s');
    const reason =
      'it gives up 8 connections before anything goes wrong; on the last one in the place of <starttls/> came the end of its stream';
    assert.equal(messageOf(run, '8-10'), reason);
    assert.deepEqual(run.failed, ['8-1']);
  });

  it('a channel that it does not have and accepts fails 11.6; a version that is not that of its features 13', async () => {
    const jingle = 'urn:xmpp:jingle:1';
    const boastful = new DeviceUnderTest(({ device: { client } }) => {
      client.handle('jingle', jingle, (iq) => {
        const { sid } = iq.elements()[0]!.attributes;
        const accept = element('jingle', jingle, { action: 'session-accept', sid });
        client.send(element('iq', namespaces.client, { type: 'set', id: 'j', to: iq.attribute('from') }, accept));
        return undefined;
      });
      const asked = 'http://jabber.org/protocol/disco#info';
      client.handle('query', asked, (iq) => {
        const { node } = iq.elements()[0]!.attributes;
        const features = node === undefined ? [asked] : [asked, 'urn:more'];
        const told = features.map((one) => element('feature', asked, { var: one }));
        return element(
          'query',
          asked,
          { node },
          element('identity', asked, { category: 'client', type: 'bot' }),
          ...told,
        );
      });
    });
    const run = await testClient('device', boastful.act, '--without', '8');
    assert.deepEqual(run.failed, ['13-4', '11.6-1']);
    assert.match(messageOf(run, '11.6-1'), /it answers session-accept for a channel that it does not have/);
    assert.match(messageOf(run, '13-4'), /urn:more; itself http/);
  });

  it('a message of the platform that is refused fails 11.4, and a code that the tester leaves out is not judged', async () => {
    const rude = new DeviceUnderTest(({ device: { client } }) => {
      const onElement = client.onElement.bind(client);
      client.onElement = (received) => {
        const isPlain = received.name === 'message' && received.childText('body') === 'conformance';
        if (isPlain && received.attribute('from') === 'home.example') {
          const condition = element('service-unavailable', namespaces.stanzaErrors);
          const error = element('error', namespaces.client, { type: 'cancel' }, condition);
          client.send(element('message', namespaces.client, { type: 'error', to: 'home.example' }, error));
        }
        onElement(received);
      };
    });
    const run = await testClient('device', rude.act, '--without', '8,10.5-2');
    assert.deepEqual(run.failed, ['11.4-1']);
    const leftOut = run.results.filter(({ outcome, id }) => outcome === 'not-applicable' && !id.endsWith('-0'));
    assert.ok(
      leftOut.every(({ id }) => id.startsWith('8-') || ['10.5-2', '11.2-16'].includes(id)),
      JSON.stringify(leftOut),
    );
    assert.equal(messageOf(run, '10.5-2'), 'the tester left it out (--without)');
    assert.deepEqual(run.begun.slice(0, 3), ['0-1', '7-1', '7-2'], 'programs are told what is judged');
  });

  it('names its cases, and says what is wrong with one that there is not', async () => {
    const listed = await runCli(['conformance', 'ra-device', '--list', '--json']);
    const ids = listed.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly id: string }).id);
    assert.deepEqual([listed.exitCode, ids[0], ids.at(-1)], [0, '7-1', '7-4']);
    const wrong = await runCli(['conformance', 'ra-device', '--without', '9,10.9-1']);
    assert.equal(wrong.exitCode, 2);
    assert.match(
      wrong.stderr,
      /there is no clause or case "10\.9-1"; "yaolian conformance ra-device --list" names them/,
    );
  });

  it('tells the tester in both languages what to do, what a long case waits for, and the verdict with its reason', async () => {
    const run = await runCli([
      ...['conformance', 'ra-device', 'home.example', '--patience', '3s', '--without', '7,9,10,11,12,13'],
      ...['--port', '0', '--tls-port', '0', '--account-port', '0'],
    ]);
    assert.match(
      run.stderr,
      /^→ 8-10 {2}log in as tester-lamp@home\.example; it cannot: the server fails on purpose .* \(within 3s\)$/m,
    );
    assert.match(run.stderr, /^ {9}以 tester-lamp@home\.example 登录；此次登录不会成功，服务器故意出错.*（限时 3s）$/m);
    assert.match(run.stdout, /^inconclusive {2}8-10 .*: it did not connect$/m);
    assert.match(run.stdout, /^not applicable {2}13-1 .*: the tester left it out \(--without\)$/m);
    assert.match(run.stdout, /\d+ pass, 1 fail, \d+ inconclusive, \d+ not applicable\.\n$/);
    assert.equal(run.exitCode, 1);
  });

  it('takes no address that a client could not connect to', async () => {
    for (const host of ['0.0.0.0', '::']) {
      const run = await runCli(['conformance', 'ra-device', '--host', host, '--port', '0', '--tls-port', '0']);
      assert.equal(run.exitCode, 2);
      assert.match(run.stderr, /is every address: name the one that the client connects to/);
    }
  });

  it('says what is wrong with a domain, and with a port that is taken', async () => {
    const domain = await runCli(['conformance', 'ra-device', 'no domain']);
    assert.deepEqual([domain.exitCode, domain.stdout], [2, '']);
    const port = await runCli(['conformance', 'ra-device', '--port', '99999']);
    assert.match(port.stderr, /a port is a whole number from 0 to 65535, not "99999"/);
    await using taken = await takePort();
    for (const [flag, others] of [
      ['--port', ['--tls-port', '0', '--account-port', '0']],
      ['--account-port', ['--port', '0', '--tls-port', '0']],
    ] as const) {
      const run = await runCli(['conformance', 'ra-device', flag, taken.port, ...others]);
      assert.deepEqual([run.exitCode, run.stdout], [2, '']);
      assert.match(run.stderr, new RegExp(`^yaolian: .*${taken.port}.*\\n$`, 's'));
      assert.ok(run.stderr.includes(`(${flag})`), run.stderr);
    }
  });
});

/** A port of loopback that somebody has. */
async function takePort(): Promise<AsyncDisposable & { readonly port: string }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: String((server.address() as AddressInfo).port),
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

/** Acts on every push <binding-asked/> that is of somebody else. */
function believe(client: DeviceUnderTest['device']['client'], act: () => void): void {
  const onElement = client.onElement.bind(client);
  client.onElement = (received) => {
    const isPush = received.elements()[0]?.is('binding-asked', push) === true;
    if (isPush && received.attribute('from') !== 'home.example') act();
    onElement(received);
  };
}

describe('yaolian conformance ra-user', { concurrency: 6 }, () => {
  it('our user client passes every case', async () => {
    const { exitCode, results } = await testClient('user', new UserUnderTest().act);
    const others = results.filter(({ outcome, id }) => outcome !== 'pass' && !id.endsWith('-0'));
    assert.deepEqual(others, []);
    assert.equal(exitCode, 0);
    const judged = results.filter(({ outcome, id }) => outcome === 'pass' && id.endsWith('-0')).map(({ id }) => id);
    assert.deepEqual(judged, [...ofBoth, '11.5-0', '11.6-0']);
  });

  it('a namespace that there is not fails 10.3', async () => {
    const wrong = element('bind', 'urn:yaolian:ra:9:binding', { device: 'suite-lamp@home.example', code: 'x' });
    const other = new UserUnderTest({
      '10.3-1': (_, __, client) => client.request('set', 'home.example', wrong),
    });
    assert.deepEqual((await testClient('user', other.act)).failed, ['10.3-1', '10.3-0']);
  });

  it('somebody else that is accepted, another name and an account that is only read fail 10.2, 10.3 and leave 7 open', async () => {
    const other = new UserUnderTest({
      '10.2-4': (_, __, client) =>
        client.request('set', 'home.example', element('accept', raNamespaces.friend, { user: 'bob@home.example' })),
      '10.3-5': (home, { device }) => home.rename(device!, 'Attic'),
      '10.3-8': (home, { device }) => home.requireConfirmation(device!, true),
      '13-4': (home) => home.search({ state: 'offline' }),
    });
    const run = await testClient('user', other.act, '--without', '8,7-4', '--patience', '5s');
    assert.deepEqual(run.failed, ['10.3-5', '10.3-8', '13-4', '10.2-4']);
    assert.match(
      messageOf(run, '10.2-4'),
      /<accept\/> has the user "bob@home\.example", not "suite-bob-2@home\.example"/,
    );
    assert.equal(run.results.find(({ id }) => id === '10.2-5')?.outcome, 'inconclusive');
    assert.equal(run.results.find(({ id }) => id === '7-4')?.outcome, 'not-applicable');
  });

  it('a connection that is there for one question only is nothing wrong', async () => {
    // Who asks somebody that asks accepts.
    const user = new UserUnderTest({ '10.2-4': (home, { user: other }) => home.befriend(other!) });
    const act = async (step: Step, irsp: Irsp) => {
      if (step.id !== '10.3-4') return user.act(step, irsp);
      const other = (await clientsOf(irsp))({});
      await other.connect();
      await new Home(other).owners(step.facts!['device']!);
      other.close();
    };
    const run = await testClient('user', act, '--without', '8', '--timeout', '5s');
    assert.deepEqual(run.failed, []);
    for (const one of ['10.3-4', '10.2-4', '10.2-5']) {
      assert.equal(run.results.find(({ id }) => id === one)?.outcome, 'pass', one);
    }
    assert.equal(messageOf(run, '8-21'), 'none of the logins before was tried');
  });

  it('a question in an iq of type set fails 11.2', async () => {
    const other = new UserUnderTest({
      '11.2-10': (_, { device, path }, client) => client.request('set', device!, element('read', data, { path })),
    });
    const run = await testClient('user', other.act);
    assert.deepEqual(run.failed, ['11.2-0']);
    assert.match(messageOf(run, '11.2-0'), /<read\/> is in an iq of type set; right: get/);
  });

  it('a registration without a password fails 7, and no password stands in the report', async () => {
    const beforehand = async (irsp: Irsp) => {
      await postTo(irsp, '/rest/v1/user/register.json', '{"userName":"tester-ann","password":""}');
      await postTo(irsp, '/rest/v1/user/sign-up.xml', 'password=secret-of-ann', 'application/x-www-form-urlencoded');
    };
    const run = await testClient('user', new UserUnderTest({}, beforehand).act);
    assert.deepEqual(run.failed, ['7-0']);
    assert.match(messageOf(run, '7-0'), /there is no password; right: user\/register has userName, password/);
    assert.match(messageOf(run, '7-0'), /there is no path \/rest\/v1\/user\/sign-up\.xml/);
    assert.doesNotMatch(messageOf(run, '7-0'), /secret-of-ann/);
  });
});
