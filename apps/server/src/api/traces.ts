import {
  encodeEventFrame,
  heartbeatFrame,
  type JsonFollowedMessage,
  type JsonTrace,
  type Role,
  type RouteQuery,
  roleCovers,
  routes,
} from '@yaolian/contract';
import { type Clock, type Duration, parseDuration, seconds, type Timer, type Timers } from '@yaolian/kernel';
import type { Fleet } from '../fleet/fleet.ts';
import type { CredentialHeaders } from '../http/authentication.ts';
import { beginEventStream, endWithToken, hasLeft } from '../http/event-stream.ts';
import type { RouteRequest, RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import type { DissectedFrame, Dissector } from '../trace/dissector.ts';
import type { Frame } from '../trace/frame.ts';
import { detailToJson, headToJson } from '../trace/frame-json.ts';
import { encodePcapng } from '../trace/pcapng.ts';
import type { TraceRecorder } from '../trace/recorder.ts';
import type { Trace, TraceSubject } from '../trace/trace.ts';
import { timeToJson } from './times.ts';

export interface TraceServices {
  readonly recorder: TraceRecorder;
  readonly dissector: Dissector;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly timers: Timers;
  /** How long is recorded when nobody says. */
  readonly duration: Duration;
  readonly hasKeyLog: boolean;
  readonly isStillGood: (headers: CredentialHeaders, role: Role) => Promise<boolean>;
}

const heartbeat = seconds(15);
/** Bytes that a reader of a stream may leave unread. */
const maximumUnread = 1024 * 1024;
/** Streams at a time. */
const maximumReaders = 20;

/** Messages of devices, recorded while an operator wants to see them. */
export function addTraceRoutes(table: RouteTable, services: TraceServices): void {
  const { recorder, clock, dissector } = services;
  const toJson = (trace: Trace) => traceToJson(trace, clock.epoch());
  table.add(routes.listTraces, () => ({ items: recorder.traces().map(toJson) }));
  table.add(routes.startTrace, async ({ params, body }) => {
    const duration = body?.duration === undefined ? services.duration : parseDuration(body.duration);
    const trace = recorder.start(await subjectOf(services, params.subject), clock.epoch() + duration);
    if (trace === undefined) throw new Refusal('too-many-traces');
    return toJson(trace);
  });
  table.add(routes.showTrace, async ({ params }) => toJson(await traceOf(services, params.subject)));
  table.add(routes.stopTrace, async ({ params }) => {
    const trace = await traceOf(services, params.subject);
    if (trace.until > clock.epoch()) recorder.start(trace.subject, clock.epoch());
    return toJson(trace);
  });
  table.add(routes.removeTrace, async ({ params }) => {
    recorder.remove((await traceOf(services, params.subject)).subject);
  });
  table.add(routes.listTraceMessages, async ({ params, query }) => {
    const trace = await traceOf(services, params.subject);
    const limit = query.limit ?? 200;
    const items = [];
    for (const [frame, dissected] of matching(trace, query.after ?? 0, query, dissector)) {
      if (items.length === limit) return { items, next: items.at(-1)!.number };
      items.push(headToJson(frame, dissected));
    }
    return { items };
  });
  table.add(routes.showTraceMessage, async ({ params }) => {
    const frame = (await traceOf(services, params.subject)).frame(params.number);
    if (frame === undefined) throw new Refusal('not-found', { detail: 'The message is no longer kept, or never was.' });
    return detailToJson(frame, dissector);
  });
  addFollowing(table, services);
  table.add(routes.exportTrace, async (request) => {
    const { params, query, reply, actor } = request;
    const trace = await traceOf(services, params.subject);
    if (query.secrets && !(actor && roleCovers(actor.role, 'admin'))) {
      throw new Refusal('forbidden', { detail: 'The keys of sessions are for admins.' });
    }
    if (query.secrets && !services.hasKeyLog) throw new Refusal('key-log-off');
    const frames = [...matching(trace, 0, query, dissector)];
    const titles = new Map(frames);
    const blocks = encodePcapng(titles.keys(), {
      wire: query.wire ?? false,
      decrypted: query.decrypted ?? false,
      secrets: query.secrets ? recorder.secrets : [],
      commentOf: (frame) => commentOf(frame, titles.get(frame)!),
    });
    reply
      .header('content-disposition', `attachment; filename="${fileName(params.subject)}"`)
      .type('application/octet-stream');
    return Buffer.concat([...blocks]) as unknown as string;
  });
}

/** A name that is one on every system, whatever the device is called. */
function fileName(subject: string): string {
  const name = subject === '*' ? 'everything' : subject.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 100);
  return `${name}.pcapng`;
}

