import { because, type JsonRaSession, routes } from '@yaolian/contract';
import type { RaAccountStore } from '@yaolian/directory';
import { decodeCursor, pageFrom } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import type { XmppService } from '../start/xmpp-service.ts';
import type { MessageSession } from '../xmpp/message-sessions.ts';
import { timeToJson } from './times.ts';

export interface RaSessionServices {
  /** Undefined where there is no message server. */
  readonly xmpp: Pick<XmppService, 'sessions' | 'endSession'> | undefined;
  readonly raAccounts: Pick<RaAccountStore, 'account'>;
}

/** Who is connected to the message server now. */
export function addRaSessionRoutes(table: RouteTable, { xmpp, raAccounts }: RaSessionServices): void {
  const served = () => {
    if (xmpp === undefined) throw new Refusal('unavailable', because('no-message-server'));
    return xmpp;
  };
  table.add(routes.listRaSessions, async ({ query: { cursor, limit = 100, search, state } }) => {
    const after = decodeCursor(cursor);
    const found = served().sessions({ search, state, after, limit: limit + 1 });
    const page = pageFrom(
      found,
      limit,
      ({ jid }) => jid,
      (session) => session,
    );
    const kindOf = async ({ account }: MessageSession) => (await raAccounts.account(account))?.kind;
    return { ...page, items: await Promise.all(page.items.map(async (one) => toJson(one, await kindOf(one)))) };
  });
  table.add(routes.endRaSession, ({ params: { session } }) => {
    if (!served().endSession(session)) throw new Refusal('not-found', { detail: `There is no session "${session}".` });
  });
}

function toJson(found: MessageSession, kind: JsonRaSession['kind']): JsonRaSession {
  const { jid, account, session, presence, priority, client } = found;
  const { address, isSecure } = session;
  return {
    ...{ session: jid, account, resource: session.jid.resource ?? '' },
    ...(kind === undefined ? {} : { kind }),
    state: session.isConnected ? 'connected' : 'waiting',
    ...(address === undefined ? {} : { address }),
    ...(isSecure === undefined ? {} : { secure: isSecure }),
    since: timeToJson(session.since ?? 0),
    active: session.isActive,
    ...{ presence, priority },
    ...(client === undefined ? {} : { client }),
  };
}
