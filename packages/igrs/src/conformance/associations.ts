import { element } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { type Bench, must, temperature } from './bench.ts';
import type { RaCase } from './suite.ts';

const { binding, friend, link, bookmark, verificationCode, data } = raNamespaces;
const bind = (device: string, code: string) => element('bind', binding, { device, code, name: 'Conformance' });

async function bindings(bench: Bench): Promise<readonly (string | undefined)[]> {
  const told = await (await bench.player('user')).told('get', bench.target.domain, element('bindings', binding));
  return told.elements('binding').map((one) => one.attribute('device'));
}

/** GB/T 29265.205 §10. */
export const associationCases: readonly RaCase[] = [
  {
    id: '10.3-1',
    title: 'a wrong code and an unknown device are refused the same',
    async run(bench) {
      const user = await bench.player('user');
      const { domain, names } = bench.target;
      await user.refused('set', domain, bind(bench.address('device'), `${bench.code}0`), 'not-authorized');
      await user.refused('set', domain, bind(`${names.device}-nobody@${domain}`, bench.code), 'not-authorized');
    },
  },
  {
    id: '10.3-2',
    title: 'who tells the code owns the device, and both are told',
    async run(bench) {
      await bench.device();
      const user = await bench.player('user');
      const { domain } = bench.target;
      const bound = await user.told('set', domain, bind(bench.address('device'), bench.code));
      must(bound.is('binding', binding), `<${bound.name}/> is no binding`);
      must(bound.attribute('device') === bench.address('device'), 'the binding names another device');
      must((await bindings(bench)).includes(bench.address('device')), 'the device is not among those of the user');
      await (await bench.device()).owners().then((owners) => {
        must(
          owners.some((owner) => owner.user === bench.address('user')),
          'the device is not told its owner',
        );
      });
      await user.pushed('bound');
      const { boundUsers } = bench.played.device;
      await bench.until('that the device heard of it', () => boundUsers.includes(bench.address('user')));
    },
  },
  {
    id: '10.3-3',
    title: 'who owns a device does not bind it again',
    run: async (bench) =>
      (await bench.player('user')).refused(
        'set',
        bench.target.domain,
        bind(bench.address('device'), bench.code),
        'conflict',
      ),
  },
  {
    id: '10.3-4',
    title: 'a device that confirms is owned once it has agreed, and not before',
    async run(bench) {
      const user = await bench.player('user');
      const { domain, verifyCode } = bench.target;
      const second = bench.address('second');
      const asked = await user.told('set', domain, bind(second, verifyCode));
      must(asked.attribute('state') === 'pending', `the binding is ${asked.attribute('state')}, not pending`);
      await user.refused('get', second, element('read', data, { path: temperature }), 'forbidden');
      // It was away when it was asked.
      await bench.device('second');
      await user.pushed('bound', (push) => push.attribute('device') === second);
      await user.told('get', second, element('read', data, { path: temperature }));
    },
  },
  {
    id: '10.3-5',
    title: 'whom a device that confirms declines does not own it',
    async run(bench) {
      const friend = await bench.player('friend');
      const { domain, verifyCode } = bench.target;
      const second = bench.address('second');
      await bench.device('second');
      bench.played.second.agrees = false;
      const asked = await friend.told('set', domain, bind(second, verifyCode));
      must(asked.attribute('state') === 'pending', `the binding is ${asked.attribute('state')}, not pending`);
      await friend.pushed('unbound', (push) => push.attribute('device') === second);
      const told = await friend.told('get', domain, element('bindings', binding));
      must(told.elements().length === 0, 'what was declined is among the devices of the user');
      bench.played.second.agrees = true;
    },
  },
  {
    id: '10.3-6',
    title: 'owners read and change whether a device is asked, and hear of it; others do not',
    async run(bench) {
      const [user, friend] = [await bench.player('user'), await bench.player('friend')];
      const { domain } = bench.target;
      const device = bench.address('second');
      const required = async () => {
        const told = await user.told('get', domain, element('confirmation', binding, { device }));
        return told.attribute('required');
      };
      const change = (text: string) => element('confirmation', binding, { device, required: text });
      must((await required()) === 'true', 'a device that registered so is not asked');
      await friend.refused('set', domain, change('false'), 'forbidden');
      await friend.refused('get', domain, element('confirmation', binding, { device }), 'forbidden');
      await user.done(domain, change('false'));
      await user.pushed('confirmation', (push) => push.attribute('required') === 'false');
      must((await required()) === 'false', 'what was changed is read as it was');
      await user.done(domain, change('true'));
    },
  },
  {
    id: '10.2-2',
    title: 'an owner names a device and puts it in groups',
    async run(bench) {
      const user = await bench.player('user');
      const device = bench.address('device');
      const group = element('group', binding, {}, 'Hall');
      await user.done(bench.target.domain, element('rename', binding, { device, name: 'Warmth' }, group));
      const push = await user.pushed('binding-renamed');
      const told = await user.told('get', bench.target.domain, element('bindings', binding));
      for (const one of [push, told.elements('binding').find((of) => of.attribute('device') === device)]) {
        must(one?.attribute('name') === 'Warmth', `the device is called "${one?.attribute('name')}"`);
        must(
          one.elements('group').some((of) => of.text() === 'Hall'),
          'the group is missing',
        );
      }
    },
  },
  {
    id: '10.5-1',
    title: 'an owner resets the code, and the one before is void',
    async run(bench) {
      const { domain } = bench.target;
      const device = bench.address('device');
      const before = bench.code;
      const code = await (await bench.player('user')).told(
        'set',
        domain,
        element('reset', verificationCode, { device }),
      );
      must(code.is('code', verificationCode) && code.text() !== '', 'there is no new code');
      must(code.text() !== before, 'the new code is the old one');
      bench.code = code.text();
      await (await bench.player('friend')).refused('set', domain, bind(device, before), 'not-authorized');
      const push = await (await bench.player('user')).pushed('code-reset');
      must(push.text() === '', 'the push tells the code to everybody who owns the device');
    },
  },
  {
    id: '10.5-2',
    title: 'a device resets its own code; a stranger does not',
    async run(bench) {
      const code = await (await bench.device()).resetCode();
      must(code !== '' && code !== bench.code, 'the new code is the old one');
      bench.code = code;
      const reset = element('reset', verificationCode, { device: bench.address('device') });
      await (await bench.player('friend')).refused('set', bench.target.domain, reset, 'forbidden');
    },
  },
  {
    id: '10.2-1',
    title: 'users are friends when both agree',
    async run(bench) {
      const { domain } = bench.target;
      const [user, other] = [await bench.player('user'), await bench.player('friend')];
      const asked = await user.told('set', domain, element('ask', friend, { user: bench.address('friend') }));
      must(asked.attribute('state') !== 'friends', 'nobody asked the other');
      const push = await other.pushed('friend-asked');
      must(push.attribute('user') === bench.address('user'), `${push.attribute('user')} is said to have asked`);
      await other.done(domain, element('accept', friend, { user: bench.address('user') }));
      const told = await user.told('get', domain, element('friends', friend));
      const found = told.elements('friend').find((one) => one.attribute('user') === bench.address('friend'));
      must(found?.attribute('state') === 'friends', 'they are no friends');
      await user.pushed('friends');
      await other.pushed('friends');
    },
  },
  {
    id: '10.2-3',
    title: 'an owner of two devices joins them, and they exchange messages until they are parted',
    async run(bench) {
      const [user, other] = [await bench.player('user'), await bench.player('friend')];
      const { domain } = bench.target;
      const pair = { device: bench.address('device'), other: bench.address('second') };
      await other.refused('set', domain, element('link', link, pair), 'forbidden');
      const [device, second] = [await bench.device(), await bench.device('second')];
      const { messages } = bench.played.second;
      await user.done(domain, element('link', link, pair));
      await user.pushed('linked');
      const told = await user.told('get', domain, element('links', link, { device: pair.device }));
      must(
        told.elements('link').some((one) => one.attribute('device') === pair.other),
        'the link is not in the list',
      );
      device.client.sendMessage(pair.other, 'joined');
      await bench.until('that the message reached the other device', () => messages.includes('joined'));
      await user.done(domain, element('unlink', link, pair));
      await user.pushed('unlinked');
      const left = await user.told('get', domain, element('links', link, { device: pair.device }));
      must(left.elements().length === 0, 'the link is still there');
      device.client.sendMessage(pair.other, 'parted');
      // What the other device is asked afterwards tells that the message is not on its way any more.
      await user.told('get', pair.other, element('read', data, { path: temperature }));
      must(!messages.includes('parted'), 'devices that are not joined exchange messages');
      must(second.client.jid.bare.toString() === pair.other, 'the other device is somebody else');
    },
  },
  {
    id: '10.2-4',
    title: 'a user keeps bookmarks, and nobody else sees them',
    async run(bench) {
      const [user, other] = [await bench.player('user'), await bench.player('friend')];
      const { domain } = bench.target;
      const asked = element('bookmarks', bookmark);
      const kept = { name: 'heating', address: bench.address('device') };
      await user.done(domain, element('bookmark', bookmark, kept, 'the warm one'));
      const [found] = (await user.told('get', domain, asked)).elements('bookmark');
      must(found?.text() === 'the warm one' && found.attribute('address') === kept.address, 'it is not as it was kept');
      must((await other.told('get', domain, asked)).elements().length === 0, 'others see it');
      await user.done(domain, element('remove', bookmark, { name: 'heating' }));
      must((await user.told('get', domain, asked)).elements().length === 0, 'it is still there');
    },
  },
];

