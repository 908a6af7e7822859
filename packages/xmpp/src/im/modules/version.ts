import { element } from '../../xml/element.ts';
import type { ImModule } from '../module.ts';

const namespace = 'jabber:iq:version';

/** Software version (XEP-0092). @param version undefined: it is not told */
export function versionModule(name: string, version: string | undefined): ImModule {
  return {
    name: 'XEP-0092',
    serverFeatures: [namespace],
    handlers: [
      {
        namespace,
        name: 'query',
        types: ['get'],
        targets: ['server'],
        handle: () =>
          element(
            'query',
            namespace,
            {},
            element('name', namespace, {}, name),
            element('version', namespace, {}, version ?? 'unknown'),
          ),
      },
    ],
  };
}
