import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ByteStream,
  type ByteStreamListener,
  concatBytes,
  decodeUtf8,
  encodeUtf8,
  hasCode,
  milliseconds,
  minutes,
  seconds,
  socketAddress,
} from '@yaolian/kernel';
import { SeededRandom, settle, type VirtualTime } from '@yaolian/testkit';
import fc from 'fast-check';
import { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { plainClient } from '../sasl/plain-external.ts';
import { serverWorld } from '../testing/server-world.ts';
import { SimulatedTransport } from '../testing/simulated-transport.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { XmppClient, type XmppClientOptions } from './client.ts';
import { webSocketOf } from './websocket.ts';

/** A server that says other things than it does. */
class LyingTransport extends SimulatedTransport {
  readonly #lie: (text: string) => string;

  constructor(stream: ByteStream, lie: (text: string) => string) {
    super(stream, { isSecure: true });
    this.#lie = lie;
  }

  override listen(listener: ByteStreamListener): void {
    super.listen({
      onBytes: (bytes) => listener.onBytes(encodeUtf8(this.#lie(decodeUtf8(bytes)!))),
      onDrain: () => listener.onDrain(),
      onClosed: (error) => listener.onClosed(error),
    });
  }
}

/** Gives what comes within a while as one piece, as sockets do under load. */
class LumpTransport extends SimulatedTransport {
  readonly #time: VirtualTime;

  constructor(stream: ByteStream, time: VirtualTime) {
    super(stream, { isSecure: true });
    this.#time = time;
  }

  override listen(listener: ByteStreamListener): void {
    let held: Uint8Array[] = [];
    super.listen({
      onBytes: (bytes) => {
        held.push(bytes);
        if (held.length > 1) return;
        this.#time.schedule(milliseconds(20), () => {
          const joined = concatBytes(held);
          held = [];
          listener.onBytes(joined);
        });
      },
      onDrain: () => listener.onDrain(),
      onClosed: (error) => listener.onClosed(error),
    });
  }
}

type World = ReturnType<typeof serverWorld>;

function clientOf(
  world: World,
  name: string,
  options: Partial<XmppClientOptions> & { port?: number; password?: string } = {},
) {
  const { port = 5222, password = 'secret' } = options;
  const seen: (string | XmlElement)[] = [];
  const { time, streams } = world;
  const client = new XmppClient({
    jid: Jid.parse(`${name}@example.org/main`)!,
    connector: {
      connect: async (signal) => {
        const stream = await streams.connector('192.0.2.9').connect(socketAddress('192.0.2.1', port), signal);
        return new SimulatedTransport(stream, { isSecure: port !== 5222 });
      },
    },
    mechanisms: [plainClient(name, password)],
    clock: time,
    timers: time,
    random: new SeededRandom(7),
    listener: {
      onMessage: (message) => void seen.push(message.childText('body') ?? ''),
      onPresence: (presence) => void seen.push(presence),
      onOnline: (jid, isResumed) => void seen.push(isResumed ? 'resumed' : `online ${jid}`),
      onOffline: () => void seen.push('offline'),
      onUndelivered: (stanzas) => void seen.push(`undelivered ${stanzas.length}`),
      onClosed: (error) =>
        void seen.push(error === undefined ? 'closed' : `closed ${(error as { code?: string }).code}`),
    },
    ...options,
  });
  return { client, seen };
}

describe('a client and a server', () => {
  for (const port of [5222, 5223, 5280]) {
    it(`meet on port ${port}`, async () => {
      const world = serverWorld();
      const { time } = world;
      const juliet = clientOf(world, 'juliet', { port });
      const romeo = clientOf(world, 'romeo');
      assert.equal(String(await time.until(juliet.client.connect(), seconds(5))), 'juliet@example.org/main');
      await time.until(romeo.client.connect(), seconds(5));
      juliet.client.sendMessage('romeo@example.org/main', 'hi & <bye>');
      juliet.client.sendPresence({ to: 'romeo@example.org/main' }, element('show', namespaces.client, {}, 'away'));
      await time.advance(seconds(1));
      assert.equal(romeo.seen[1], 'hi & <bye>');
      assert.equal((romeo.seen[2] as XmlElement).childText('show'), 'away');
      juliet.client.close();
      await time.advance(seconds(10));
      assert.equal(world.server.size, 1);
      assert.deepEqual(juliet.seen, ['online juliet@example.org/main', 'closed']);
      romeo.client.close();
      await time.advance(seconds(10));
      assert.equal(time.pending, 0);
    });
  }

  it('ask and answer', async () => {
    const world = serverWorld();
    const { time } = world;
    const juliet = clientOf(world, 'juliet').client;
    const romeo = clientOf(world, 'romeo').client;
    await time.until(juliet.connect(), seconds(5));
    await time.until(romeo.connect(), seconds(5));
    romeo.handle('time', 'urn:xmpp:time', async () => element('time', 'urn:xmpp:time', { zone: 'Z' }));
    romeo.handle('broken', 'urn:x', () => {
      throw new Error('broken');
    });
    const ask = (name: string, namespace: string, to?: string) =>
      time.until(juliet.request('get', to, element(name, namespace)), seconds(60));
    const answer = await ask('time', 'urn:xmpp:time', 'romeo@example.org/main');
    assert.ok(answer.kind === 'result' && answer.payload?.attribute('zone') === 'Z');
    const broken = await ask('broken', 'urn:x', 'romeo@example.org/main');
    assert.ok(broken.kind === 'error' && broken.condition === 'internal-server-error');
    const unknown = await ask('unknown', 'urn:x', 'romeo@example.org/main');
    assert.ok(unknown.kind === 'error' && unknown.condition === 'service-unavailable');
    assert.equal((await ask('ping', namespaces.ping)).kind, 'result');
    assert.equal((await ask('ping', namespaces.ping, 'example.org')).kind, 'result');
    await assert.rejects(ask('ping', namespaces.ping, 'nobody@example.org/x'), { code: 'XMPP_TIMEOUT' });
    const controller = new AbortController();
    const pending = juliet.request('get', 'nobody@example.org/x', element('a', 'urn:x'), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(pending, /enough/);
    const lost = juliet.request('get', 'nobody@example.org/x', element('a', 'urn:x'));
    juliet.close();
    await assert.rejects(lost, { code: 'XMPP_CLOSED' });
    await assert.rejects(juliet.request('get', undefined, element('a', 'urn:x')), { code: 'XMPP_CLOSED' });
    await assert.rejects(juliet.connect(), { code: 'XMPP_CLOSED' });
  });

  it('an answer of somebody else is none', async () => {
    const world = serverWorld();
    const { time } = world;
    const juliet = clientOf(world, 'juliet').client;
    await time.until(juliet.connect(), seconds(5));
    const romeo = await world.connect(5223);
    await romeo.login('romeo', 'b');
    const pending = juliet.request('get', 'nobody@example.org/x', element('a', 'urn:x'));
    await time.advance(seconds(1));
    const id = world.handler.stanzas.at(-1)!.element.attribute('id')!;
    romeo.send(`<iq type='result' id='${id}' to='juliet@example.org/main'/>`);
    await assert.rejects(time.until(pending, seconds(60)), { code: 'XMPP_TIMEOUT' });
  });
});

describe('XEP-0388 SASL2 and XEP-0386 Bind 2', () => {
  it('a client without a wish for its resource is in with one question, and so is its resumption', async () => {
    const world = serverWorld();
    const { time, streams } = world;
    const juliet = clientOf(world, 'juliet', { jid: Jid.parse('juliet@example.org')!, port: 5223 });
    const jid = await time.until(juliet.client.connect(), seconds(5));
    assert.match(jid.resource!, /^yaolian~/);
    streams.cut();
    await time.advance(minutes(1));
    assert.deepEqual(juliet.seen, [`online ${jid}`, 'offline', 'resumed']);
    assert.equal(world.handler.bound.length, 1);
  });

  it('a client that wants a certain resource binds it afterwards', async () => {
    const world = serverWorld();
    const juliet = clientOf(world, 'juliet', { port: 5223 });
    assert.equal(`${await world.time.until(juliet.client.connect(), seconds(5))}`, 'juliet@example.org/main');
  });
});

/** XEP-0156. */
describe('where the WebSockets of a domain are', () => {
  const never = new AbortController().signal;
  const relation = 'urn:xmpp:alt-connections:websocket';
  const json = JSON.stringify({ links: [{ rel: 'x' }, null, { rel: relation, href: 'wss://example.org/a' }] });
  const xrd = `<?xml version='1.0'?><XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='${relation}' href='wss://example.org/b'/></XRD>`;
  const find = (pages: Readonly<Record<string, string>>) =>
    webSocketOf('example.org', async (url) => pages[url.slice('https://example.org/.well-known/'.length)], never);

  it('is in its host-meta, as JSON or XML', async () => {
    assert.equal(await find({ 'host-meta.json': json, 'host-meta': xrd }), 'wss://example.org/a');
    assert.equal(await find({ 'host-meta': xrd }), 'wss://example.org/b');
  });

  it('is not taken where it is not encrypted, too large, or no host-meta', async () => {
    const bad = [json.replace('wss:', 'ws:'), '<html>', '[]', 'null', json + ' '.repeat(70_000)];
    for (const text of bad)
      await assert.rejects(find({ 'host-meta.json': text, 'host-meta': text }), { code: 'XMPP_NOT_FOUND' });
    const failing = webSocketOf('example.org', () => Promise.reject(new Error('no network')), never);
    await assert.rejects(failing, { code: 'XMPP_NOT_FOUND' });
  });
});

describe('what keeps a client out', () => {
  it('a wrong password, no TLS, no mechanism, no server, no time', async () => {
    const world = serverWorld();
    const { time } = world;
    const wrong = clientOf(world, 'juliet', { password: 'guess' }).client;
    await assert.rejects(time.until(wrong.connect(), seconds(60)), { code: 'XMPP_AUTHENTICATION_FAILED' });
    const without = clientOf(world, 'juliet', { mechanisms: [] }).client;
    await assert.rejects(time.until(without.connect(), seconds(60)), { code: 'XMPP_NO_MECHANISM' });
    const elsewhere = clientOf(world, 'juliet', { port: 1 }).client;
    await assert.rejects(time.until(elsewhere.connect(), seconds(60)), (error: Error) => {
      assert.ok(hasCode(error, 'XMPP_CONNECT_FAILED'), String(error));
      assert.match(error.message, /^no connection to the server of example.org: .*refused/);
      return error.cause instanceof Error;
    });
    const stranger = clientOf(world, 'juliet', { jid: Jid.parse('juliet@example.com')! }).client;
    await assert.rejects(time.until(stranger.connect(), seconds(60)), { code: 'XMPP_STREAM_ERROR' });
    world.streams.silent = true;
    const late = clientOf(world, 'juliet').client;
    await assert.rejects(time.until(late.connect(), seconds(60)), { code: 'XMPP_TIMEOUT' });
    const controller = new AbortController();
    const aborted = clientOf(world, 'juliet').client.connect(controller.signal);
    controller.abort(new Error('enough'));
    await assert.rejects(aborted, /enough/);
    assert.equal(world.server.size, 0);
  });

  it('a server that offers no TLS hears no password', async () => {
    const world = serverWorld();
    const { time } = world;
    const { streams } = world;
    const bare = clientOf(world, 'juliet', {
      connector: {
        connect: async (signal) =>
          new SimulatedTransport(
            await streams.connector('192.0.2.9').connect(socketAddress('192.0.2.1', 5223), signal),
          ),
      },
    }).client;
    await assert.rejects(time.until(bare.connect(), seconds(60)), { code: 'XMPP_TLS_UNAVAILABLE' });
  });
});

describe('a connection that is lost', () => {
  it('XEP-0198 §4: a server that took over more than there was has lost count, and the session is a new one', async () => {
    const world = serverWorld();
    const { time, streams } = world;
    let lies = 1;
    const juliet = clientOf(world, 'juliet', {
      connector: {
        connect: async (signal) => {
          const stream = await streams.connector('192.0.2.9').connect(socketAddress('192.0.2.1', 5223), signal);
          return new LyingTransport(stream, (text) => {
            if (lies === 0 || !text.includes('<resumed ')) return text;
            lies--;
            return text.replace(/ h='\d+'/, " h='99'");
          });
        },
      },
    });
    await time.until(juliet.client.connect(), seconds(5));
    juliet.client.sendMessage('romeo@example.org/main', 'hi');
    streams.cut();
    await time.advance(minutes(1));
    assert.equal(lies, 0);
    const online = 'online juliet@example.org/main';
    assert.deepEqual(juliet.seen, [online, 'offline', 'undelivered 1', online]);
    juliet.client.close();
    await time.advance(seconds(10));
    assert.equal(world.server.size, 0);
  });

  it('XEP-0198 §4: who is closed acknowledges what it has taken, before the end of the stream', async () => {
    const world = serverWorld();
    const { time, streams } = world;
    const said: string[] = [];
    const juliet = clientOf(world, 'juliet', {
      connector: {
        connect: async (signal) => {
          const stream = await streams.connector('192.0.2.9').connect(socketAddress('192.0.2.1', 5223), signal);
          const transport = new SimulatedTransport(stream, { isSecure: true });
          const write = transport.write.bind(transport);
          transport.write = (bytes) => {
            said.push(decodeUtf8(bytes)!);
            return write(bytes);
          };
          return transport;
        },
      },
    });
    const romeo = clientOf(world, 'romeo');
    await time.until(juliet.client.connect(), seconds(5));
    await time.until(romeo.client.connect(), seconds(5));
    romeo.client.sendMessage('juliet@example.org/main', 'hi');
    await time.advance(seconds(1));
    juliet.client.close();
    const end = said.findLastIndex((text) => text.includes('</stream:stream>'));
    const last = said.slice(0, end + 1).join('');
    assert.match(last, /<a xmlns='urn:xmpp:sm:3' h='1'\/><\/stream:stream>$/);
  });

  it('is replaced, and the session resumed: nothing is lost or doubled', async () => {
    const world = serverWorld();
    const { time, streams } = world;
    const juliet = clientOf(world, 'juliet');
    const romeo = clientOf(world, 'romeo');
    await time.until(juliet.client.connect(), seconds(5));
    await time.until(romeo.client.connect(), seconds(5));
    for (let i = 0; i < 30; i++) {
      juliet.client.sendMessage('romeo@example.org/main', String(i));
      if (i % 7 === 3) {
        await time.advance(milliseconds(1));
        streams.cut();
      }
      await time.advance(milliseconds(i * 50));
    }
    await time.advance(minutes(1));
    const bodies = romeo.seen.filter((entry) => typeof entry === 'string' && /^\d+$/.test(entry));
    assert.deepEqual(
      bodies,
      Array.from({ length: 30 }, (_, i) => String(i)),
    );
    assert.ok(romeo.seen.includes('resumed'));
    assert.equal(world.handler.ended.length, 0);
  });

  it('XEP-0198: wherever it is cut, both ways: nothing is lost, doubled or out of order', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('juliet', 'romeo') },
      { weight: 2, arbitrary: fc.nat(400) },
      { weight: 1, arbitrary: fc.constant('cut') },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const world = serverWorld();
        const { time, streams } = world;
        const both = { juliet: clientOf(world, 'juliet'), romeo: clientOf(world, 'romeo', { port: 5223 }) };
        for (const { client } of Object.values(both)) await time.until(client.connect(), seconds(5));
        const said = { juliet: [] as string[], romeo: [] as string[] };
        for (const one of steps) {
          if (one === 'cut') streams.cut();
          else if (typeof one === 'number') await time.advance(milliseconds(one));
          else {
            const to = one === 'juliet' ? 'romeo' : 'juliet';
            said[to].push(String(said[to].length));
            both[one].client.sendMessage(`${to}@example.org/main`, said[to].at(-1)!);
          }
        }
        await time.advance(minutes(2));
        for (const name of ['juliet', 'romeo'] as const) {
          const came = both[name].seen.filter((entry) => typeof entry === 'string' && /^\d+$/.test(entry));
          assert.deepEqual(came, said[name], name);
          both[name].client.close();
        }
        assert.equal(world.handler.ended.length, 0);
      }),
      { numRuns: 60 },
    );
  });

  it('what comes between the bound resource and <enabled/> is not lost, and not counted', async () => {
    const world = serverWorld();
    const { handler, time } = world;
    const greeting = (to: string) =>
      element(
        'message',
        namespaces.client,
        { to, from: 'example.org' },
        element('body', namespaces.client, {}, 'early'),
      );
    const bound = handler.onBound.bind(handler);
    handler.onBound = (session, requests) => {
      bound(session, requests);
      session.deliver(greeting(`${session.jid}`));
    };
    const { client, seen } = clientOf(world, 'romeo');
    await time.until(client.connect(), seconds(5));
    await time.advance(seconds(1));
    assert.deepEqual(seen, ['online romeo@example.org/main', 'early']);
    handler.sessions.get('romeo@example.org/main')!.deliver(greeting('romeo@example.org/main'));
    await time.advance(minutes(5));
    assert.deepEqual(seen.slice(2), ['early']);
    client.close();
  });

  it('a server that says too much before <enabled/> is left', async () => {
    const world = serverWorld();
    const { handler, time } = world;
    const bound = handler.onBound.bind(handler);
    handler.onBound = (session, requests) => {
      bound(session, requests);
      const presence = element('presence', namespaces.client, { to: `${session.jid}`, from: 'example.org' });
      for (let count = 0; count < 1001; count++) session.deliver(presence);
    };
    const { client } = clientOf(world, 'romeo');
    await assert.rejects(time.until(client.connect(), seconds(5)), { code: 'XMPP_PROTOCOL' });
    client.close();
  });

  it('what comes along with the answer to <resume/> is not lost', async () => {
    const world = serverWorld();
    const { time, streams } = world;
    const juliet = clientOf(world, 'juliet');
    const connector = {
      connect: async (signal: AbortSignal) =>
        new LumpTransport(await streams.connector('192.0.2.8').connect(socketAddress('192.0.2.1', 5223), signal), time),
    };
    const romeo = clientOf(world, 'romeo', { connector });
    await time.until(juliet.client.connect(), seconds(5));
    await time.until(romeo.client.connect(), seconds(5));
    streams.cut();
    juliet.client.sendMessage('romeo@example.org/main', '1');
    juliet.client.sendMessage('romeo@example.org/main', '2');
    await time.advance(minutes(1));
    assert.deepEqual(romeo.seen.slice(-3), ['resumed', '1', '2']);
  });

  it('without stream management on the other side, what waits fails and the client comes back anew', async () => {
    const world = serverWorld({ timing: { resumptionTimeout: milliseconds(1) } });
    const { time, streams } = world;
    const juliet = clientOf(world, 'juliet');
    await time.until(juliet.client.connect(), seconds(5));
    // What was answered arrived, whether or not the server was asked about it.
    await time.until(juliet.client.request('get', undefined, element('ping', namespaces.ping)), seconds(5));
    const pending = juliet.client.request('get', 'romeo@example.org/main', element('a', 'urn:x'), {
      timeout: minutes(5),
    });
    pending.catch(() => {});
    streams.cut();
    await time.advance(minutes(1));
    await assert.rejects(pending, { code: 'XMPP_DISCONNECTED' });
    assert.deepEqual(
      juliet.seen.filter((entry) => typeof entry === 'string'),
      ['online juliet@example.org/main', 'offline', 'undelivered 1', 'online juliet@example.org/main'],
    );
  });

  it('a server that is silent is left, and waits between attempts grow', async () => {
    const world = serverWorld();
    const { time, streams } = world;
    const juliet = clientOf(world, 'juliet');
    await time.until(juliet.client.connect(), seconds(5));
    streams.silent = true;
    await time.advance(minutes(3));
    assert.equal(juliet.client.isOnline, false);
    streams.silent = false;
    await time.advance(minutes(3));
    assert.equal(juliet.client.isOnline, true);
  });

  it('another client that takes the resource ends it for good', async () => {
    const world = serverWorld();
    const { time } = world;
    const first = clientOf(world, 'juliet');
    await time.until(first.client.connect(), seconds(5));
    const second = clientOf(world, 'juliet');
    await time.until(second.client.connect(), seconds(5));
    await time.advance(minutes(2));
    await settle();
    assert.deepEqual(first.seen, ['online juliet@example.org/main', 'closed XMPP_STREAM_ERROR']);
    assert.equal(second.client.isOnline, true);
  });
});
