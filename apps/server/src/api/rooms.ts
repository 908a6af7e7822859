import {
  because,
  type JsonNewRoom,
  type JsonRoom,
  type JsonRoomChange,
  type JsonRoomDetail,
  routes,
} from '@yaolian/contract';
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
}

/** What operators see of rooms, and how they make and end them. */
export function addRoomRoutes(table: RouteTable, { roomServices, messageAccounts }: RoomRouteServices): void {
  const found = (asked: string): { readonly service: RoomService; readonly room: Room } => {
    const jid = Jid.parse(asked);
    for (const service of jid === undefined ? [] : roomServices()) {
      const room = service.room(jid!);
      if (room !== undefined) return { service, room };
    }
    throw unknown(asked);
  };
  table.add(routes.listRooms, ({ query }) => {
    const all = roomServices().flatMap(({ rooms }) => rooms);
    return pageOfAll(all, query, ({ jid }) => `${jid}`, toJson);
  });
  table.add(routes.showRoom, ({ params }) => toDetail(found(params.room).room));
  table.add(routes.destroyRoom, async ({ params, query }) => {
    const { service, room } = found(params.room);
    await service.destroy(room, query.reason);
  });
  table.add(routes.createRoom, async ({ body }) => {
    const owner = await messageAccounts.addressOf(body.owner);
    return toDetail(await create(roomServices(), body, owner));
  });
  table.add(routes.configureRoom, async ({ params, body }) => {
    const { service, room } = found(params.room);
    const configured = await service.configure(room, changeOf(body));
    if (configured === 'empty') throw new Refusal('conflict', because('room-empty'));
    if (!configured) throw unknown(params.room);
    return toDetail(room);
  });
  const affiliate = async (asked: AskedAffiliation): Promise<Room> => {
    const { service, room } = found(asked.room);
    const { member: account, affiliation, reason } = asked;
    const jid = (await messageAccounts.addressOf(account)) ?? keptAddress(room, account);
    if (jid === undefined || !service.admits(jid))
      throw new Refusal('invalid-value', because('room-owner-unfit', { owner: account }));
    const change = { jid, affiliation, ...(reason === undefined ? {} : { reason }) };
    const done = await service.affiliate(room, change);
    if (done === false) throw unknown(asked.room);
    if (done === true) return room;
    if (done.condition === 'conflict') throw new Refusal('conflict', because('room-owner-last', { account: `${jid}` }));
    throw new Refusal('conflict', because('room-affiliations-full', { limit: service.bounds.affiliations }));
  };
  const placed = async (asked: { readonly room: string; readonly member: string }) => {
    const { room } = found(asked.room);
    const jid = (await messageAccounts.addressOf(asked.member)) ?? keptAddress(room, asked.member);
    const affiliation = jid === undefined ? 'none' : room.affiliationOf(jid);
    if (jid !== undefined && affiliation !== 'none') return { account: `${jid}`, affiliation };
    throw new Refusal('not-found', { detail: `"${asked.member}" has no place in this room.` });
  };
  table.add(routes.showRoomAffiliation, ({ params }) => placed(params));
  table.add(routes.setRoomAffiliation, async ({ params, body }) => toDetail(await affiliate({ ...params, ...body })));
  table.add(routes.removeRoomAffiliation, async ({ params, query }) => {
    await placed(params);
    await affiliate({ ...params, ...query, affiliation: 'none' });
  });
}

interface AskedAffiliation {
  readonly room: string;
  readonly member: string;
  readonly affiliation: 'owner' | 'admin' | 'member' | 'outcast' | 'none';
  readonly reason?: string;
}

function unknown(room: string): Refusal {
  return new Refusal('not-found', { detail: `There is no room "${room}".` });
}

/** Of an account that is no more, or of elsewhere, and has a place in the room all the same. */
function keptAddress(room: Room, account: string): Jid | undefined {
  const jid = Jid.parse(account)?.bare;
  return jid !== undefined && room.affiliationOf(jid) !== 'none' ? jid : undefined;
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

function changeOf(body: JsonRoomChange): Partial<RoomConfig> {
  const { persistent, public: isPublic, membersOnly, moderated, archived, ...same } = body;
  const switches = {
    ...{ isPersistent: persistent, isPublic, isMembersOnly: membersOnly, isModerated: moderated, isLogged: archived },
  };
  const given = Object.entries({ ...same, ...switches }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<RoomConfig>;
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
    maxUsers: config.maxUsers,
    affiliations: [...room.affiliations.values()]
      .sort((a, b) => (a.jid < b.jid ? -1 : 1))
      .flatMap(({ jid, affiliation }) => (affiliation === 'none' ? [] : [{ account: jid, affiliation }])),
    present: [...room.occupants.values()].flatMap(({ nick, bare, role, sessions }) =>
      role === 'none' ? [] : [{ nick, account: `${bare}`, role, sessions: sessions.length }],
    ),
  };
}
