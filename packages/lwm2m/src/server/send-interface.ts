import { Code, type IncomingRequest, type OutgoingResponse } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import { type ContentError, type DecodedPack, decodePack, isPackFormat, packTimeline } from '../formats/index.ts';
import type { Lwm2mPath } from '../path.ts';
import { type ClientView, viewOf } from './client-view.ts';
import type { ServerContext } from './context.ts';
import type { SentEvent, SentValues } from './events.ts';
import { type Refusal, refusalResponse, refuse } from './refusal.ts';
import type { RegisteredClient } from './registered-client.ts';
import { RequestCounters } from './request-counters.ts';

/** The path that a Send goes to (OMA-TS-LightweightM2M_Transport 1.1 §6.4.5). */
export const sendPath = 'dp';

/** What a Send means to whoever keeps the values. The client hears of success once it has resolved. */
export type TakeSent = (sent: SentEvent) => Promise<void> | void;

/**
 * The Send operation (OMA-TS-LightweightM2M_Core 1.1 §6.4.6): `POST /dp` with a pack of values, of one moment or of several.
 * Which client it is of, its address or session says.
 */
export class SendInterface {
  readonly #context: ServerContext;
  readonly #take: TakeSent | undefined;
  readonly #counters: RequestCounters;

  constructor(context: ServerContext, take: TakeSent | undefined) {
    this.#context = context;
    this.#take = take;
    this.#counters = new RequestCounters(context.meter);
  }

  handle(request: IncomingRequest): OutgoingResponse | Promise<OutgoingResponse> | undefined {
    if (request.multicast) return undefined;
    if (request.method !== Code.POST) return { code: Code.MethodNotAllowed };
    const client = this.#context.table.byPeer(request.peer);
    if (client) this.#context.contacts.heard(client);
    const sent = client ? this.#read(client, request) : notRegistered;
    if (!client || !sent.ok) return this.#refuse(request, client, sent as { readonly error: Refusal });
    const taken = this.#take?.(sent.value);
    return taken instanceof Promise ? this.#afterTaking(taken, client, request, sent.value) : this.#done(sent.value);
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

  #read({ registration }: RegisteredClient, request: IncomingRequest): Result<SentEvent, Refusal> {
    const { limits, links, clock } = this.#context;
    const { contentFormat, payload } = request;
    if (contentFormat === undefined || !isPackFormat(contentFormat)) {
      const message = 'a Send is SenML JSON (110), SenML CBOR (112) or LwM2M CBOR (11544)';
      return refuse(Code.UnsupportedContentFormat, 'content-format', message);
    }
    const view = viewOf(registration, links, this.#context.model);
    const bounds = { maximumBytes: limits.maximumSendBytes, maximumEntries: limits.maximumSendValues };
    const pack = decodePack(contentFormat, payload, view.model, bounds);
    if (!pack.ok) return malformed(pack.error);
    const values = instanceValues(pack.value, view);
    if (!values.ok) return values;
    return success({ type: 'sent', time: clock.epoch(), registration, values: values.value, contentFormat });
  }
}

const changed: OutgoingResponse = Object.freeze({ code: Code.Changed });

const notRegistered = refuse(Code.NotFound, 'not-registered', 'nobody is registered from here; register again');

function malformed({ code, message }: ContentError): ReturnType<typeof refuse> {
  const isTooLarge = code === 'too-large';
  return refuse(
    isTooLarge ? Code.RequestEntityTooLarge : Code.BadRequest,
    isTooLarge ? 'too-large' : 'malformed',
    message,
  );
}

/** The values by object instance, in the order in which they come. */
function instanceValues(pack: DecodedPack, { links, model }: ClientView): Result<readonly SentValues[], Refusal> {
  const byInstance = new Map<
    number,
    { readonly path: Lwm2mPath; readonly records: DecodedPack['records'][number][] }
  >();
  for (const record of pack.records) {
    const { objectId, objectInstanceId } = record.path;
    const key = objectId! * 65_536 + objectInstanceId!;
    const group = byInstance.get(key);
    if (group) group.records.push(record);
    else byInstance.set(key, { path: { objectId: objectId!, objectInstanceId: objectInstanceId! }, records: [record] });
  }
  if (byInstance.size === 0) return refuse(Code.BadRequest, 'empty', 'the Send holds no values');
  const values: SentValues[] = [];
  for (const { path, records } of byInstance.values()) {
    // 1.1 §6.4.6: 4.04 when the client reports on an object that it did not register.
    if (links.objects.size > 0 && !links.objects.has(path.objectId!)) {
      return refuse(Code.NotFound, 'object-unknown', `object ${path.objectId} is not in the registration`);
    }
    const timeline = packTimeline({ records, removals: [] }, path, model);
    if (!timeline.ok) return malformed(timeline.error);
    values.push({ path, values: timeline.value });
  }
  return success(values);
}
