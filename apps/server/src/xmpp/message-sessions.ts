import type { BoundClient, XmlElement, XmppSession } from '@yaolian/xmpp';
import { Jid } from '@yaolian/xmpp';
import type { AccountNames } from './account-names.ts';

export interface SessionQuery {
  /** A part of the full JID, or of where the client is, in any case. */
  readonly search?: string | undefined;
  readonly state?: 'connected' | 'waiting' | undefined;
  /** The full JID that the page before ended with. */
  readonly after?: string | undefined;
  /** At most so many. */
  readonly limit: number;
}

/** A session of an account, with what its client says of itself. */
export interface MessageSession {
  /** Its full JID. */
  readonly jid: string;
  /** As stores name it. */
  readonly account: string;
  readonly session: XmppSession;
  readonly presence: Presence;
  readonly priority: number;
  readonly client: string | undefined;
}

/** RFC 6121 §4.7.2.1, and what stands for none. */
const shows = ['chat', 'away', 'xa', 'dnd'] as const;
export type Presence = (typeof shows)[number] | 'available' | 'unavailable';

/** Characters of what a client calls itself: it is whatever the client says. */
const longestClient = 200;

interface SessionSource {
  readonly sessions: Iterable<XmppSession>;
  readonly names: Pick<AccountNames, 'of'>;
  /** The session as instant messaging has it. */
  readonly clientOf: (jid: Jid) => BoundClient | undefined;
}

/** A page of all sessions by their addresses. One look at each; no more than a page of them is held or sorted. */
export function listSessions({ sessions, names, clientOf }: SessionSource, query: SessionQuery): MessageSession[] {
  const { state, after, limit } = query;
  const search = query.search?.toLowerCase();
  const found: { readonly jid: string; readonly session: XmppSession }[] = [];
  for (const session of sessions) {
    const jid = session.jid.toString();
    if (after !== undefined && jid <= after) continue;
    if (found.length === limit && jid >= found.at(-1)!.jid) continue;
    if (state !== undefined && session.isConnected !== (state === 'connected')) continue;
    if (search !== undefined && !`${jid} ${session.address ?? ''}`.toLowerCase().includes(search)) continue;
    found.splice(placeOf(found, jid), 0, { jid, session });
    if (found.length > limit) found.pop();
  }
  return found.map(({ jid, session }) => {
    const client = clientOf(session.jid);
    return {
      ...{ jid, session },
      account: names.of(session.jid.local ?? '', session.jid.domain),
      presence: showOf(client?.presence),
      priority: client?.presence === undefined ? 0 : client.priority,
      client: clientName(client?.presence),
    };
  });
}

/** Where a JID goes among those in order. */
function placeOf(found: readonly { readonly jid: string }[], jid: string): number {
  let [low, high] = [0, found.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (found[middle]!.jid < jid) low = middle + 1;
    else high = middle;
  }
  return low;
}

function showOf(presence: XmlElement | undefined): Presence {
  if (presence === undefined) return 'unavailable';
  const show = presence.childText('show');
  return shows.find((one) => one === show) ?? 'available';
}

/** XEP-0115 §4: the node of its capabilities is a URL of the software. */
function clientName(presence: XmlElement | undefined): string | undefined {
  const node = presence?.child('c', 'http://jabber.org/protocol/caps')?.attribute('node');
  return node === undefined || node === '' ? undefined : node.slice(0, longestClient);
}

/** The address of a session as people write it. Undefined when it is none. */
export function sessionAddress(text: string): Jid | undefined {
  const jid = Jid.parse(text);
  return jid?.local === undefined || jid.isBare ? undefined : jid;
}
