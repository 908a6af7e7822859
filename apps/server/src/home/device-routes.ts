import { because, routes } from '@yaolian/contract';
import type { AuditTrail, BindRefusal, IssuedCode } from '@yaolian/directory';
import type { Timers } from '@yaolian/kernel';
import { pathFrom } from '../api/asked.ts';
import { type HistoryServices, historyOf } from '../api/history.ts';
import { optionalTime } from '../api/times.ts';
import { decodeCursor, pageFrom } from '../http/cursor.ts';
import { endWithToken, hasLeft } from '../http/event-stream.ts';
import type { RouteRequest, RouteTable } from '../http/mount.ts';
import { Refusal, tooManyAttempts } from '../http/refusal.ts';
import { accountName } from '../ra/local-name.ts';
import type { RaService } from '../ra/ra-service.ts';
import { remoteAccessIsOff } from './account-routes.ts';
import type { HomeCommands } from './home-commands.ts';
import type { HomeDevices } from './home-devices.ts';
import type { HomeFirmware } from './home-firmware.ts';
import type { HomeSink, HomeStreams } from './home-streams.ts';

export interface HomeServices {
  readonly ra: RaService;
  readonly devices: HomeDevices;
  readonly commands: HomeCommands;
  readonly firmware: HomeFirmware;
  readonly streams: HomeStreams;
  readonly audit: AuditTrail;
  readonly histories: Pick<HistoryServices, 'history' | 'server' | 'model' | 'clock'>;
  readonly timers: Timers;
  /** Whether the session of a request that goes on is still good. */
  readonly isStillGood: (cookie: string | undefined) => Promise<boolean>;
}

/** A user's devices: what they are, binding them, asking them. */
export function addHomeDeviceRoutes(table: RouteTable, services: HomeServices | undefined): void {
  const home = () => {
    if (services === undefined) throw remoteAccessIsOff();
    return services;
  };
  const named = (text: string) => accountName(text, home().ra.domain) ?? text;
  table.add(routes.listHomeDevices, async ({ user }) => ({ items: await home().devices.list(user!.account.name) }));
  table.add(routes.bindHomeDevice, async ({ user, body }) => {
    const { ra, devices } = home();
    const asker = user!.account.name;
    const { code, name, groups } = body;
    const asked = {
      user: asker,
      device: named(body.device),
      code,
      ...(name && { name }),
      ...(groups && { groups }),
    };
    const bound = await ra.bindings.bind(asked);
    if (!bound.ok) throw bindRefusal(bound.error);
    return devices.summary(asker, await devices.see(asker, bound.value.device));
  });
  table.add(routes.showHomeDevice, async ({ user, params }) => {
    const { devices } = home();
    const asker = user!.account.name;
    return devices.detail(asker, await devices.see(asker, named(params.device)));
  });
  table.add(routes.renameHomeDevice, async ({ user, params, body }) => {
    const { bindings } = home().ra;
    if (await bindings.rename(user!.account.name, named(params.device), body.name, body.groups)) return;
    throw new Refusal('access-denied');
  });
  table.add(routes.unbindHomeDevice, async ({ user, params }) => {
    const { name } = user!.account;
    if ((await home().ra.bindings.unbind(name, named(params.device), name)) === undefined) {
      throw new Refusal('access-denied');
    }
  });
  table.add(routes.removeHomeOwner, async ({ user, params }) => {
    const by = { actor: user!.account.name, door: 'https' } as const;
    const removed = await home().ra.bindings.removeOwner(named(params.user), named(params.device), by);
    if (removed.ok) return codeToJson(removed.value);
    if (removed.error === 'none') throw new Refusal('not-found', because('owner-unknown', params));
    if (removed.error === 'not-owner') throw new Refusal('access-denied');
    throw new Refusal('access-denied', because('owner-before-you', { user: params.user }));
  });
  const codeToJson = ({ device, code, expiresAt }: IssuedCode) => ({
    ...{ device: `${device}@${home().ra.domain}`, code },
    ...optionalTime('expiresAt', expiresAt),
  });
  table.add(routes.resetHomeCode, async ({ user, params }) => {
    const issued = await home().ra.bindings.resetCode(named(params.device), user!.account.name);
    if (issued === undefined) throw new Refusal('access-denied');
    return codeToJson(issued);
  });
  table.add(routes.readHomeResource, ({ user, params }) =>
    home().commands.ask(user!.account.name, named(params.device), { kind: 'read', path: pathText(params.path) }),
  );
  table.add(routes.writeHomeResource, ({ user, params, body }) => {
    const request = { kind: 'write', path: pathText(params.path), text: String(body.value) } as const;
    return home().commands.ask(user!.account.name, named(params.device), request);
  });
  table.add(routes.executeHomeResource, ({ user, params, body }) => {
    const request = { kind: 'execute', path: pathText(params.path), arguments: body?.arguments ?? '' } as const;
    return home().commands.ask(user!.account.name, named(params.device), request);
  });
  table.add(routes.showHomeFirmware, ({ user, params }) =>
    home().firmware.show(user!.account.name, named(params.device)),
  );
  table.add(routes.updateHomeFirmware, ({ user, params }) =>
    home().firmware.change(user!.account.name, named(params.device), 'update'),
  );
  table.add(routes.cancelHomeFirmware, ({ user, params }) =>
    home().firmware.change(user!.account.name, named(params.device), 'cancel'),
  );
  table.add(routes.showHomeHistory, async ({ user, params, query }) => {
    const { devices, histories, audit, ra } = home();
    const asker = user!.account.name;
    const seen = await devices.see(asker, named(params.device));
    const subject = pathText(query.path);
    const isAllowed = devices.may(asker, seen, subject, 'read');
    const what = { action: 'read-history', device: seen.device.account, subject } as const;
    await audit.record({ door: 'https', actor: asker, ...what, outcome: isAllowed ? 'done' : 'forbidden' });
    if (!isAllowed) throw new Refusal('access-denied');
    const since = await ra.bindings.ownedSince(seen.device.account);
    return historyOf(histories, devices.keyOf(seen.device), query, since);
  });
  table.add(routes.listHomeNews, async ({ user, query }) => {
    const { cursor, limit = 100 } = query;
    const before = numberFrom(decodeCursor(cursor));
    const { items, unread } = await home().ra.news.page(user!.account.name, { before, limit });
    return {
      ...pageFrom(
        items,
        limit,
        ({ news }) => String(news),
        (event) => event,
      ),
      unread,
    };
  });
  table.add(routes.readHomeNews, ({ user, body }) => home().ra.news.read(user!.account.name, body.upTo));
  table.add(routes.streamHomeEvents, (request) => {
    stream(request, home());
    return undefined as never; // the reply is ours now
  });
}

