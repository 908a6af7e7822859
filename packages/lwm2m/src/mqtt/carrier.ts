import {
  Code,
  coapErrors,
  findUint,
  isRequestCode,
  isSuccess,
  type Message,
  MessageType,
  type Option,
  OptionNumber,
  type TapSlot,
  textOption,
  uintOption,
} from '@yaolian/coap';
import {
  type Delivery,
  type DeliveryListener,
  decodeMessage,
  encodeMessage,
  type InboundRequest,
  type MessageCarrier,
  type MessageReceiver,
  type MessageSizing,
  type OutgoingMessage,
  streamSizing,
} from '@yaolian/coap/messaging';
import {
  emptyBytes,
  encodeUtf8,
  type Log,
  type Meter,
  type MeterLabels,
  type MqttPort,
  type Peer,
} from '@yaolian/kernel';
import { optionsOfRequest, type PlainRequest, plainRequest } from './coap-parts.ts';
import { downlinkOperation, downlinkRequest, type Operated } from './downlink.ts';
import { decodeMqttMessage, encodeMqttMessage, type MqttMessage, MqttOperation } from './message.ts';
import { type MqttMetrics, mqttMetrics } from './metrics.ts';
import { ObservedRequests } from './observed-requests.ts';
import { codeOfResult, resultOfCode } from './results.ts';
import { MqttPeer, type MqttTopics } from './topics.ts';
import { registrationLocation, uplinkOperation, uplinkRequest } from './uplink.ts';

/** Every bound of LwM2M over MQTT. */
export interface MqttBounds {
  /** One message in either direction; larger ones are refused. Default 1 MiB. */
  readonly maximumMessageBytes: number;
  /** Messages that the broker does not have yet; beyond it nothing more is sent. Default 10,000. */
  readonly maximumUnsent: number;
  /** Observations whose requests a terminal remembers, to end them; beyond it the oldest is forgotten. Default 1000. */
  readonly maximumObserved: number;
}

export const defaultMqttBounds: MqttBounds = {
  maximumMessageBytes: 1024 * 1024,
  maximumUnsent: 10_000,
  maximumObserved: 1_000,
};

export interface MqttCarrierOptions {
  readonly port: MqttPort;
  readonly topics: MqttTopics;
  /** Whose end this is: that of servers, or of a terminal. */
  readonly role: 'server' | 'terminal';
  /** Where the terminal of a topic is registered. Of a server. */
  readonly locationOf: (peer: Peer) => readonly string[] | undefined;
  readonly bounds: MqttBounds;
  readonly log: Log;
  readonly meter: Meter;
  readonly labels: MeterLabels;
  readonly tap: TapSlot;
}

/** Operations that servers ask for: on their own end they are what they published themselves (§8.3: one topic for both). */
const ofServers: Readonly<Record<MqttPeer['interface'], ReadonlySet<number>>> = {
  bs: new Set([1, 2, 3, 4, 5]),
  rd: new Set([9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22]),
};
const ofTerminals: typeof ofServers = { bs: new Set([0, 6]), rd: new Set([6, 7, 8, 23, 24]) };

type Asked = 'observe' | 'register' | 'other';

/** What is remembered of a request of ours until it is answered or given up; of an observation, until it ends. */
interface OwnRequest {
  readonly asked: Asked;
  readonly peer: Peer;
  /** Absent: it was answered. */
  listener: DeliveryListener | undefined;
}

/** The lower half of an endpoint of LwM2M over MQTT (OMA-TS-LightweightM2M_Transport 1.2 §8). */
export class MqttCarrier implements MessageCarrier {
  readonly #options: MqttCarrierOptions;
  readonly #receiver: MessageReceiver;
  readonly #metrics: MqttMetrics;
  readonly #sizing: MessageSizing;
  readonly #asked = new Map<string, OwnRequest>();
  readonly #observed: ObservedRequests;
  #unsent = 0;
  #sequence = 0;
  #closed = false;

