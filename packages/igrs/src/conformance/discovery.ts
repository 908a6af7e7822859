import { element, namespaces } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { must } from './bench.ts';
import type { RaCase } from './suite.ts';

const discoInfo = 'http://jabber.org/protocol/disco#info';
const roster = 'jabber:iq:roster';

/** GB/T 29265.205 §13. */
export const discoveryCases: readonly RaCase[] = [
  {
    id: '13-1',
    title: 'the device is a contact of its owner, both ways',
    async run(bench) {
      const user = await bench.player('user');
      const told = await user.told('get', bench.address('user'), element('query', roster));
      const item = told.elements('item').find((one) => one.attribute('jid') === bench.address('device'));
      must(item !== undefined, 'the device is not in the roster');
      must(item.attribute('subscription') === 'both', `the subscription is "${item.attribute('subscription')}"`);
    },
  },
  {
    id: '13-2',
    title: 'the owner sees that the device is there',
    async run(bench) {
      const { jid } = (await bench.device()).client;
      await (await bench.player('user')).expect(
        'presence of the device',
        (stanza) =>
          stanza.is('presence', namespaces.client) &&
          stanza.attribute('type') === undefined &&
          stanza.attribute('from')?.startsWith(jid.bare.toString()) === true,
      );
    },
  },
  {
    id: '13-3',
    title: 'the platform tells what it is (disco#info)',
    async run(bench) {
      const told = await (await bench.player('user')).told('get', bench.target.domain, element('query', discoInfo));
      must(told.elements('identity').length > 0, 'there is no identity');
      must(
        told.elements('feature').some((one) => one.attribute('var') === discoInfo),
        'disco#info is no feature',
      );
    },
  },
  {
    id: '13-4',
    title: 'the device tells its type, vendor and model',
    async run(bench) {
      const asked = element('device', raNamespaces.device);
      const told = await (await bench.player('user')).told('get', bench.address('device'), asked);
      must(told.is('device', raNamespaces.device), `<${told.name}/> is no description`);
      const said = [...Object.values(told.attributes), ...told.elements().map((one) => one.text())];
      for (const fact of ['thermostat', 'Yaolian', 'conformance'])
        must(said.includes(fact), `it does not say "${fact}"`);
    },
  },
  {
    id: '13-5',
    title: 'the name that an owner gives a device is the name of the contact, and groups are its groups',
    async run(bench) {
      const user = await bench.player('user');
      const told = await user.told('get', bench.address('user'), element('query', roster));
      const item = told.elements('item').find((one) => one.attribute('jid') === bench.address('device'));
      must(item?.attribute('name') === 'Warmth', `the contact is called "${item?.attribute('name')}"`);
      must(
        item.elements('group').some((one) => one.text() === 'Hall'),
        'the contact is in no group',
      );
    },
  },
  {
    id: '13-6',
    title: 'a user finds its own devices by name, group and state',
    async run(bench) {
      const user = await bench.player('user');
      const search = async (wanted: Readonly<Record<string, string>>) => {
        const asked = element('search', raNamespaces.device, wanted);
        const items = (await user.told('get', bench.target.domain, asked)).elements('item');
        return items.map((item) => item.attribute('device'));
      };
      const mine = bench.address('device');
      must((await search({ text: 'warm' })).includes(mine), 'it is not found by a part of its name');
      must((await search({ group: 'Hall', state: 'online' })).includes(mine), 'it is not found by group and state');
      must(!(await search({ state: 'sleeping' })).includes(mine), 'it is found as sleeping');
    },
  },
];
