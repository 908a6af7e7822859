import { element } from '../../xml/element.ts';
import type { ImModule } from '../module.ts';

const namespace = 'urn:xmpp:extdisco:2';

/** A service outside of XMPP that clients may use: STUN, TURN. */
export interface ExternalService {
  readonly type: string;
  readonly host: string;
  readonly port?: number;
  readonly transport?: 'tcp' | 'udp';
  /** Credentials of their own for each who asks. */
  readonly credentials?: (account: string) => {
    readonly username: string;
    readonly password: string;
    /** Milliseconds since the epoch. */
    readonly expires: number;
  };
}

/** External services (XEP-0215), told to accounts of this server. */
export function externalServicesModule(services: readonly ExternalService[]): ImModule {
  return {
    name: 'XEP-0215',
    serverFeatures: [namespace],
    handlers: [
      {
        namespace,
        name: 'services',
        types: ['get'],
        targets: ['server'],
        handle: ({ payload, from }) => {
          const type = payload.attribute('type');
          const wanted = services.filter((service) => type === undefined || service.type === type);
          return element(
            'services',
            namespace,
            { type },
            ...wanted.map((service) => encodeService(service, from.local ?? from.domain)),
          );
        },
      },
    ],
  };
}

function encodeService(service: ExternalService, account: string) {
  const credentials = service.credentials?.(account);
  return element('service', namespace, {
    type: service.type,
    host: service.host,
    port: service.port === undefined ? undefined : String(service.port),
    transport: service.transport,
    restricted: credentials === undefined ? undefined : 'true',
    username: credentials?.username,
    password: credentials?.password,
    expires: credentials === undefined ? undefined : new Date(credentials.expires).toISOString(),
  });
}