  constructor(options: MqttCarrierOptions, receiver: MessageReceiver) {
    const { bounds, port, meter, labels } = options;
    this.#options = options;
    this.#receiver = receiver;
    this.#metrics = mqttMetrics(meter, labels);
    this.#observed = new ObservedRequests(bounds.maximumObserved);
    const { maximumMessageBytes } = bounds;
    this.#sizing = streamSizing({ maximumMessageBytes, bert: false, blockSize: undefined });
    meter.gauge('lwm2m_mqtt_unsent_messages', 'Messages that the broker does not have yet', () => this.#unsent, labels);
    port.listen(
      (topic, payload) => this.#onPublished(topic, payload),
      (why) => this.#onLost(why),
    );
  }

  sizing(): MessageSizing {
    return this.#sizing;
  }

  send(peer: Peer, message: OutgoingMessage, _confirmable: boolean, listener?: DeliveryListener): Delivery | undefined {
    if (!(peer instanceof MqttPeer) || this.#isFull()) return undefined;
    if (isRequestCode(message.code)) return this.#ask(peer, message, listener);
    return this.#publish(peer, this.#furtherResponse(peer, message), message, listener);
  }

  sendToGroup(): boolean {
    return false;
  }

  ping(peer: Peer, listener: DeliveryListener): Delivery {
    let cancelled = false;
    const fail = () =>
      listener.onFailed(coapErrors.COAP_CONNECT_FAILED(peer.key, 'MQTT has no ping between its clients'));
    queueMicrotask(() => !cancelled && fail());
    return {
      cancel: () => {
        cancelled = true;
      },
    };
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#options.port.close();
  }

  #isFull(): boolean {
    return this.#closed || this.#unsent >= this.#options.bounds.maximumUnsent;
  }

  // --- requests of ours

  #ask(peer: MqttPeer, message: OutgoingMessage, listener: DeliveryListener | undefined): Delivery {
    const request = plainRequest(message.code, message.options, message.payload);
    const operated = this.#operation(peer, message, request);
    if ('code' in operated) return this.#answerOurselves(peer, message, operated.code, operated.message);
    const key = `${peer.key} ${tokenNumber(message.token)}`;
    this.#asked.set(key, { asked: askedFor(operated.operation, peer, this.#options.role), peer, listener });
    const delivery = this.#publish(peer, { ...operated, token: tokenNumber(message.token) }, message, listener);
    return {
      cancel: () => {
        this.#asked.delete(key);
        delivery.cancel();
      },
    };
  }