/** What the bytes do not say: what became of the message, what it is about, over what it came. */
function commentOf(frame: Frame, { title, operation, path, pathName }: DissectedFrame): string {
  if (frame.event !== undefined) return `${frame.transport}: ${title}`;
  const about = [operation, path, pathName && `(${pathName})`].filter(Boolean).join(' ');
  const over = frame.transport === 'coap' ? '' : `over ${frame.transport}`;
  return [frame.note, about, over].filter(Boolean).join('; ');
}

type Filter = Pick<RouteQuery<typeof routes.listTraceMessages>, 'direction' | 'device' | 'unknown' | 'search'>;

function* matching(
  trace: Trace,
  after: number,
  filter: Filter,
  dissector: Dissector,
): Generator<readonly [Frame, DissectedFrame]> {
  for (const frame of trace.after(after)) {
    const dissected = match(frame, filter, dissector);
    if (dissected !== undefined) yield [frame, dissected];
  }
}

/** The frame taken apart, when it is one that is looked for. */
function match(frame: Frame, filter: Filter, dissector: Dissector): DissectedFrame | undefined {
  if (filter.direction !== undefined && frame.direction !== filter.direction) return undefined;
  if (filter.device !== undefined && frame.device !== filter.device) return undefined;
  if (filter.unknown && frame.device !== undefined) return undefined;
  const dissected = dissector.dissect(frame);
  const search = filter.search?.toLowerCase();
  if (search === undefined) return dissected;
  const { title, pathName = '' } = dissected;
  return [title, pathName, frame.note ?? '', frame.peer, frame.device ?? ''].some((text) =>
    text.toLowerCase().includes(search),
  )
    ? dissected
    : undefined;
}

function addFollowing(table: RouteTable, services: TraceServices): void {
  let readers = 0;
  table.add(routes.followTrace, async (request) => {
    const trace = await traceOf(services, request.params.subject);
    if (hasLeft(request.reply)) return undefined as never;
    if (readers >= maximumReaders) throw new Refusal('too-many-streams');
    readers++;
    follow(request, trace, services, () => readers--);
    return undefined as never; // the reply is ours now
  });
  table.add(routes.followTraces, async (request) => {
    const traces = new Map<string, Trace>();
    for (const name of new Set(request.query.subject)) {
      const trace = await traceOf(services, name).catch(() => undefined); // it may begin later
      if (trace !== undefined) traces.set(name, trace);
    }
    if (hasLeft(request.reply)) return undefined as never;
    if (readers >= maximumReaders) throw new Refusal('too-many-streams');
    readers++;
    followSeveral(request, { services, traces, onGone: () => readers-- });
    return undefined as never; // the reply is ours now
  });
}

function follow(
  request: RouteRequest<typeof routes.followTrace>,
  trace: Trace,
  services: TraceServices,
  onGone: () => void,
): void {
  const { dissector, recorder } = services;
  const stream = beginTraceStream(request, services, () => recorder.trace(trace.subject) === trace);
  const send = (frame: Frame) => {
    if (match(frame, request.query, dissector) === undefined) return;
    stream.send(String(frame.number), detailToJson(frame, dissector));
  };
  const last = Number(request.headers['last-event-id'] ?? request.query.after ?? 0);
  for (const frame of trace.after(Number.isInteger(last) ? last : 0)) send(frame);
  const stopListening = trace.listen(send);
  request.reply.raw.once('close', () => {
    stopListening();
    onGone();
  });
}

