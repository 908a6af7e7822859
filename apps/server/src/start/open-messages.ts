import { Associations } from '../ra/associations.ts';
import { RaService, type RaServiceOptions } from '../ra/ra-service.ts';
import type { UndoStack } from './undo-stack.ts';
import { XmppService, type XmppServiceOptions } from './xmpp-service.ts';

type MessageParts = Omit<XmppServiceOptions, 'rosters'> & Omit<RaServiceOptions, 'im' | 'associations' | 'endSessions'>;

/** The message server, where the configuration names a domain for its accounts, and Remote Access in it where that is wanted. */
export async function openMessages(
  parts: MessageParts,
  undo: UndoStack,
): Promise<{ readonly xmpp: XmppService; readonly ra: RaService | undefined } | undefined> {
  const { config, removal, names } = parts;
  const [domain] = names.domains;
  if (domain === undefined) return undefined;
  const associations = config['ra.domain'] === undefined ? undefined : new Associations({ ...parts, domain });
  const xmpp = await XmppService.open({ ...parts, ...(associations && { rosters: associations.rosters }) });
  undo.push('the message server', () => xmpp.close());
  removal.before((account) => xmpp.accountLeaves(account));
  removal.listen((account) => xmpp.accountRemoved(account));
  const ra =
    associations &&
    (await RaService.open({
      ...{ ...parts, im: xmpp.im, associations },
      endSessions: (account) => xmpp.endSessions(account),
    }));
  if (ra) undo.push('Remote Access', async () => ra.close());
  return { xmpp, ra };
}
