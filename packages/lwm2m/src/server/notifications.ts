import { ContentFormat, type IncomingResponse } from '@yaolian/coap';
import { type Counter, failure, type Result, success } from '@yaolian/kernel';
import { type ContentError, decodePack, packTimeline, type TimedNode } from '../formats/index.ts';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mPath } from '../path.ts';
import { decodeAnswer } from './answer-content.ts';
import type { ClientObservation } from './client-observation.ts';
import { viewOf } from './client-view.ts';
import { pathsWithin } from './composite-operations.ts';
import type { ServerContext } from './context.ts';

/** What a path has, moment by moment, oldest first. */
type PathValues = readonly [path: Lwm2mPath, values: readonly TimedNode[]];

/** Reads notifications (OMA-TS-LightweightM2M_Core 1.1 §6.4.2) and tells what they hold. */
export class Notifications {
  readonly #context: ServerContext;
  readonly #read: Counter;
  readonly #malformed: Counter;

  constructor(context: ServerContext) {
    this.#context = context;
    const help = 'Notifications by outcome';
    this.#read = context.meter.counter('lwm2m_notifications_total', help, { outcome: 'read' });
    this.#malformed = context.meter.counter('lwm2m_notifications_total', help, { outcome: 'malformed' });
  }

  receive(observed: ClientObservation, response: IncomingResponse): void {
    const { client, record: observation } = observed;
    const { registration } = client;
    const { contentFormat } = response;
    this.#context.contacts.heard(client);
    const { model } = viewOf(registration, this.#context.links, this.#context.model);
    const time = this.#context.clock.epoch();
    const read = observation.composite
      ? readComposite(observed, response, model)
      : readSingle(observed.paths[0]!, response, model);
    if (!read.ok) {
      this.#malformed.add();
      const { message } = read.error;
      const type = 'notification-malformed';
      this.#context.events.push({ type, time, registration, observation, contentFormat, message });
      return;
    }
    this.#read.add();
    for (const [path, values] of read.value) {
      const { node } = values.at(-1)!;
      const type = 'notification';
      this.#context.events.push({ type, time, registration, observation, path, node, values, contentFormat });
    }
  }
}

function readSingle(
  path: Lwm2mPath,
  { contentFormat, payload }: IncomingResponse,
  model: ObjectModel,
): Result<readonly PathValues[], ContentError> {
  const decoded = decodeAnswer(contentFormat, path, payload, model);
  return decoded.ok ? success([[path, decoded.value]]) : decoded;
}

function readComposite(
  { record, paths }: ClientObservation,
  { contentFormat, payload }: IncomingResponse,
  model: ObjectModel,
): Result<readonly PathValues[], ContentError> {
  const pack = decodePack(contentFormat ?? record.accept ?? ContentFormat.SenmlCbor, payload, model);
  if (!pack.ok) return pack;
  const read: PathValues[] = [];
  for (const path of pathsWithin(pack.value, paths)) {
    const timeline = packTimeline(pack.value, path, model);
    if (!timeline.ok) return failure(timeline.error);
    if (timeline.value.length > 0) read.push([path, timeline.value]);
  }
  return success(read);
}
