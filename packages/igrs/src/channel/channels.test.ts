import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seconds, socketAddress } from '@yaolian/kernel';
import { SeededRandom, settle } from '@yaolian/testkit';
import { Jid, plainClient, StanzaError, XmppClient, xml } from '@yaolian/xmpp';
import { SimulatedTransport, serverWorld } from '@yaolian/xmpp/testing';
import { Refused } from '../client/refused.ts';
import type { Channel, ChannelListener } from './channel.ts';
import { Channels, type ChannelsOptions } from './channels.ts';
import type { IceDescription } from './ice-description.ts';
import type { PeerConnectionListener, PeerConnections } from './ports.ts';

/** A network in which connections meet by the name in their ufrag, or do not meet. */
class FakeNetwork implements PeerConnections {
  readonly #listeners = new Map<string, PeerConnectionListener>();
  readonly #isUp: boolean;
  #count = 0;

  constructor(isUp = true) {
    this.#isUp = isUp;
  }

  open(_servers: unknown, listener: PeerConnectionListener) {
    const own = this.#description();
    this.#listeners.set(own.ufrag, listener);
    let other = '';
    const there = () => this.#listeners.get(other);
    return {
      offer: async () => own,
      answer: async (offer: IceDescription) => {
        other = offer.ufrag;
        return own;
      },
      accept: async (answer: IceDescription) => {
        other = answer.ufrag;
        if (!this.#isUp) return;
        there()?.onOpen('direct');
        listener.onOpen('direct');
      },
      send: async (data: Uint8Array) => there()?.onData(data.slice()),
      end: async () => there()?.onEnd(),
      close: () => {
        this.#listeners.delete(own.ufrag);
        there()?.onClosed('the other side is gone');
      },
    };
  }

  #description(): IceDescription {
    const value = Array.from({ length: 32 }, () => 'AB').join(':');
    const fingerprint = { hash: 'sha-256', value };
    const ufrag = `frag${++this.#count}`;
    return { ufrag, pwd: 'x'.repeat(22), fingerprint, setup: 'actpass', sctpPort: 5000, candidates: [] };
  }
}

interface WorldOptions extends Pick<ChannelsOptions, 'maximumChannels'> {
  readonly user?: PeerConnections | undefined;
  readonly device?: PeerConnections | undefined;
}

async function worldOf({ user, device, ...limits }: WorldOptions = {}) {
  const world = serverWorld();
  const { time, streams } = world;
  const open = async (address: string, options: Partial<ChannelsOptions>) => {
    const jid = Jid.parse(address)!;
    const client = new XmppClient({
      jid,
      connector: {
        connect: async (signal) => {
          const stream = await streams.connector('192.0.2.9').connect(socketAddress('192.0.2.1', 5222), signal);
          return new SimulatedTransport(stream);
        },
      },
      mechanisms: [plainClient(jid.local!, 'secret')],
      ...{ clock: time, timers: time, random: new SeededRandom(7) },
    });
    await time.until(client.connect(), seconds(5));
    return { client, channels: new Channels({ client, timers: time, random: new SeededRandom(8), ...options }) };
  };
  const with_ = (peerConnections: PeerConnections | undefined) => (peerConnections ? { peerConnections } : {});
  const romeo = await open('romeo@example.org/main', with_(user));
  const theOther = await open(juliet, { ...with_(device), ...limits });
  const until = <T>(asked: Promise<T>) => time.until(asked, seconds(60));
  return { ...world, romeo, juliet: theOther, until, open };
}

const juliet = 'juliet@example.org/main';

/** Notes what comes. */
function ear() {
  const heard: string[] = [];
  const listener: ChannelListener = {
    onData: (data) => void heard.push(new TextDecoder().decode(data)),
    onEnd: () => void heard.push('<end>'),
    onClosed: (reason) => void heard.push(`<closed ${reason ?? 'well'}>`),
  };
  return { heard, listener };
}

const bytes = (text: string) => new TextEncoder().encode(text);

async function conversation(world: Awaited<ReturnType<typeof worldOf>>, via: 'any' | 'server' | 'network' = 'any') {
  const { romeo, juliet: other, until, time } = world;
  const theirs = ear();
  const offered = Promise.withResolvers<Channel>();
  other.channels.offer('web', (from, channel) => {
    theirs.heard.push(from);
    // One that no path opened for is followed by another.
    channel.then(offered.resolve, () => {});
    return theirs.listener;
  });
  const own = ear();
  const opening = romeo.channels.open(juliet, 'web', own.listener, { via });
  const channel = await until(opening);
  const answering = await until(offered.promise);
  await until(channel.send(bytes('hello')));
  await until(answering.send(bytes('hi')));
  await time.advance(seconds(1));
  channel.end();
  await time.advance(seconds(1));
  await until(answering.send(bytes('bye')));
  answering.end();
  await time.advance(seconds(1));
  await settle();
  return { channel, answering, own, theirs };
}

