import { element } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { featureOfPath } from '../wire/data.ts';
import { type Bench, must, reboot, setPoint, temperature } from './bench.ts';
import type { RaCase } from './suite.ts';

const { permission, data } = raNamespaces;
const read = element('read', data, { path: temperature });
const feature = featureOfPath(temperature);
const grantOf = (bench: Bench) => ({ device: bench.address('device'), account: bench.address('friend'), feature });

/** GB/T 29265.205 §9. */
export const accessCases: readonly RaCase[] = [
  {
    id: '9-1',
    title: 'a friend of an owner may nothing that nobody permitted',
    run: async (bench) => (await bench.player('friend')).refused('get', bench.address('device'), read, 'forbidden'),
  },
  {
    id: '9-2',
    title: 'what an owner permits is permitted, and no more',
    async run(bench) {
      const user = await bench.player('user');
      const friend = await bench.player('friend');
      const device = bench.address('device');
      await user.done(bench.target.domain, element('grant', permission, { ...grantOf(bench), operations: 'read' }));
      const values = await friend.told('get', device, read);
      must(values.is('values', data), `values were asked for, <${values.name}/> came`);
      await friend.refused('set', device, element('write', data, { path: setPoint }, '18'), 'forbidden');
    },
  },
  {
    id: '9-3',
    title: 'an owner sees what is permitted; others do not',
    async run(bench) {
      const asked = element('permissions', permission, { device: bench.address('device') });
      const told = await (await bench.player('user')).told('get', bench.target.domain, asked);
      const accounts = told.elements('grant').map((grant) => grant.attribute('account'));
      must(accounts.includes(bench.address('friend')), 'the permission is not in the list');
      const others = await (await bench.player('friend')).ask('get', bench.target.domain, asked);
      must(typeof others === 'string', 'somebody who owns nothing reads the permissions');
    },
  },
  {
    id: '9-4',
    title: 'what is revoked ends at once',
    async run(bench) {
      await (await bench.player('user')).done(bench.target.domain, element('revoke', permission, grantOf(bench)));
      await (await bench.player('friend')).refused('get', bench.address('device'), read, 'forbidden');
      await (await bench.player('friend')).pushed('revoked');
    },
  },
  {
    id: '9-5',
    title: 'a class is permitted what it is given, until that is revoked',
    async run(bench) {
      const [user, friend] = [await bench.player('user'), await bench.player('friend')];
      const [device, { domain }] = [bench.address('device'), bench.target];
      const place = { device, class: 'friend', feature };
      await user.done(domain, element('grant', permission, { ...place, operations: 'read observe' }));
      await friend.told('get', device, read);
      await user.done(domain, element('revoke', permission, place));
      await friend.refused('get', device, read, 'forbidden');
    },
  },
  {
    id: '9-10',
    title: 'who observes is told when that is taken away',
    async run(bench) {
      const [user, friend] = [await bench.player('user'), await bench.player('friend')];
      const [device, { domain }] = [bench.address('device'), bench.target];
      const place = { device, class: 'friend', feature };
      await user.done(domain, element('grant', permission, { ...place, operations: 'observe' }));
      await friend.told('set', device, element('observe', data, { path: temperature }));
      await user.done(domain, element('revoke', permission, place));
      const end = await friend.expect('that it is over', (stanza) => stanza.elements()[0]?.is('ended', data) === true);
      must(end.attribute('from') === domain, `<ended/> came from ${end.attribute('from')}`);
      const { path, reason } = end.elements()[0]!.attributes;
      must(path === temperature && reason === 'forbidden', `it is over for ${path}: ${reason}`);
    },
  },
  {
    id: '9-6',
    title: 'a permission that is over permits nothing',
    async run(bench) {
      const [user, friend] = [await bench.player('user'), await bench.player('friend')];
      const expires = '2001-01-01T00:00:00Z';
      const old = element('grant', permission, { ...grantOf(bench), operations: 'read', expires });
      // Whether it is taken is the platform's.
      await user.ask('set', bench.target.domain, old);
      await friend.refused('get', bench.address('device'), read, 'forbidden');
    },
  },
  {
    id: '9-7',
    title: 'nobody but an owner or the device permits',
    async run(bench) {
      const friend = await bench.player('friend');
      const wanted = element('grant', permission, { ...grantOf(bench), operations: 'read' });
      await friend.refused('set', bench.target.domain, wanted, 'forbidden');
      await friend.refused('set', bench.target.domain, element('revoke', permission, grantOf(bench)), 'forbidden');
    },
  },
  {
    id: '9-8',
    title: 'executing is permitted apart from reading',
    async run(bench) {
      const [user, friend] = [await bench.player('user'), await bench.player('friend')];
      const [device, { domain }] = [bench.address('device'), bench.target];
      const place = { device, account: bench.address('friend'), feature: featureOfPath(reboot) };
      const execute = element('execute', data, { path: reboot });
      await user.done(domain, element('grant', permission, { ...place, operations: 'read observe' }));
      await friend.refused('set', device, execute, 'forbidden');
      await user.done(domain, element('grant', permission, { ...place, operations: 'execute' }));
      await friend.done(device, execute);
      must(bench.played.device.executions === 1, `the device executed ${bench.played.device.executions} times`);
      await user.done(domain, element('revoke', permission, place));
    },
  },
  {
    id: '9-9',
    title: 'messages to a device are an operation of their own',
    async run(bench) {
      const [user, friend] = [await bench.player('user'), await bench.player('friend')];
      const [device, { domain }] = [bench.address('device'), bench.target];
      friend.client.sendMessage(device, 'not permitted');
      await friend.expect('the refusal of the message', (stanza) => {
        const isRefusal = stanza.name === 'message' && stanza.attribute('type') === 'error';
        return isRefusal && stanza.attribute('from') === device;
      });
      const place = { device, account: bench.address('friend'), feature: '*' };
      await user.done(domain, element('grant', permission, { ...place, operations: 'message' }));
      friend.client.sendMessage(device, 'permitted');
      const { messages } = bench.played.device;
      await bench.until('that the message reached the device', () => messages.includes('permitted'));
      must(!messages.includes('not permitted'), 'the message that was refused arrived too');
      await user.done(domain, element('revoke', permission, place));
    },
  },
];
