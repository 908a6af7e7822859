import { element } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { type Bench, must } from './bench.ts';
import type { RaCase } from './suite.ts';

/** GB/T 29265.205 §8: TLS, SASL, a resource as connection ID. */
export const loginCases: readonly RaCase[] = [
  {
    id: '8-1',
    title: 'a user logs in, and is given a connection ID',
    async run(bench) {
      const { jid } = (await bench.player('user')).client;
      must(jid.bare.toString() === bench.address('user'), `the server says that we are ${jid}`);
      must((jid.resource ?? '') !== '', 'there is no resource');
    },
  },
  {
    id: '8-2',
    title: 'a device logs in the same way',
    async run(bench) {
      const { jid } = (await bench.device()).client;
      must(jid.bare.toString() === bench.address('device'), `the server says that we are ${jid}`);
    },
  },
  {
    id: '8-3',
    title: 'a wrong password and an unknown account end the same',
    async run(bench) {
      const { password, names } = bench.target;
      const wrong = await refusalOf(bench, names.user, `not-${password}`);
      const unknown = await refusalOf(bench, `${names.user}-nobody`, password);
      must(wrong === unknown, `"${wrong}" and "${unknown}" tell which accounts there are`);
    },
  },
  {
    id: '8-4',
    title: 'one user is there over several connections, each with its own ID',
    async run(bench) {
      const user = await bench.player('user');
      const other = await bench.open('user');
      try {
        const { jid } = other.client;
        must(jid.bare.toString() === bench.address('user'), `the server says that we are ${jid}`);
        must(jid.resource !== user.client.jid.resource, 'both connections have the same ID');
        await user.done(bench.target.domain, element('bookmark', raNamespaces.bookmark, { name: 'here' }, 'both'));
        const told = await other.told('get', bench.target.domain, element('bookmarks', raNamespaces.bookmark));
        must(told.elements().length === 1, 'the other connection does not see what the first one did');
        await other.done(bench.target.domain, element('remove', raNamespaces.bookmark, { name: 'here' }));
      } finally {
        other.client.close();
      }
    },
  },
];

async function refusalOf(bench: Bench, name: string, password: string): Promise<string> {
  const open = await bench.target.clients({ name, password });
  const client = open({});
  try {
    await client.connect();
  } catch (error) {
    return (error as Error).message;
  } finally {
    client.close();
  }
  must(false, `${name} was let in`);
}
