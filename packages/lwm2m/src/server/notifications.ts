import { ContentFormat, type IncomingResponse } from '@yaolian/coap';
import { type Counter, failure, type Result, success } from '@yaolian/kernel';
import { type ContentError, decodePack, packTimeline } from '../formats/index.ts';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mPath } from '../path.ts';
import { decodeAnswer } from './answer-content.ts';
import type { ClientObservation } from './client-observation.ts';
import { viewOf } from './client-view.ts';
import { pathsWithin } from './composite-operations.ts';
import type { ServerContext } from './context.ts';
import type { NotificationEvent, SentValues } from './events.ts';
import type { Registration } from './registration.ts';
import { valuesOf } from './taken-values.ts';

/** Reads notifications (OMA-TS-LightweightM2M_Core 1.1 §6.4.2) and tells what they hold. */
export class Notifications {
  readonly #context: ServerContext;
  readonly #read: Counter;
  readonly #malformed: Counter;
  readonly #lost: Counter;
  /** What the last notifications wait for: those of a turn share it. */
  #storing: Promise<void> | undefined;
  /** The end of that, well or not. */
  #settled: Promise<void> | undefined;

  constructor(context: ServerContext) {
    this.#context = context;
    const help = 'Notifications by outcome';
    this.#read = context.meter.counter('lwm2m_notifications_total', help, { outcome: 'read' });
    this.#malformed = context.meter.counter('lwm2m_notifications_total', help, { outcome: 'malformed' });
    this.#lost = context.meter.counter('lwm2m_values_lost_total', 'Commits of notified or read values that failed');
  }

  /**
   * @returns what it is to be acknowledged after: the commit of its values. One that fails counts too: the terminal can do nothing about
   * it, and would give the observation up (RFC 7641 §4.5).
   */
  receive(observed: ClientObservation, response: IncomingResponse): Promise<void> | undefined {
    const { client, record: observation } = observed;
    const { registration } = client;
    const { contentFormat } = response;
    this.#context.contacts.heard(client);
    const { model } = viewOf(client, this.#context.links, this.#context.model);
    const time = this.#context.clock.epoch();
    const read = observation.composite
      ? readComposite(observed, response, model)
      : readSingle(observed.paths[0]!, response, model);
    if (!read.ok) {
      this.#malformed.add();
      const { message } = read.error;
      const type = 'notification-malformed';
      this.#context.events.push({ type, time, registration, observation, contentFormat, message });
      return undefined;
    }
    this.#read.add();
    const { events } = this.#context;
    const told = read.value.map(({ path, values }): NotificationEvent => {
      const { node } = values.at(-1)!;
      return { type: 'notification', time, registration, observation, path, node, values, contentFormat };
    });
    for (const event of told) events.store(event);
    const stored = this.#take(registration, time, read.value);
    for (const event of told) events.push(event, stored);
    return stored && this.#settled;
  }

  /** A notification that cannot be stored is told all the same: who looks on gains nothing by not hearing of it. */
  #take(registration: Registration, time: number, nodes: readonly SentValues[]): Promise<void> | undefined {
    const { takeValues } = this.#context;
    const stored = takeValues?.({ source: 'notified', time, registration, values: valuesOf(nodes) });
    if (!(stored instanceof Promise)) return undefined;
    if (stored !== this.#storing) {
      this.#storing = stored;
      this.#settled = stored.catch((error: unknown) => {
        this.#lost.add();
        this.#context.log.error('notified values were not stored', { error });
      });
    }
    return stored;
  }
}

function readSingle(
  path: Lwm2mPath,
  { contentFormat, payload }: IncomingResponse,
  model: ObjectModel,
): Result<readonly SentValues[], ContentError> {
  const decoded = decodeAnswer(contentFormat, path, payload, model);
  return decoded.ok ? success([{ path, values: decoded.value }]) : decoded;
}

function readComposite(
  { record, paths }: ClientObservation,
  { contentFormat, payload }: IncomingResponse,
  model: ObjectModel,
): Result<readonly SentValues[], ContentError> {
  const pack = decodePack(contentFormat ?? record.accept ?? ContentFormat.SenmlCbor, payload, model);
  if (!pack.ok) return pack;
  const read: SentValues[] = [];
  for (const path of pathsWithin(pack.value, paths)) {
    const timeline = packTimeline(pack.value, path, model);
    if (!timeline.ok) return failure(timeline.error);
    if (timeline.value.length > 0) read.push({ path, values: timeline.value });
  }
  return success(read);
}
