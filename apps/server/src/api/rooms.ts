import { because, type JsonNewRoom, type JsonRoom, type JsonRoomDetail, routes } from '@yaolian/contract';
import type { AuditTrail } from '@yaolian/directory';
import { Jid, type Room, type RoomConfig, type RoomService } from '@yaolian/xmpp';
import { pageOfAll } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import type { MessageAccounts } from '../xmpp/message-accounts.ts';
import { timeToJson } from './times.ts';

export interface RoomRouteServices {
  /** Those of all domains; none where there are no rooms. */
  readonly roomServices: () => readonly RoomService[];
  readonly messageAccounts: Pick<MessageAccounts, 'addressOf'>;
  readonly audit: AuditTrail;
}

/** What operators see of rooms, and how they make and end them. */
export function addRoomRoutes(table: RouteTable, { roomServices, messageAccounts, audit }: RoomRouteServices): void {
  const record = (actor: string, action: string, room: Room) =>
    audit.record({ door: 'rest', actor, action, device: undefined, subject: `${room.jid}`, outcome: 'done' });
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
    await record(actor!.operator, 'destroy-room', room);
  });
  table.add(routes.createRoom, async ({ body, actor }) => {
    const owner = await messageAccounts.addressOf(body.owner);
    const room = await create(roomServices(), body, owner);
    await record(actor!.operator, 'create-room', room);
    return toDetail(room);
  });
}

async function create(services: readonly RoomService[], body: JsonNewRoom, owner: Jid | undefined): Promise<Room> {
  if (services.length === 0) throw new Refusal('invalid-value', because('rooms-off'));
  const jid = Jid.parse(body.room);
  const service = services.find(({ domain }) => domain === jid?.domain);
  if (jid?.local === undefined || !jid.isBare || service === undefined) {
    const right = services.map(({ domain }) => `name@${domain}`).join(', ');
    throw new Refusal('invalid-value', because('room-address-unfit', { room: body.room, right }));
  }
  if (owner === undefined || !service.admits(owner))
    throw new Refusal('invalid-value', because('room-owner-unfit', { owner: body.owner }));
  const room = await service.create(jid, owner, configOf(body));
  if (room === 'exists') throw new Refusal('conflict', because('room-exists', { room: `${jid}` }));
  if (room !== 'full') return room;
  throw new Refusal('conflict', because('rooms-full', { limit: service.bounds.rooms, domain: service.domain }));
}

function configOf(body: JsonNewRoom): Partial<RoomConfig> {
  const { name = '', description = '', password = '' } = body;
  const { public: isPublic = true, membersOnly: isMembersOnly = false, moderated: isModerated = false } = body;
  return { name, description, password, isPublic, isMembersOnly, isModerated };
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
