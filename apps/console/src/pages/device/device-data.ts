import {
  type JsonDeviceDetail,
  type JsonEvent,
  type JsonObservation,
  type JsonQueuedRequest,
  type JsonSeries,
  routes,
} from '@yaolian/contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { eventText } from '../../platform/event-text.ts';
import { useEvents } from '../../platform/events.ts';
import { type Loaded, useLoad, useSoon } from '../../platform/load.ts';
import { navigate, usePlace } from '../../platform/router.ts';
import { call } from '../../platform/session.ts';
import { translate } from '../../platform/text.ts';
import { tellOutcome } from '../../ui/notices.tsx';
import { type Choosing, useChoosing } from './choosing.ts';
import { LiveValues } from './live-values.ts';

const types = [
  'device.registered',
  'device.updated',
  'device.deregistered',
  'device.expired',
  'device.connected',
  'device.disconnected',
  'device.refused',
  'device.removed',
  'operation.completed',
  'observation.started',
  'observation.notified',
  'observation.malformed',
  'observation.ended',
  'device.sent',
  'request.queued',
  'request.sent',
  'request.finished',
  'firmware.changed',
  'bootstrap.started',
  'bootstrap.finished',
  'bootstrap.failed',
] as const;

const maxEvents = 500;

/** A device as its page sees it. */
export interface DeviceData {
  readonly device: string;
  readonly detail: JsonDeviceDetail | undefined;
  /** It speaks Remote Access itself: what is LwM2M's alone it cannot do. */
  readonly speaksRa: boolean;
  readonly error: unknown;
  readonly reload: () => void;
  readonly live: LiveValues;
  readonly isLive: boolean;
  readonly observations: readonly JsonObservation[];
  readonly reloadObservations: () => void;
  readonly choosing: Choosing;
  /** Resources whose history is shown below them; the address has them. */
  readonly plots: { readonly shown: readonly string[]; readonly toggle: (path: string) => void };
  /** What history has of the device; undefined until it is known. */
  readonly past: readonly JsonSeries[] | undefined;
  /** What happened since the page was opened, newest first. */
  readonly events: readonly JsonEvent[];
  /** Requests that wait for the device, and those of the last day that did. */
  readonly queue: Loaded<{ readonly items: readonly JsonQueuedRequest[] }>;
}

export function useDeviceData(device: string): DeviceData {
  const params = { device };
  const detail = useLoad((signal) => call(routes.showDevice, { params, signal }), [device]);
  const observed = useLoad((signal) => call(routes.listObservations, { params, signal }), [device]);
  const live = useRef(new LiveValues()).current;
  const choosing = useChoosing();
  const plots = usePlots();
  // Without it the page begins empty.
  const past = useLoad((signal) => call(routes.listSeries, { params, signal }), [device]).data?.items;
  useEffect(() => void (past && live.remember(past)), [past]);
  const queue = useLoad((signal) => call(routes.listQueue, { query: { device, limit: 200 }, signal }), [device]);
  const reloadQueue = useSoon(queue.reload);
  const [events, setEvents] = useState<readonly JsonEvent[]>([]);
  const { isLive } = useEvents({ device, types }, (event) => {
    setEvents((before) => [event, ...before].slice(0, maxEvents));
    if (event.type.startsWith('device.') && event.type !== 'device.sent') detail.reload();
    if (event.type === 'observation.started' || event.type === 'observation.ended') observed.reload();
    takeValues(live, event);
    if (event.type.startsWith('request.')) reloadQueue();
    if (event.type === 'request.finished') tellOutcome(event.data, eventText(event, translate));
  });
  return {
    device,
    detail: detail.data,
    speaksRa: speaksRa(detail.data),
    error: detail.error,
    reload: detail.reload,
    live,
    isLive,
    observations: observed.data?.items ?? [],
    reloadObservations: observed.reload,
    choosing,
    plots,
    past,
    events,
    queue,
  };
}

function speaksRa(detail: JsonDeviceDetail | undefined): boolean {
  const ra = detail?.remoteAccess;
  return ra !== undefined && ra.device === ra.account;
}

function usePlots(): DeviceData['plots'] {
  const shown = usePlace().query.getAll('plot');
  const toggle = (path: string) => {
    const query = new URLSearchParams(location.search);
    const rest = query.getAll('plot').filter((one) => one !== path);
    const next = rest.length < query.getAll('plot').length ? rest : [...rest, path];
    query.delete('plot');
    for (const one of next) query.append('plot', one);
    navigate(location.pathname + (query.size === 0 ? '' : `?${query}`), 'replace');
  };
  return { shown, toggle };
}

function takeValues(live: LiveValues, event: JsonEvent): void {
  const time = Date.parse(event.time);
  if (event.type === 'observation.notified') live.accept(event.data.node, time);
  if (event.type === 'request.finished') {
    for (const { node } of [event.data, ...(event.data.values ?? [])]) if (node) live.accept(node, time);
  }
  if (event.type !== 'device.sent') return;
  for (const sent of event.data.values) live.accept(sent.node, sent.time === undefined ? time : Date.parse(sent.time));
}
