import { element, namespaces, type XmlElement } from '@yaolian/xmpp';
import { Channels } from '../channel/channels.ts';
import { raNamespaces } from '../namespaces.ts';
import { must, setPoint, temperature } from './bench.ts';
import type { RaCase } from './suite.ts';

const { data } = raNamespaces;

export function isBody(body: string): (stanza: XmlElement) => boolean {
  return (stanza) => stanza.name === 'message' && stanza.childText('body') === body;
}

function textOf(values: XmlElement, path: string): string | undefined {
  return values
    .elements('value')
    .find((one) => one.attribute('path') === path)
    ?.text();
}

/** GB/T 29265.205 §11. */
export const messageCases: readonly RaCase[] = [
  {
    id: '11.2-1',
    title: 'an owner reads the device',
    async run(bench) {
      const asked = element('read', data, { path: temperature });
      const values = await (await bench.player('user')).told('get', bench.address('device'), asked);
      must(values.is('values', data), `values were asked for, <${values.name}/> came`);
      must(!Number.isNaN(Date.parse(values.attribute('time') ?? '')), 'the values have no time');
      must(textOf(values, temperature) === '21', `the device said 21, "${textOf(values, temperature)}" came`);
    },
  },
  {
    id: '11.2-2',
    title: 'what is not there is refused',
    async run(bench) {
      const asked = element('read', data, { path: '/9999/0/1' });
      const answer = await (await bench.player('user')).ask('get', bench.address('device'), asked);
      must(typeof answer === 'string', 'there are values of an object that the device has not');
    },
  },
  {
    id: '11.2-3',
    title: 'a device that refuses is heard',
    async run(bench) {
      const asked = element('write', data, { path: temperature }, '30');
      const answer = await (await bench.player('user')).ask('set', bench.address('device'), asked);
      must(answer === 'not-allowed' || answer === 'not-acceptable', `the answer is ${String(answer)}`);
    },
  },
  {
    id: '11.4-1',
    title: 'the platform answers for itself, and refuses what it does not know',
    async run(bench) {
      const user = await bench.player('user');
      await user.ask('get', bench.target.domain, element('ping', 'urn:xmpp:ping'));
      const unknown = await user.ask('get', bench.target.domain, element('query', 'urn:example:nothing'));
      // RFC 6120 §8.4.
      must(unknown === 'service-unavailable', `what nobody knows is answered with ${String(unknown)}`);
    },
  },
  {
    id: '11.5-1',
    title: 'what is observed is pushed by the domain when it changes',
    async run(bench) {
      const user = await bench.player('user');
      const device = bench.address('device');
      await user.told('set', device, element('observe', data, { path: temperature }));
      await user.done(device, element('write', data, { path: setPoint }, '18.5'));
      const pushed = await user.expect('the new value', (stanza) => {
        const [payload] = stanza.elements();
        return payload?.is('values', data) === true && textOf(payload, temperature) === '18.5';
      });
      must(pushed.attribute('from') === bench.target.domain, `it came from ${pushed.attribute('from')}`);
      must(pushed.attribute('type') === 'headline', 'values are headlines');
      await user.done(device, element('cancel', data, { path: temperature }));
    },
  },
  {
    id: '11.3-1',
    title: 'a message reaches a friend, with its sender',
    async run(bench) {
      const [user, friend] = [await bench.player('user'), await bench.player('friend')];
      user.client.sendMessage(bench.address('friend'), 'to who is there');
      const message = await friend.expect('the message', isBody('to who is there'));
      must(message.attribute('from') === user.client.jid.toString(), `it came from ${message.attribute('from')}`);
    },
  },
  {
    id: '11.3-2',
    title: 'who got a message says so, and the sender hears it (XEP-0184)',
    async run(bench) {
      const [user, friend] = [await bench.player('user'), await bench.player('friend')];
      const receipts = 'urn:xmpp:receipts';
      const id = user.client.sendMessage(bench.address('friend'), 'did you get it?', element('request', receipts));
      const message = await friend.expect('the message', isBody('did you get it?'));
      must(message.elements('request', receipts).length === 1, 'the request for a receipt was lost');
      const to = message.attribute('from');
      friend.client.send(element('message', namespaces.client, { to }, element('received', receipts, { id })));
      await user.expect('the receipt', (stanza) => stanza.elements('received', receipts)[0]?.attribute('id') === id);
    },
  },
  {
    id: '11.6-1',
    title: 'a user opens a channel of bytes to a device, whatever is between them',
    async run(bench) {
      const [{ client: user }, { client: device }] = [await bench.player('user'), await bench.device()];
      const { timers, random } = bench.target;
      const theirs = new Channels({ client: device, timers, random });
      const heard: number[] = [];
      let from = '';
      theirs.offer('echo', (asker, channel) => {
        from = asker;
        return {
          onData: async (bytes) => (await channel).send(bytes),
        };
      });
      const ours = new Channels({ client: user, timers, random });
      const onData = (bytes: Uint8Array) => void heard.push(...bytes);
      const channel = await ours.open(device.jid.toString(), 'echo', { onData }, { via: 'server' });
      await channel.send(Uint8Array.of(1, 2, 3));
      await bench.until('that the bytes came back', () => heard.length === 3);
      must(heard.join() === '1,2,3', `1,2,3 was sent, and ${heard.join()} came back`);
      must(from === user.jid.toString(), `the device was told that ${from} asks`);
      channel.close();
    },
  },
  {
    id: '11.7-1',
    title: 'messages wait for who is away, headlines do not',
    async run(bench) {
      const user = await bench.player('user');
      await bench.leave('friend');
      const to = bench.address('friend');
      await user.expect('that the friend left', (stanza) => {
        const isGone = stanza.name === 'presence' && stanza.attribute('type') === 'unavailable';
        return isGone && stanza.attribute('from')?.startsWith(`${to}/`) === true;
      });
      const body = element('body', namespaces.client, {}, 'at once or never');
      user.client.send(element('message', namespaces.client, { type: 'headline', to }, body));
      user.client.sendMessage(to, 'for later');
      const friend = await bench.player('friend');
      const message = await friend.expect('the message that waited', isBody('for later'));
      must(message.elements('delay', 'urn:xmpp:delay').length > 0, 'it does not say since when it waited');
      must(!friend.has(isBody('at once or never')), 'a headline was kept');
    },
  },
];