/** §10.4. */
export const associationEndCases: readonly RaCase[] = [
  {
    id: '10.4-2',
    title: 'a device that gives its user up is reached no more',
    async run(bench) {
      const user = await bench.player('user');
      const second = bench.address('second');
      await (await bench.device('second')).unbind(bench.address('user'));
      await user.pushed('unbound', (push) => push.attribute('device') === second);
      must(!(await bindings(bench)).includes(second), 'the device is still among those of the user');
      await user.refused('get', second, element('read', data, { path: temperature }), 'forbidden');
    },
  },
  {
    id: '10.4-3',
    title: 'friends part, and exchange no more messages',
    async run(bench) {
      const [user, other] = [await bench.player('user'), await bench.player('friend')];
      await user.done(bench.target.domain, element('remove', friend, { user: bench.address('friend') }));
      await other.pushed('unfriended');
      other.client.sendMessage(bench.address('user'), 'after the end');
      await other.expect('the refusal', (stanza) => {
        const isRefusal = stanza.name === 'message' && stanza.attribute('type') === 'error';
        return isRefusal && stanza.attribute('from') === bench.address('user');
      });
      must(!user.has((stanza) => stanza.childText('body') === 'after the end'), 'the message arrived');
    },
  },
  {
    id: '10.4-4',
    title: 'an owner removes one that came later, who removes nobody, and comes not back by the code it knew',
    async run(bench) {
      const [user, friend] = [await bench.player('user'), await bench.player('friend')];
      const { domain } = bench.target;
      const device = bench.address('device');
      const removal = (owner: 'user' | 'friend') => element('unbind', binding, { device, user: bench.address(owner) });
      const code = await user.told('set', domain, element('reset', verificationCode, { device }));
      await friend.told('set', domain, bind(device, code.text()));
      await friend.refused('set', domain, removal('user'), 'not-allowed');
      const owners = await user.told('get', domain, element('bindings', binding, { device }));
      must(owners.elements().length === 2, `it has two owners, not ${owners.elements().length}`);
      const fresh = await user.told('set', domain, removal('friend'));
      must(fresh.is('code', verificationCode) && fresh.text() !== code.text(), 'there is no new code');
      bench.code = fresh.text();
      const by = bench.address('user');
      await friend.pushed('unbound', (push) => push.attribute('device') === device && push.attribute('by') === by);
      await friend.refused('get', device, element('read', data, { path: temperature }), 'forbidden');
      await friend.refused('get', domain, element('bindings', binding, { device }), 'forbidden');
      await friend.refused('set', domain, bind(device, code.text()), 'not-authorized');
    },
  },
  {
    id: '10.4-1',
    title: 'an owner who gives the device up reaches it no more',
    async run(bench) {
      const user = await bench.player('user');
      const device = bench.address('device');
      await user.done(bench.target.domain, element('unbind', binding, { device }));
      must(!(await bindings(bench)).includes(device), 'the device is still among those of the user');
      await user.refused('get', device, element('read', data, { path: temperature }), 'forbidden');
    },
  },
];
