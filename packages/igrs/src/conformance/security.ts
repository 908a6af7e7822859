import { element, namespaces } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { must, temperature } from './bench.ts';
import { isBody } from './messages.ts';
import type { RaCase } from './suite.ts';

const read = element('read', raNamespaces.data, { path: temperature });

/** GB/T 29265.205 §14, before anybody is associated. */
export const strangerCases: readonly RaCase[] = [
  {
    id: '14-1',
    title: 'strangers reach no device, and do not learn which there are',
    async run(bench) {
      const friend = await bench.player('friend');
      const { names, domain } = bench.target;
      await friend.refused('get', bench.address('device'), read, 'forbidden');
      await friend.refused('get', `${names.device}-nobody@${domain}`, read, 'forbidden');
    },
  },
  {
    id: '14-2',
    title: 'what a stranger writes does not arrive',
    async run(bench) {
      const [user, friend] = [await bench.player('user'), await bench.player('friend')];
      friend.client.sendMessage(bench.address('user'), 'from a stranger');
      await friend.expect('the refusal', (stanza) => stanza.name === 'message' && stanza.attribute('type') === 'error');
      must(!user.has(isBody('from a stranger')), 'it arrived');
    },
  },
];

/** Between friends. */
export const securityCases: readonly RaCase[] = [
  {
    id: '14-3',
    title: 'nobody writes in the name of somebody else',
    async run(bench) {
      const [user, friend] = [await bench.player('user'), await bench.player('friend')];
      const [from, to] = [bench.target.domain, bench.address('user')];
      const body = element('body', namespaces.client, {}, 'from the domain');
      friend.client.send(element('message', namespaces.client, { type: 'chat', from, to }, body));
      // RFC 6120 §8.1.2.1: the server ends the stream, or puts the sender right. What is sent afterwards tells when it is over.
      await bench.leave('friend');
      (await bench.player('friend')).client.sendMessage(to, 'and after it');
      await user.expect('the message after it', isBody('and after it'));
      const isForged = user.has((stanza) => isBody('from the domain')(stanza) && stanza.attribute('from') === from);
      must(!isForged, 'the forged sender was passed on');
    },
  },
  {
    id: '14-4',
    title: 'who guesses codes is made to wait, whether there is such a device or not',
    async run(bench) {
      const guesser = await bench.player('guesser');
      const { domain, names } = bench.target;
      const device = `${names.device}-none@${domain}`;
      let answer: unknown;
      for (let turn = 0; turn < 50 && answer !== 'policy-violation'; turn++) {
        answer = await guesser.ask(
          'set',
          domain,
          element('bind', raNamespaces.binding, { device, code: `GUESS${turn}` }),
        );
        must(typeof answer === 'string', 'a guess was right');
      }
      must(answer === 'policy-violation', 'fifty guesses were answered without a pause');
    },
  },
  {
    id: '14-5',
    title: 'nobody learns who has an account by asking to be friends',
    async run(bench) {
      const guesser = await bench.player('guesser');
      const { domain, names } = bench.target;
      const ask = async (user: string) =>
        (await guesser.told('set', domain, element('ask', raNamespaces.friend, { user }))).attribute('state');
      const [there, nowhere] = [await ask(bench.address('user')), await ask(`${names.user}-nobody@${domain}`)];
      must(there === nowhere, `"${there}" and "${nowhere}" tell which accounts there are`);
      await guesser.done(domain, element('remove', raNamespaces.friend, { user: bench.address('user') }));
    },
  },
  {
    id: '14-6',
    title: 'everything that was pushed to the devices was as its schema says',
    async run({ played }) {
      const [fault] = [...played.device.faults, ...played.second.faults];
      must(fault === undefined, String(fault));
    },
  },
];
