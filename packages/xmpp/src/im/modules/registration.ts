import { prepareLocal } from '../../jid/preparation.ts';
import { element } from '../../xml/element.ts';
import type { ImModule, IqRequest, ModuleAnswer } from '../module.ts';
import { StanzaError } from '../stanza-error.ts';

const namespace = 'jabber:iq:register';

/** What accounts may do with themselves. */
export interface AccountRegistrar {
  /** False when that cannot be a password. */
  setPassword(account: string, password: string): Promise<boolean>;
  remove(account: string): Promise<void>;
}

/** In-band registration (XEP-0077) as far as owners of accounts need it: change the password (§3.3), and leave (§3.2). */
export function registrationModule(registrar: AccountRegistrar): ImModule {
  const change = async ({ client, payload }: IqRequest): Promise<ModuleAnswer> => {
    if (client === undefined) return new StanzaError('not-allowed');
    if (payload.child('remove') !== undefined) {
      if (payload.elements().length > 1) return new StanzaError('bad-request');
      await registrar.remove(client.account);
      return undefined;
    }
    const username = prepareLocal(payload.childText('username') ?? '');
    const password = payload.childText('password');
    if (username !== client.account || password === undefined) return new StanzaError('bad-request');
    return (await registrar.setPassword(client.account, password)) ? undefined : new StanzaError('not-acceptable');
  };
  const read = ({ client }: IqRequest): ModuleAnswer =>
    client === undefined
      ? new StanzaError('not-allowed')
      : element(
          'query',
          namespace,
          {},
          element('registered', namespace),
          element('username', namespace, {}, client.account),
          element('password', namespace),
        );
  return {
    name: 'XEP-0077',
    serverFeatures: [namespace],
    handlers: [
      { namespace, name: 'query', types: ['get'], targets: ['server', 'own'], handle: read },
      { namespace, name: 'query', types: ['set'], targets: ['server', 'own'], handle: change },
    ],
  };
}
