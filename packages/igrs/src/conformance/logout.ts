import { element } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { must, temperature } from './bench.ts';
import type { RaCase } from './suite.ts';

/** GB/T 29265.205 §12. */
export const logoutCases: readonly RaCase[] = [
  {
    id: '12-1',
    title: 'the owner sees that the device logged out',
    async run(bench) {
      const user = await bench.player('user');
      const { jid } = (await bench.device()).client;
      await bench.leaveDevice();
      const gone = await user.expect('that the device is gone', (stanza) => {
        const isGone = stanza.name === 'presence' && stanza.attribute('type') === 'unavailable';
        return isGone && stanza.attribute('from')?.startsWith(jid.bare.toString()) === true;
      });
      must(gone.attribute('from') !== undefined, 'nobody said it');
    },
  },
  {
    id: '12-2',
    title: 'a device that logged out is not reached, and is again when it is back',
    async run(bench) {
      const user = await bench.player('user');
      const read = element('read', raNamespaces.data, { path: temperature });
      await user.refused('get', bench.address('device'), read, 'recipient-unavailable');
      await bench.device();
      await bench.until('that the device is reached again', async () => {
        return typeof (await user.ask('get', bench.address('device'), read)) === 'object';
      });
    },
  },
];
