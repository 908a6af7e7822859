import {
  type JsonHomeDevice,
  type JsonHomeEvent,
  type JsonHomeFriend,
  type JsonHomeResource,
  type JsonHomeUpdate,
  type JsonValue,
  routePath,
  routes,
} from '@yaolian/contract';
import { follow, sharesStreams } from '../../platform/feed/feed.ts';
import { modelNames } from '../../platform/model-names.ts';
import { Store } from '../../platform/store.ts';
import { translate } from '../../platform/text.ts';
import { whileSeen } from '../../platform/while-seen.ts';
import { tellDone, tellFailure, tellNot, tellWait } from '../../ui/notices.tsx';
import { isNews, noticeOf } from './notice-text.ts';
import { ask, resumeUser, user } from './session.ts';
import { shortName } from './short-name.ts';
import { WaitingValues } from './waiting.ts';

export interface LatestValue {
  readonly value: JsonValue;
  readonly time: string;
}

/** What happened, newest first: what the platform keeps, and what was heard of states while the page was open. */
export interface HomeNotice {
  readonly id: string;
  /** The number under which it is kept. */
  readonly news?: number | undefined;
  readonly time: string;
  readonly text: string;
}

/** Undefined until they were loaded. */
export const devices = new Store<readonly JsonHomeDevice[] | undefined>(undefined);
export const devicesError = new Store<unknown>(undefined);
export const friends = new Store<readonly JsonHomeFriend[] | undefined>(undefined);
export const notices = new Store<readonly HomeNotice[]>([]);
export const unread = new Store(0);
export const isLive = new Store(false);
/** By device and path: what is newer than the lists. */
export const latest = new Store<ReadonlyMap<string, LatestValue>>(new Map());

/** What devices that sleep are yet to be told. */
const told = new WaitingValues<LatestValue>(restore);
export const waiting = told.store;

/** How often it was heard that devices, or what is permitted of them, changed. */
export const changes = new Store(0);

/** By device: how the update of its firmware goes, as it was heard. */
export const updates = new Store<ReadonlyMap<string, JsonHomeUpdate>>(new Map());

const mostNotices = 200;
let lastNotice = 0;

export function keyOf(device: string, path: string): string {
  return `${device}${path}`;
}

/** The value to show: what was heard last. */
export function shownValue(
  values: ReadonlyMap<string, LatestValue>,
  device: string,
  resource: JsonHomeResource,
): LatestValue | undefined {
  const heard = values.get(keyOf(device, resource.path));
  const { value, time } = resource;
  if (value === undefined || time === undefined) return heard;
  return heard !== undefined && heard.time >= time ? heard : { value, time };
}

export function hear(device: string, values: readonly { path: string; value: JsonValue; time: string }[]): void {
  const next = new Map(latest.value);
  for (const { path, value, time } of values) next.set(keyOf(device, path), { value, time });
  latest.set(next);
}

function restore(key: string, value: LatestValue | undefined): void {
  const next = new Map(latest.value);
  if (value === undefined) next.delete(key);
  else next.set(key, value);
  latest.set(next);
}

export async function loadDevices(): Promise<void> {
  try {
    devices.set((await ask(routes.listHomeDevices, {})).items);
    devicesError.set(undefined);
  } catch (error) {
    devicesError.set(error);
  }
}

export async function loadFriends(): Promise<void> {
  friends.set((await ask(routes.listHomeFriends, {})).items);
}

/** Sets a value of a device. It shows at once, and goes back when the device says no. */
export async function write(device: JsonHomeDevice, path: string, value: JsonValue): Promise<void> {
  const key = keyOf(device.device, path);
  const before = latest.value.get(key);
  const now = new Date().toISOString();
  hear(device.device, [{ path, value, time: now }]);
  const params = { device: device.device, path };
  try {
    const outcome = await ask(routes.writeHomeResource, { params, body: { value } });
    if (outcome.state === 'queued') {
      tellWait(translate('home.waits', { name: device.name }));
      if (outcome.id !== undefined) told.add(key, outcome.id, { before, after: { value, time: now } });
    } else await read(device, path).catch(() => undefined); // it was done: what it is now comes when it can be told
  } catch (error) {
    restore(key, before);
    tellFailure(error);
  }
}

/** Asks a device for its values. */
export async function read(device: JsonHomeDevice, path: string): Promise<void> {
  const outcome = await ask(routes.readHomeResource, { params: { device: device.device, path } });
  if (outcome.state === 'queued') tellWait(translate('home.waits', { name: device.name }));
  hear(device.device, outcome.values ?? []);
}

/**
 * Listens to what happens at home, as long as somebody is signed in. Pages that share their stream go on while nobody looks at them.
 * Returns what stops it.
 */
export function listen(): () => void {
  return sharesStreams() ? open() : whileSeen(open);
}

