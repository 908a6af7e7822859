import type { Clock } from '@yaolian/kernel';
import { element } from '../../xml/element.ts';
import type { ImModule } from '../module.ts';

const namespace = 'urn:xmpp:time';

/** Entity time (XEP-0202): of the server, in UTC. */
export function timeModule(clock: Clock): ImModule {
  return {
    name: 'XEP-0202',
    serverFeatures: [namespace],
    handlers: [
      {
        namespace,
        name: 'time',
        types: ['get'],
        targets: ['server'],
        handle: () =>
          element(
            'time',
            namespace,
            {},
            element('tzo', namespace, {}, '+00:00'),
            element('utc', namespace, {}, new Date(clock.epoch()).toISOString()),
          ),
      },
    ],
  };
}