/** @throws Refusal `invalid-cursor` */
function numberFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Refusal('invalid-cursor');
  return Number(text);
}

/** With its slash, checked. @throws Refusal `invalid-path` */
function pathText(text: string): string {
  pathFrom(text);
  return text.startsWith('/') ? text : `/${text}`;
}

function bindRefusal(refusal: BindRefusal): Refusal {
  switch (refusal.reason) {
    case 'too-many-attempts':
      return tooManyAttempts(refusal.retryAfter);
    case 'exists':
      return new Refusal('conflict', because('device-is-yours'));
    case 'too-many-owners':
      return new Refusal('conflict', because('owners-full'));
    case 'too-many-devices':
      return new Refusal('conflict', because('devices-full'));
    default:
      return new Refusal('wrong-code');
  }
}

function stream(request: RouteRequest<typeof routes.streamHomeEvents>, services: HomeServices): void {
  const { streams, timers, isStillGood } = services;
  if (hasLeft(request.reply)) return;
  const { raw } = request.reply;
  const sink: HomeSink = {
    write(text) {
      if (!raw.headersSent) {
        request.reply.hijack();
        const headers = request.reply.getHeaders() as Record<string, string>;
        const type = 'text/event-stream; charset=utf-8';
        raw.writeHead(200, { ...headers, 'content-type': type, 'x-accel-buffering': 'no' });
      }
      raw.write(text);
    },
    pending: () => raw.writableLength,
    end: () => (raw.writableLength > 0 ? raw.destroy() : raw.end()),
  };
  const leave = streams.open(request.user!.account.name, sink);
  if (leave === undefined) throw new Refusal('too-many-streams');
  const stopChecking = endWithToken(request, { timers, isStillGood: ({ cookie }) => isStillGood(cookie) }, () =>
    sink.end(),
  );
  const gone = () => {
    stopChecking();
    leave();
  };
  raw.on('close', gone);
  raw.on('error', gone);
}