function open(): () => void {
  let asking: ReturnType<typeof setTimeout> | undefined;
  const path = routePath(routes.streamHomeEvents);
  const whose = typeof user.value === 'object' ? user.value.account : '';
  const stop = follow({ whose, path }, path, {
    told: (event) => take(event as JsonHomeEvent),
    live: (isOpen) => {
      isLive.set(isOpen);
      if (!isOpen) return;
      // What was missed is in the lists.
      void loadDevices()
        .then(loadNews)
        .catch(() => undefined); // with the names of devices
      void loadFriends().catch(() => undefined);
    },
    refused: () => {
      // The session may be over.
      clearTimeout(asking);
      asking = setTimeout(() => void resumeUser().catch(() => undefined), 5000);
    },
  });
  return () => {
    clearTimeout(asking);
    stop();
    isLive.set(false);
  };
}

const changing = new Set<JsonHomeEvent['kind']>([
  'bound',
  'binding-asked',
  'binding-renamed',
  'unbound',
  'granted',
  'revoked',
  'unfriended',
  'ended',
]);
const befriending = new Set<JsonHomeEvent['kind']>(['friends', 'friend-asked', 'friend-renamed', 'unfriended']);

function take(event: JsonHomeEvent): void {
  const { kind, device = '', values, state } = event;
  if (event.news !== undefined && notices.value.some(({ news }) => news === event.news)) return; // loaded already
  if (kind === 'values') {
    hear(device, values ?? []);
    return;
  }
  if (kind === 'news-read') {
    const upTo = event.upTo ?? 0;
    unread.set(notices.value.filter(({ news = 0 }) => news > upTo).length); // on another page, or another machine
    return;
  }
  const before = devices.value?.find((one) => one.device === device);
  const tells = isNews(event, before);
  if (event.firmware !== undefined && !tells) updates.set(new Map(updates.value).set(device, event.firmware));
  if (kind === 'state') {
    devices.set(devices.value?.map((one) => (one.device === device && state !== undefined ? { ...one, state } : one)));
    // A terminal that came may have other objects than before, and new values.
    void loadDevices();
  }
  if (kind === 'result') {
    hear(device, values ?? []);
    if (event.id !== undefined) told.settle(event.id, event.refusal === undefined);
    const name = before?.name ?? shortName(device);
    if (event.refusal === undefined) {
      tellDone(translate('home.result', { name }));
      return;
    }
    tellNot(noticeOf(event, name, translate) ?? event.refusal);
    if (event.news === undefined) return; // what was only looked at
  }
  if (kind === 'message') tellMessage(event.text ?? '');
  if (changing.has(kind)) {
    changes.set(changes.value + 1);
    void loadDevices();
  }
  if (befriending.has(kind)) void loadFriends().catch(() => undefined);
  const notice = tells ? noticeFrom(event) : undefined;
  // A device has many values: that they ended for one reason is said once.
  if (notice === undefined || (kind === 'ended' && notices.value[0]?.text === notice.text)) return;
  notices.set([notice, ...notices.value].slice(0, mostNotices));
  unread.set(unread.value + 1);
}

function noticeFrom(event: JsonHomeEvent): HomeNotice | undefined {
  const { device = '', time, news } = event;
  const name = devices.value?.find((one) => one.device === device)?.name ?? shortName(device);
  const text = noticeOf(event, name, translate, modelNames());
  const id = news === undefined ? `heard ${++lastNotice}` : `kept ${news}`;
  return text === undefined ? undefined : { id, news, time, text };
}

/** What is kept joins what was heard, each once. */
export async function loadNews(): Promise<void> {
  const { items, unread: count } = await ask(routes.listHomeNews, { query: { limit: mostNotices } });
  const newest = items[0]?.news ?? 0;
  const heard = notices.value.filter(({ news }) => news === undefined || news > newest);
  const kept = items.flatMap((event) => noticeFrom(event) ?? []);
  const all = [...heard, ...kept].toSorted((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
  notices.set(all.slice(0, mostNotices));
  unread.set(count + heard.filter(({ news }) => news !== undefined).length);
}

/** Somebody looks at them. */
export function markRead(): void {
  if (unread.value === 0) return;
  unread.set(0);
  const upTo = Math.max(0, ...notices.value.map(({ news = 0 }) => news));
  if (upTo > 0) void ask(routes.readHomeNews, { body: { upTo } }).catch(() => undefined); // the next look marks them
}

function tellMessage(text: string): void {
  tellWait(translate('home.notice.message', { text }));
}

/** Forgets what belongs to who was signed in. */
export function forget(): void {
  devices.set(undefined);
  friends.set(undefined);
  notices.set([]);
  unread.set(0);
  latest.set(new Map());
  updates.set(new Map());
  told.clear();
}

user.watch((present) => {
  if (present === undefined) forget();
});
