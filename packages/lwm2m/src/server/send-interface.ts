import { Code, type IncomingRequest, type OutgoingResponse } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import {
  type ContentError,
  type DecodeOptions,
  decodePack,
  decodePackValues,
  isValuePackFormat,
  packTimeline,
  type TimedValue,
} from '../formats/index.ts';
import { gatewayObject, type ObjectModel, objectAt } from '../model.ts';
import { formatPath, type Lwm2mPath, PathLevel, truncatePath } from '../path.ts';
import { type ClientView, viewOf } from './client-view.ts';
import type { ServerContext } from './context.ts';
import type { SentEvent, SentValues } from './events.ts';
import { notAllowed, type Refusal, refusalResponse, refuse } from './refusal.ts';
import type { RegisteredClient } from './registered-client.ts';
import type { Registration } from './registration.ts';
import { RequestCounters } from './request-counters.ts';

/** The path that a Send goes to (OMA-TS-LightweightM2M_Transport 1.1 §6.4.5). */
export const sendPath = 'dp';

/**
 * The Send operation (OMA-TS-LightweightM2M_Core 1.1 §6.4.6): `POST /dp` with a pack of values, of one moment or of several.
 * Which client it is of, its address or session says.
 */
export class SendInterface {
  readonly #context: ServerContext;
  readonly #counters: RequestCounters;

  constructor(context: ServerContext) {
    this.#context = context;
    this.#counters = new RequestCounters(context.meter);
  }

  handle(request: IncomingRequest): OutgoingResponse | Promise<OutgoingResponse> | undefined {
    if (request.multicast) return undefined;
    if (request.method !== Code.POST) return sendsOnly;
    const client = this.#context.table.byPeer(request.peer);
    if (client) this.#context.contacts.heard(client);
    const read = client ? this.#read(client, request) : notRegistered;
    if (!client || !read.ok) return this.#refuse(request, client, read as { readonly error: Refusal });
    const { sent, values } = read.value;
    const { time, registration } = sent;
    this.#context.events.store(sent);
    const taken = this.#context.takeValues?.({ source: 'sent', time, registration, values });
    return taken instanceof Promise ? this.#afterTaking(taken, client, request, sent) : this.#done(sent);
  }

  async #afterTaking(
    taken: Promise<void>,
    client: RegisteredClient,
    request: IncomingRequest,
    sent: SentEvent,
  ): Promise<OutgoingResponse> {
    try {
      await taken;
    } catch (error) {
      this.#context.log.error('sent values were not taken', { endpoint: client.registration.endpoint, error });
      const { retryAfter } = this.#context.behaviour;
      return this.#refuse(
        request,
        client,
        refuse(Code.ServiceUnavailable, 'store-failed', 'try again later', retryAfter),
      );
    }
    return this.#done(sent);
  }

  #done(sent: SentEvent): OutgoingResponse {
    this.#counters.count('send', 'done');
    this.#context.events.push(sent);
    return changed;
  }

  #refuse(
    { peer }: IncomingRequest,
    client: RegisteredClient | undefined,
    { error }: { readonly error: Refusal },
  ): OutgoingResponse {
    const { code, reason, message } = error;
    const endpoint = client?.registration.endpoint;
    this.#counters.count('send', reason);
    const time = this.#context.clock.epoch();
    const { address } = peer;
    this.#context.events.push({ type: 'refused', time, request: 'send', address, endpoint, code, reason, message });
    return refusalResponse(error);
  }

  #read(client: RegisteredClient, request: IncomingRequest): Result<ReadSend, Refusal> {
    const { registration } = client;
    const { limits, links, clock } = this.#context;
    const { contentFormat, payload } = request;
    // Core 1.1 and 1.2 §6.4.6: a Send reports values.
    if (contentFormat === undefined || !isValuePackFormat(contentFormat)) {
      const message = 'a Send is SenML JSON (110), SenML CBOR (112) or LwM2M CBOR (11544)';
      return refuse(Code.UnsupportedContentFormat, 'content-format', message);
    }
    const view = viewOf(client, links, this.#context.model);
    const bounds = { maximumBytes: limits.maximumSendBytes, maximumEntries: limits.maximumSendValues };
    const values = decodePackValues(contentFormat, payload, view.model, bounds);
    if (!values.ok) return malformed(values.error);
    const instances = instancesOf(values.value, view);
    if (!instances.ok) return instances;
    const time = clock.epoch();
    const read = { time, registration, instances: instances.value, contentFormat };
    // The payload may be a piece of memory that many requests share.
    const sent = new ReceivedSend({ ...read, payload: payload.slice() }, view.model, bounds);
    return success({ sent, values: values.value });
  }
}

