import { type JsonRoom, type JsonRoomDetail, routes } from '@yaolian/contract';
import type { AuditTrail } from '@yaolian/directory';
import { Jid, type Room, type RoomService } from '@yaolian/xmpp';
import { pageOfAll } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { timeToJson } from './times.ts';

export interface RoomRouteServices {
  /** Those of all domains; none where there are no rooms. */
  readonly roomServices: () => readonly RoomService[];
  readonly audit: AuditTrail;
}

/** What operators see of rooms, and their end. */
export function addRoomRoutes(table: RouteTable, { roomServices, audit }: RoomRouteServices): void {
  const found = (asked: string): { readonly service: RoomService; readonly room: Room } => {
    const jid = Jid.parse(asked);
    for (const service of jid === undefined ? [] : roomServices()) {
      const room = service.room(jid!);
      if (room !== undefined) return { service, room };
    }
    throw new Refusal('not-found', { detail: `There is no room "${asked}".` });
  };
  table.add(routes.listRooms, ({ query }) => {
    const all = roomServices().flatMap(({ rooms }) => rooms);
    return pageOfAll(all, query, ({ jid }) => `${jid}`, toJson);
  });
  table.add(routes.showRoom, ({ params }) => toDetail(found(params.room).room));
  table.add(routes.destroyRoom, async ({ params, query, actor }) => {
    const { service, room } = found(params.room);
    await service.destroy(room, query.reason);
    const { operator } = actor!;
    await audit.record({
      ...{ door: 'rest', actor: operator, action: 'destroy-room', device: undefined, outcome: 'done' },
      subject: `${room.jid}`,
    });
  });
}

function toJson({ jid, config, occupants, createdBy, createdAt }: Room): JsonRoom {
  return {
    room: `${jid}`,
    name: config.name,
    persistent: config.isPersistent,
    public: config.isPublic,
    membersOnly: config.isMembersOnly,
    occupants: occupants.size,
    createdBy,
    createdAt: timeToJson(createdAt),
  };
}

function toDetail(room: Room): JsonRoomDetail {
  const { config } = room;
  return {
    ...toJson(room),
    description: config.description,
    moderated: config.isModerated,
    passwordProtected: config.password !== '',
    archived: room.isArchived,
    affiliations: [...room.affiliations.values()].flatMap(({ jid, affiliation }) =>
      affiliation === 'none' ? [] : [{ account: jid, affiliation }],
    ),
    present: [...room.occupants.values()].flatMap(({ nick, bare, role, sessions }) =>
      role === 'none' ? [] : [{ nick, account: `${bare}`, role, sessions: sessions.length }],
    ),
  };
}
