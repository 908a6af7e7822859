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
import { modelNames } from '../../platform/model-names.ts';
import { Store } from '../../platform/store.ts';
import { translate } from '../../platform/text.ts';
import { tellDone, tellFailure, tellWait } from '../../ui/notices.tsx';
import { noticeOf } from './notice-text.ts';
import { ask, resumeUser, user } from './session.ts';
import { shortName } from './short-name.ts';

export interface LatestValue {
  readonly value: JsonValue;
  readonly time: string;
}

/** What happened while the page was open, newest first. */
export interface HomeNotice {
  readonly id: number;
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

/** By device: how the update of its firmware goes, as it was heard. */
export const updates = new Store<ReadonlyMap<string, JsonHomeUpdate>>(new Map());

const mostNotices = 100;
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
    if (outcome.state === 'queued') tellWait(translate('home.waits', { name: device.name }));
    else await read(device, path).catch(() => undefined); // it was done: what it is now comes when it can be told
  } catch (error) {
    const restored = new Map(latest.value);
    if (before === undefined) restored.delete(key);
    else restored.set(key, before);
    latest.set(restored);
    tellFailure(error);
  }
}

/** Asks a device for its values. */
export async function read(device: JsonHomeDevice, path: string): Promise<void> {
  const outcome = await ask(routes.readHomeResource, { params: { device: device.device, path } });
  if (outcome.state === 'queued') tellWait(translate('home.waits', { name: device.name }));
  hear(device.device, outcome.values ?? []);
}

/** Listens to what happens at home, as long as somebody is signed in. Returns what stops it. */
export function listen(): () => void {
  let source: EventSource;
  let again: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(routePath(routes.streamHomeEvents));
    source.onopen = () => {
      isLive.set(true);
      // What was missed is in the lists.
      void loadDevices();
      void loadFriends().catch(() => undefined);
    };
    source.onmessage = ({ data }: MessageEvent<string>) => take(JSON.parse(data) as JsonHomeEvent);
    source.onerror = () => {
      isLive.set(false);
      if (source.readyState !== EventSource.CLOSED) return;
      // The platform refused: the session may be over.
      again = setTimeout(() => {
        void resumeUser().catch(() => undefined);
        open();
      }, 5000);
    };
  };
  open();
  return () => {
    clearTimeout(again);
    source.close();
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
  if (kind === 'values') {
    hear(device, values ?? []);
    return;
  }
  const before = devices.value?.find((one) => one.device === device);
  let isNews = kind !== 'state' || before?.state !== state;
  if (kind === 'firmware' && event.firmware !== undefined) {
    const { id, phase } = event.firmware;
    const known = updates.value.get(device);
    isNews = known?.id !== id || known.phase !== phase; // a percent is none
    updates.set(new Map(updates.value).set(device, event.firmware));
  }
  if (kind === 'state') {
    devices.set(devices.value?.map((one) => (one.device === device && state !== undefined ? { ...one, state } : one)));
    // A terminal that came may have other objects than before, and new values.
    void loadDevices();
  }
  if (kind === 'result') {
    hear(device, values ?? []);
    const name = before?.name ?? shortName(device);
    if (event.refusal === undefined) tellDone(translate('home.result', { name }));
    else tellFailure(new Error(translate('home.result-refused', { name, reason: event.refusal })));
    return;
  }
  if (kind === 'message') tellMessage(event.text ?? '');
  if (changing.has(kind)) void loadDevices();
  if (befriending.has(kind)) void loadFriends().catch(() => undefined);
  const text = isNews ? noticeOf(event, before?.name ?? shortName(device), translate, modelNames()) : undefined;
  // A device has many values: that they ended for one reason is said once.
  if (text === undefined || (kind === 'ended' && notices.value[0]?.text === text)) return;
  notices.set([{ id: ++lastNotice, time: event.time, text }, ...notices.value].slice(0, mostNotices));
  unread.set(unread.value + 1);
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
}

user.watch((present) => {
  if (present === undefined) forget();
});