  #operation(
    peer: MqttPeer,
    { options }: OutgoingMessage,
    request: PlainRequest,
  ): Operated | { readonly code: number; readonly message: string } {
    // A body that does not fit: there are no blocks in §8.
    if (findUint(options, OptionNumber.Block1) !== undefined) {
      const { maximumMessageBytes } = this.#options.bounds;
      const message = `over MQTT a body comes whole, in a message of ${maximumMessageBytes} bytes at most`;
      return { code: Code.RequestEntityTooLarge, message };
    }
    if (this.#options.role === 'terminal') {
      const operation = uplinkOperation(request);
      return operation.ok ? operation.value : operation.error;
    }
    const operation = downlinkOperation(request, peer.interface);
    return operation.ok ? operation.value : { code: Code.NotImplemented, message: operation.error };
  }

  /** What MQTT cannot carry is answered here, as a peer answers who cannot do it. */
  #answerOurselves(peer: MqttPeer, { token }: OutgoingMessage, code: number, text: string): Delivery {
    let cancelled = false;
    queueMicrotask(() => {
      if (!cancelled) this.#receiver.onResponse(messageOf(code, token, [], encodeUtf8(text)), peer);
    });
    return {
      cancel: () => {
        cancelled = true;
      },
    };
  }

  // --- responses of ours

  /** A notification, or the error that ends an observation. */
  #furtherResponse(peer: MqttPeer, message: OutgoingMessage): MqttMessage {
    const token = tokenNumber(message.token);
    const content = contentOf(message.options, message.payload);
    if (isSuccess(message.code)) return { operation: MqttOperation.Notify, token, ...content };
    this.#observed.forget(peer, token);
    return { result: resultOfCode(message.code), token, ...content };
  }

  /** @internal The answer to a request that came. */
  answer(
    request: InboundMqttRequest,
    code: number,
    options: readonly Option[],
    payload: Uint8Array,
    listener: DeliveryListener | undefined,
  ): Delivery | undefined {
    const { peer, token, observes } = request;
    if (observes !== undefined) {
      const isTakenOn = isSuccess(code) && findUint(options, OptionNumber.Observe) !== undefined;
      if (isTakenOn) this.#observed.note(peer, token, observes);
      // A plain answer would be taken for the first notification (table 8.5-5: 503).
      else if (isSuccess(code)) return this.#reply(peer, token, Code.ServiceUnavailable, [], emptyBytes);
    }
    return this.#reply(peer, token, code, options, payload, listener);
  }

  #reply(
    peer: MqttPeer,
    token: bigint,
    code: number,
    options: readonly Option[],
    payload: Uint8Array,
    listener?: DeliveryListener,
  ): Delivery | undefined {
    if (this.#isFull()) {
      this.#metrics.dropped('no room to answer');
      return undefined;
    }
    const message = { code, token: tokenBytes(token), options, payload };
    // There are no blocks in §8.
    if (findUint(options, OptionNumber.Block2) !== undefined) {
      return this.#publish(peer, { result: resultOfCode(Code.RequestEntityTooLarge), token }, message, listener);
    }
    return this.#publish(
      peer,
      { result: resultOfCode(code), token, ...contentOf(options, payload) },
      message,
      listener,
    );
  }

  // --- both

  #publish(
    peer: MqttPeer,
    message: MqttMessage,
    coap: OutgoingMessage,
    listener: DeliveryListener | undefined,
  ): Delivery {
    let cancelled = false;
    const settle = (tell: () => void) => {
      this.#unsent--;
      if (!cancelled) tell();
    };
    this.#unsent++;
    this.#metrics.sent.add();
    this.#options.tap.current?.onSent(bytesOf(coap.code, coap.token, coap.options, coap.payload), peer, 'first');
    this.#options.port.publish(peer.topic, encodeMqttMessage(message)).then(
      () => settle(() => listener?.onAcknowledged()),
      (error: Error) => {
        this.#metrics.dropped('not published');
        settle(() => listener?.onFailed(this.#failureOf(peer, message, error)));
      },
    );
    return {
      cancel: () => {
        cancelled = true;
      },
    };
  }

  /** That the broker is away says nothing of who observes: a notification waits, and the news of then is sent. */
  #failureOf({ key }: MqttPeer, message: MqttMessage, error: Error) {
    const waits = message.operation === MqttOperation.Notify || message.result !== undefined;
    return waits ? coapErrors.COAP_OVERLOADED(error.message) : coapErrors.COAP_CONNECT_FAILED(key, error.message);
  }

  /** Answers that are published now do not come: who waits need not wait for the end of its time. */
  #onLost(why: string): void {
    for (const { peer, listener } of [...this.#asked.values()]) {
      listener?.onFailed(coapErrors.COAP_CONNECT_FAILED(peer.key, why));
    }
  }

  #onPublished(topic: string, payload: Uint8Array): void {
    if (this.#closed) return;
    const { topics, port, bounds, log } = this.#options;
    this.#metrics.received.add();
    const peer = topics.peer(topic, port.remoteAddress);
    if (peer === undefined) {
      this.#metrics.dropped('other topic');
      return;
    }
    const decoded = decodeMqttMessage(payload, bounds.maximumMessageBytes);
    if (decoded.ok) {
      this.#onMessage(peer, decoded.value);
      return;
    }
    const { reason, message, request } = decoded.error;
    this.#metrics.dropped(reason);
    log.debug('a message over MQTT was dropped', { topic, reason: message });
    if (request && !this.#isEcho(peer, request.operation)) {
      this.#reply(peer, request.token, Code.BadRequest, [], encodeUtf8(message));
    }
  }

  #isEcho(peer: MqttPeer, operation: number): boolean {
    return (this.#options.role === 'server' ? ofServers : ofTerminals)[peer.interface].has(operation);
  }

  #onMessage(peer: MqttPeer, message: MqttMessage): void {
    if (message.result !== undefined) this.#onResult(peer, message.result, message);
    else if (this.#isEcho(peer, message.operation)) this.#metrics.echoes.add();
    else if (this.#options.role === 'terminal') this.#onDownlink(peer, message);
    else if (message.operation === MqttOperation.Notify && peer.interface === 'rd') this.#onNotify(peer, message);
    else this.#onUplink(peer, message);
  }

  #onResult(peer: MqttPeer, result: number, message: MqttMessage): void {
    const code = codeOfResult(result);
    const request = this.#asked.get(`${peer.key} ${message.token}`);
    if (request) request.listener = undefined;
    const asked = isSuccess(code) ? request?.asked : undefined;
    const options = [
      ...(asked === 'observe' ? [this.#nextSequence()] : []),
      // §8.2: the topic is the location; the upper half wants one that has a form.
      ...(asked === 'register' ? registrationLocation.map((part) => textOption(OptionNumber.LocationPath, part)) : []),
      ...formatOption(message.contentFormat),
    ];
    const response = this.#received(peer, code, message, options);
    // Nobody waits: an echo of what we answered, or an answer that came too late.
    if (!this.#receiver.onResponse(response, peer)) this.#metrics.dropped('nobody waits');
  }

  #onNotify(peer: MqttPeer, message: MqttMessage): void {
    const options = [this.#nextSequence(), ...formatOption(message.contentFormat)];
    const response = this.#received(peer, Code.Content, message, options);
    if (this.#receiver.onResponse(response, peer)) return;
    this.#metrics.dropped('unknown observation');
    // What a Reset is over UDP (RFC 7641 §3.6): the terminal is told that nobody observes.
    const { token } = message;
    const cancel = { code: Code.GET, token: tokenBytes(token), options: [], payload: emptyBytes };
    if (!this.#isFull()) this.#publish(peer, { operation: MqttOperation.CancelObserve, token }, cancel, undefined);
  }

  #onUplink(peer: MqttPeer, message: MqttMessage & { readonly operation: number }): void {
    const request = uplinkRequest(message, peer, () => this.#options.locationOf(peer));
    if (request.ok) this.#onRequest(peer, message, request.value);
    else this.#reply(peer, message.token, request.error.code, [], encodeUtf8(request.error.message));
  }

  #onDownlink(peer: MqttPeer, message: MqttMessage & { readonly operation: number }): void {
    const { operation, token } = message;
    if (operation === MqttOperation.CancelObserve && peer.interface === 'rd') {
      const observed = this.#observed.forget(peer, token);
      if (observed) this.#onRequest(peer, message, { ...observed, observe: 1 });
      else this.#reply(peer, token, Code.NotFound, [], encodeUtf8('there is no observation with this token'));
      return;
    }
    const request = downlinkRequest(message, peer.interface);
    if (request) {
      this.#onRequest(peer, message, request, request.observe === 0 ? request : undefined);
      return;
    }
    const isKnown = (Object.values(MqttOperation) as number[]).includes(operation);
    const code = isKnown ? Code.BadRequest : Code.NotImplemented;
    this.#reply(peer, token, code, [], encodeUtf8(`operation ${operation} has no place on this topic`));
  }

  #onRequest(peer: MqttPeer, { token }: MqttMessage, request: PlainRequest, observes?: PlainRequest): void {
    const message = messageOf(request.method, tokenBytes(token), optionsOfRequest(request), request.payload);
    this.#options.tap.current?.onReceived(message.bytes, peer, false);
    this.#receiver.onRequest(new InboundMqttRequest(this, peer, token, message, observes));
  }

  #received(peer: MqttPeer, code: number, { token, payload }: MqttMessage, options: readonly Option[]): Message {
    const message = messageOf(code, tokenBytes(token), options, payload ?? emptyBytes);
    this.#options.tap.current?.onReceived(message.bytes, peer, false);
    return message;
  }

  /** RFC 7641 §3.4: what the broker delivers is in order, so each is newer than the one before. */
  #nextSequence(): Option {
    this.#sequence = (this.#sequence + 1) & 0xff_ffff;
    return uintOption(OptionNumber.Observe, this.#sequence);
  }
}

/** A request that came over MQTT, until it is answered. */
class InboundMqttRequest implements InboundRequest {
  readonly confirmable = true;
  readonly multicast = false;
  readonly peer: MqttPeer;
  readonly token: bigint;
  readonly message: Message;
  /** The request itself, where it asks to observe. */
  readonly observes: PlainRequest | undefined;
  readonly #carrier: MqttCarrier;
  #answered = false;

  constructor(
    carrier: MqttCarrier,
    peer: MqttPeer,
    token: bigint,
    message: Message,
    observes: PlainRequest | undefined,
  ) {
    this.#carrier = carrier;
    this.peer = peer;
    this.token = token;
    this.message = message;
    this.observes = observes;
  }

  respond(
    code: number,
    options: readonly Option[],
    payload: Uint8Array,
    listener?: DeliveryListener,
  ): Delivery | undefined {
    if (this.#answered) return undefined;
    this.#answered = true;
    return this.#carrier.answer(this, code, options, payload, listener);
  }

  ignore(): void {
    this.#answered = true;
  }

  reject(): void {
    this.respond(Code.BadRequest, [], emptyBytes);
  }
}

function askedFor(operation: number, { interface: of }: MqttPeer, role: MqttCarrierOptions['role']): Asked {
  if (role === 'terminal') return operation === MqttOperation.Register && of === 'rd' ? 'register' : 'other';
  const observes = operation === MqttOperation.Observe || operation === MqttOperation.ObserveComposite;
  return observes && of === 'rd' ? 'observe' : 'other';
}

function contentOf(options: readonly Option[], payload: Uint8Array): Pick<MqttMessage, 'contentFormat' | 'payload'> {
  const contentFormat = findUint(options, OptionNumber.ContentFormat);
  return { ...(contentFormat !== undefined && { contentFormat }), ...(payload.length > 0 && { payload }) };
}

function formatOption(contentFormat: number | undefined): Option[] {
  return contentFormat === undefined ? [] : [uintOption(OptionNumber.ContentFormat, contentFormat)];
}

/** §8.3: tokens are unsigned integers; those of CoAP are bytes, and here always eight. */
function tokenNumber(token: Uint8Array): bigint {
  let number = 0n;
  for (const byte of token) number = (number << 8n) | BigInt(byte);
  return number;
}

function tokenBytes(token: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, token);
  return bytes;
}

function bytesOf(code: number, token: Uint8Array, options: readonly Option[], payload: Uint8Array): Uint8Array {
  return encodeMessage({ type: MessageType.CON, code, messageId: 0, token, options, payload });
}

/** A message of CoAP that says the same. */
function messageOf(code: number, token: Uint8Array, options: readonly Option[], payload: Uint8Array): Message {
  const decoded = decodeMessage(bytesOf(code, token, options, payload));
  if (!decoded.ok) throw new Error(`a message that was just written cannot be read: ${decoded.error.reason}`);
  return decoded.value;
}