/** Traces that begin later are followed from their first message on. */
function followSeveral(
  request: RouteRequest<typeof routes.followTraces>,
  { services, traces, onGone }: { services: TraceServices; traces: ReadonlyMap<string, Trace>; onGone: () => void },
): void {
  const { dissector, recorder } = services;
  const stream = beginTraceStream(request, services, () => true);
  const stops = new Map<string, () => void>();
  const listen = (subject: string, trace: Trace) => {
    stops.get(subject)?.();
    const hear = (frame: Frame) =>
      stream.send('', { subject, message: headToJson(frame, dissector.dissect(frame)) } satisfies JsonFollowedMessage);
    stops.set(subject, trace.listen(hear));
  };
  for (const [subject, trace] of traces) listen(subject, trace);
  const stopWaiting = recorder.onBegun((trace) => {
    for (const subject of request.query.subject) if (isCalled(trace.subject, subject)) listen(subject, trace);
  });
  request.reply.raw.once('close', () => {
    stopWaiting();
    for (const stop of stops.values()) stop();
    onGone();
  });
}

function isCalled(subject: TraceSubject, name: string): boolean {
  return subject === 'everything' ? name === '*' : subject.endpoint === name || subject.key === name;
}

/** A stream with its heartbeat. @param goesOn asked at each beat */
function beginTraceStream(
  request: Pick<RouteRequest<typeof routes.followTrace>, 'headers' | 'reply'>,
  services: TraceServices,
  goesOn: () => boolean,
): { readonly send: (id: string, data: object) => void } {
  const { timers } = services;
  const { raw } = request.reply;
  beginEventStream(request.reply);
  raw.write(heartbeatFrame);
  const end = () => (raw.writableLength > 0 ? raw.destroy() : raw.end());
  const isStillGood = (headers: CredentialHeaders) => services.isStillGood(headers, routes.followTrace.role);
  const stopChecking = endWithToken(request, { timers, isStillGood }, end);
  let timer: Timer;
  const beat = () => {
    if (!goesOn()) return void end();
    raw.write(heartbeatFrame);
    timer = timers.schedule(heartbeat, beat);
  };
  timer = timers.schedule(heartbeat, beat);
  raw.once('close', () => {
    timer.cancel();
    stopChecking();
  });
  raw.on('error', () => raw.destroy());
  return {
    send: (id, data) => {
      // It may come back and list what it missed when it has caught its breath.
      if (raw.writableLength > maximumUnread) end();
      else raw.write(encodeEventFrame({ id, event: 'message', data: JSON.stringify(data) }));
    },
  };
}

async function subjectOf({ fleet }: TraceServices, name: string): Promise<TraceSubject> {
  if (name === '*') return 'everything';
  const found = await fleet.find(name);
  if (found === undefined) throw new Refusal('device-unknown');
  const { key, endpoint } = found.device;
  return { key, endpoint: found.registration?.endpoint ?? endpoint ?? key };
}

async function traceOf(services: TraceServices, name: string): Promise<Trace> {
  const subject =
    name === '*' ? 'everything' : await subjectOf(services, name).catch(() => ({ endpoint: name, key: name }));
  const trace = services.recorder.trace(subject);
  if (trace === undefined)
    throw new Refusal('not-found', { detail: 'Nothing is recorded of it; start a trace first.' });
  return trace;
}

function traceToJson({ subject, startedAt, until, size, bytes, forgotten }: Trace, now: number): JsonTrace {
  return {
    subject: subject === 'everything' ? '*' : subject.endpoint,
    recording: until > now,
    startedAt: timeToJson(startedAt),
    until: timeToJson(until),
    messages: size,
    bytes,
    forgotten,
  };
}