interface ReadSend {
  readonly sent: SentEvent;
  readonly values: readonly TimedValue[];
}

/** A Send that was read without a fault, as others hear of it. */
class ReceivedSend implements SentEvent {
  readonly type = 'sent';
  readonly time: number;
  readonly registration: Registration;
  readonly instances: readonly Lwm2mPath[];
  readonly contentFormat: number;
  readonly payload: Uint8Array;
  readonly #model: ObjectModel;
  readonly #bounds: DecodeOptions;
  /** As long as somebody has them, or memory is not short. */
  #values: WeakRef<readonly SentValues[]> | undefined;

  constructor(told: Omit<SentEvent, 'type' | 'values'>, model: ObjectModel, bounds: DecodeOptions) {
    this.time = told.time;
    this.registration = told.registration;
    this.instances = told.instances;
    this.contentFormat = told.contentFormat;
    this.payload = told.payload;
    this.#model = model;
    this.#bounds = bounds;
  }

  get values(): readonly SentValues[] {
    const known = this.#values?.deref();
    if (known) return known;
    const values = this.#readValues();
    this.#values = new WeakRef(values);
    return values;
  }

  #readValues(): readonly SentValues[] {
    const pack = decodePack(this.contentFormat, this.payload, this.#model, this.#bounds);
    if (!pack.ok) throw new Error(`what was read cannot be read again: ${pack.error.message}`);
    return this.instances.map((path) => {
      const timeline = packTimeline(pack.value, path, this.#model);
      if (!timeline.ok) throw new Error(`what was read cannot be read again: ${timeline.error.message}`);
      return { path, values: timeline.value };
    });
  }
}

const changed: OutgoingResponse = Object.freeze({ code: Code.Changed });

const sendsOnly = notAllowed('terminals send values here, with POST');

const notRegistered = refuse(Code.NotFound, 'not-registered', 'nobody is registered from here; register again');

function malformed({ code, message }: ContentError): ReturnType<typeof refuse> {
  const isTooLarge = code === 'too-large';
  return refuse(
    isTooLarge ? Code.RequestEntityTooLarge : Code.BadRequest,
    isTooLarge ? 'too-large' : 'malformed',
    message,
  );
}

/**
 * The object instances that values are of, in the order in which they come. Resources that no definition knows are taken, and so are
 * values beyond a range, which binds what is written: the terminal tells what it has. What no server can read is not: nothing with a key in it is kept.
 */
function instancesOf(
  values: readonly TimedValue[],
  { links, model }: ClientView,
): Result<readonly Lwm2mPath[], Refusal> {
  if (values.length === 0) return refuse(Code.BadRequest, 'empty', 'the Send holds no values');
  const instances = new Map<number | string, Lwm2mPath>();
  let of: Lwm2mPath | undefined;
  let definition: ReturnType<typeof objectAt>;
  for (const { path } of values) {
    if (path.objectId !== of?.objectId || path.prefix !== of?.prefix) {
      of = path;
      definition = objectAt(model, path);
    }
    const resource = definition?.resources.get(path.resourceId!);
    if (resource && !resource.readable) {
      const what = resource.executable ? 'is executable and has no value' : 'is not readable';
      return refuse(Code.BadRequest, 'not-readable', `${formatPath(path)} ${what}`);
    }
    const instance = path.objectId! * 65_536 + path.objectInstanceId!;
    const key = path.prefix === undefined ? instance : `${path.prefix}/${instance}`;
    if (instances.has(key)) continue;
    // 1.1 §6.4.6: 4.04 when the client reports on an object that it did not register. What devices behind a gateway have is
    // never registered (OMA-TS-LWM2M_Gateway 1.1 §8.3.3).
    const objectId = path.prefix === undefined ? path.objectId! : gatewayObject;
    if (links.objects.size > 0 && !links.objects.has(objectId)) {
      return refuse(Code.NotFound, 'object-unknown', `object ${objectId} is not in the registration`);
    }
    instances.set(key, truncatePath(path, PathLevel.ObjectInstance));
  }
  return success([...instances.values()]);
}