describe('channels', () => {
  for (const [title, network, via] of [
    ['straight', new FakeNetwork(), 'network'],
    ['through the server', undefined, 'any'],
  ] as const) {
    it(`§11.6: carries bytes both ways ${title}, and ends each way in its time`, async () => {
      const world = await worldOf({ user: network, device: network });
      const { channel, answering, own, theirs } = await conversation(world, via);
      const path = network ? 'direct' : 'in-band';
      assert.deepEqual([channel.path, answering.path, channel.peer, channel.name], [path, path, juliet, 'web']);
      assert.deepEqual(own.heard, ['hi', 'bye', '<end>', '<closed well>']);
      await world.time.advance(seconds(20));
      assert.deepEqual(theirs.heard, ['romeo@example.org/main', 'hello', '<end>', '<closed well>']);
      await assert.rejects(channel.send(bytes('more')), { code: 'RA_CHANNEL_CLOSED' });
    });
  }

  it('goes through the server when no path opens, or when the other side has no network of its own', async () => {
    for (const device of [new FakeNetwork(false), undefined]) {
      const world = await worldOf({ user: device ?? new FakeNetwork(), device });
      const { channel, own } = await conversation(world);
      assert.equal(channel.path, 'in-band');
      assert.deepEqual(own.heard, ['hi', 'bye', '<end>', '<closed well>']);
    }
  });

  it('carries more than one block through the server, in order and whole', async () => {
    const { romeo, juliet: other, until, time } = await worldOf();
    const received: Uint8Array[] = [];
    other.channels.offer('file', () => ({ onData: (data) => void received.push(data) }));
    const channel = await until(romeo.channels.open(juliet, 'file', { onData: () => {} }));
    const sent = Uint8Array.from({ length: 100_000 }, (_, index) => index * 7);
    await until(channel.send(sent));
    await time.advance(seconds(5));
    assert.deepEqual(Buffer.concat(received), Buffer.from(sent));
  });

  it('is refused what is not offered, and by whom it is not offered to', async () => {
    const { romeo, juliet: other, until } = await worldOf();
    const open = (name: string) => until(romeo.channels.open(juliet, name, { onData: () => {} }));
    const refused = (condition: string) => (error: unknown) =>
      error instanceof Refused && error.condition === condition;
    await assert.rejects(open('web'), refused('item-not-found'));
    other.channels.offer('web', () => new StanzaError('forbidden'));
    await assert.rejects(open('web'), refused('forbidden'));
  });

  it('closes with the reason of the other side', async () => {
    const { romeo, juliet: other, until, time } = await worldOf();
    other.channels.offer('web', () => ({
      onData: () => {
        throw new Error('the disk is full');
      },
    }));
    const own = ear();
    const channel = await until(romeo.channels.open(juliet, 'web', own.listener));
    await until(channel.send(bytes('x')));
    await time.advance(seconds(1));
    assert.deepEqual(own.heard, ['<closed failed-application>']);
  });

  it('closes when its network fails to say that it has ended', async () => {
    const network = new FakeNetwork();
    const failing: PeerConnections = {
      open: (servers, listener) => ({
        ...network.open(servers, listener),
        end: () => Promise.reject(new Error('the channel is closing')),
      }),
    };
    const { romeo, juliet: other, until, time } = await worldOf({ user: failing, device: network });
    other.channels.offer('web', () => ({ onData: () => {} }));
    const own = ear();
    const channel = await until(romeo.channels.open(juliet, 'web', own.listener));
    channel.end();
    await time.advance(seconds(1));
    assert.deepEqual(own.heard, ['<closed the channel is closing>']);
  });

  it('has so many channels and no more', async () => {
    const { romeo, juliet: other, until } = await worldOf({ maximumChannels: 1 });
    other.channels.offer('web', () => ({ onData: () => {} }));
    await until(romeo.channels.open(juliet, 'web', { onData: () => {} }));
    await assert.rejects(
      until(romeo.channels.open(juliet, 'web', { onData: () => {} })),
      (error: unknown) => error instanceof Refused && error.condition === 'resource-constraint',
    );
  });

  it('takes blocks of nobody else, none out of order, none too large', async () => {
    const { romeo, juliet: other, until, open, handler, time } = await worldOf();
    const heard: number[] = [];
    other.channels.offer('web', () => ({ onData: (data) => void heard.push(data.length) }));
    await until(romeo.channels.open(juliet, 'web', { onData: () => {} }));
    const sid = handler.stanzas
      .flatMap(({ element }) => element.elements('jingle', 'urn:xmpp:jingle:1'))
      .map((jingle) => jingle.attribute('sid'))[0]!;
    const data = (seq: string, text: string) =>
      xml`<data xmlns='http://jabber.org/protocol/ibb' seq='${seq}' sid='${sid}'>${text}</data>`;
    const ask = async (seq: string, text: string) => {
      const answer = await until(romeo.client.request('set', juliet, data(seq, text)));
      return answer.kind === 'error' ? answer.condition : 'taken';
    };
    assert.equal(await ask('1', 'AAAA'), 'unexpected-request');
    assert.equal(await ask('0', '!'), 'bad-request');
    assert.equal(await ask('0', 'A'.repeat(8000)), 'bad-request');
    assert.equal(await ask('0', 'AAAA'), 'taken');
    const stranger = await open('romeo@example.org/other', {});
    const answer = await until(stranger.client.request('set', juliet, data('1', 'AAAA')));
    assert.ok(answer.kind === 'error' && answer.condition === 'item-not-found');
    await time.advance(seconds(1));
    assert.deepEqual(heard, [3]);
  });

  it('gives up when it is told to', async () => {
    const world = await worldOf({ user: new FakeNetwork(false), device: new FakeNetwork(false) });
    world.juliet.channels.offer('web', () => ({ onData: () => {} }));
    const abort = new AbortController();
    const opening = world.romeo.channels.open(juliet, 'web', { onData: () => {} }, { signal: abort.signal });
    await world.time.advance(seconds(1));
    abort.abort(new Error('enough'));
    await assert.rejects(world.until(opening), /enough/);
  });
});
