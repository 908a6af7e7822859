import {
  type DissectedMessage,
  dissectFrame,
  dissectMessage,
  isRequestCode,
  type Message,
  OptionNumber,
} from '@yaolian/coap';
import { dissectDatagram } from '@yaolian/dtls';
import { type Dissection, encodeHex, escapeControls } from '@yaolian/kernel';
import type { ObjectModel } from '@yaolian/lwm2m';
import { formatPath } from '@yaolian/lwm2m';
import type { ClientReference, Lwm2mServer } from '@yaolian/lwm2m/server';
import { contentFields } from './content-fields.ts';
import { type Frame, isStream, isWebSocket } from './frame.ts';
import { innerDatagram } from './messages-of-frame.ts';
import { hasOption, targetOf } from './operation-name.ts';
import { pathName } from './path-name.ts';

/** A layer of a frame: what it is, in which bytes it stands, and its fields. */
export interface Layer {
  readonly name: string;
  readonly title: string;
  /** `wire` is the datagram as it was sent, `message` what DTLS had inside, `plaintext` what OSCORE had. */
  readonly bytes: 'wire' | 'message' | 'plaintext';
  readonly start: number;
  readonly end: number;
  readonly fields: readonly Dissection[];
}

export interface DissectedFrame {
  /** `CON GET Read /3/0/9`. */
  readonly title: string;
  /** LwM2M's word for the request, or for what a response answers. */
  readonly operation: string | undefined;
  readonly path: string | undefined;
  /** `Device / 0 / Battery Level`. */
  readonly pathName: string | undefined;
  readonly layers: readonly Layer[];
}

export interface DissectorOptions {
  readonly server: Pick<Lwm2mServer, 'modelOf' | 'observations' | 'registration'>;
  readonly model: ObjectModel;
  /** Bytes of the Connection IDs that the platform gives out. */
  readonly cidLength: number;
}

/** Takes frames apart, layer by layer, with the names of the object model. */
export class Dissector {
  readonly #options: DissectorOptions;

  constructor(options: DissectorOptions) {
    this.#options = options;
  }

  dissect(frame: Frame): DissectedFrame {
    if (frame.event !== undefined) {
      return { title: frame.event, operation: undefined, path: undefined, pathName: undefined, layers: [] };
    }
    const layers: Layer[] = [];
    let title = '';
    if (frame.wire !== undefined) {
      const datagram = dissectDatagram(frame.wire, frame.direction === 'in' ? this.#options.cidLength : 0);
      title = datagram.title;
      layers.push({ name: 'DTLS', title, bytes: 'wire', start: 0, end: frame.wire.length, fields: datagram.fields });
    }
    if (frame.message === undefined)
      return { title, operation: undefined, path: undefined, pathName: undefined, layers };
    return this.#dissectMessage(frame, frame.message, layers);
  }

  #dissectMessage(frame: Frame, bytes: Uint8Array, layers: Layer[]): DissectedFrame {
    const { transport, request } = frame;
    const outer = isStream(transport) ? dissectFrame(bytes, isWebSocket(transport)) : dissectMessage(bytes);
    const inner =
      outer.message && frame.plaintext && dissectPlaintext(outer.message, frame.plaintext, isStream(transport));
    layers.push(headerLayer('CoAP', outer, 'message'));
    if (inner)
      layers.push({ ...headerLayer('OSCORE', inner, 'plaintext'), title: inner.title.replace(/^.*OSCORE /, '') });
    const coap = inner || outer;
    const within = inner ? 'plaintext' : 'message';
    const length = (inner ? frame.plaintext : bytes)!.length;
    const end = coap.payloadStart;
    const { message } = coap;
    if (message === undefined || message.code === 0 || message.code >> 5 === 7) {
      return { title: coap.title, operation: undefined, path: undefined, pathName: undefined, layers };
    }
    if (inner === undefined && hasOption(message, OptionNumber.OSCORE)) {
      return { title: `${coap.title} (protected)`, operation: undefined, path: undefined, pathName: undefined, layers };
    }
    const observed = request === undefined ? this.#observedPath(frame, message) : undefined;
    const segments = request?.path ?? observed?.split('/').slice(1);
    const target = segments === undefined || segments.length === 0 ? undefined : targetOf(segments);
    const operation = request?.operation || (observed === undefined ? undefined : 'Notify');
    const model = this.#modelOf(frame);
    const named = target && pathName(target, model);
    const path = target ? formatPath(target) : segments && escapeControls(`/${segments.join('/')}`);
    const fields = [
      ...(operation ? [plain('Operation', operation, end)] : []),
      ...(path ? [plain('Path', named === undefined ? path : `${path}  ${named}`, end)] : []),
      ...contentFields({
        message,
        payloadStart: end,
        length,
        target,
        operation,
        direction: frame.direction,
        model,
      }),
    ];
    if (fields.length > 0) {
      layers.push({ name: 'LwM2M', title: operation ?? '', bytes: within, start: end, end: length, fields });
    }
    const isRequest = isRequestCode(message.code);
    const what = [operation, path ?? (isRequest ? '' : '')];
    const title = [coap.title, isRequest ? '' : 'to', ...what].filter(Boolean).join(' ').replace(/ to$/, '');
    return { title, operation, path, pathName: named, layers };
  }

  /** The path that a notification is about, whose request came before the trace: by token, as the platform remembers it. */
  #observedPath({ device, direction }: Frame, message: Message): string | undefined {
    if (device === undefined || direction !== 'in' || isRequestCode(message.code)) return undefined;
    const reference: ClientReference = { endpoint: device };
    if (this.#options.server.registration(reference) === undefined) return undefined;
    const token = encodeHex(message.token);
    const found = this.#options.server.observations(reference).find((one) => encodeHex(one.token) === token);
    return found?.composite ? undefined : found?.path;
  }

  #modelOf({ device }: Frame): ObjectModel {
    return (
      (device === undefined ? undefined : this.#options.server.modelOf({ endpoint: device })) ?? this.#options.model
    );
  }
}

function headerLayer(name: string, { title, fields, payloadStart }: DissectedMessage, bytes: Layer['bytes']): Layer {
  return { name, title, bytes, start: 0, end: payloadStart, fields };
}

/** The header that a plaintext does not have: what of it there is, is that of the outer message. */
const outerFields: ReadonlySet<string> = new Set(['Version', 'Type', 'Token length', 'Message ID', 'Token']);

/** What OSCORE had inside (RFC 8613 §5.3), by its own bytes. */
function dissectPlaintext(outer: Message, plaintext: Uint8Array, isStreamed: boolean): DissectedMessage {
  const head = 4 + outer.tokenLength;
  const inner = dissectMessage(innerDatagram(outer, plaintext));
  const at = (place: number) => (place < head ? Math.max(place - 1, 0) : place - head + 1);
  const moved = ({ start, end, fields, ...field }: Dissection): Dissection => ({
    ...field,
    start: at(start),
    end: at(end),
    ...(fields && { fields: fields.map(moved) }),
  });
  const [type, what] = [inner.title.slice(0, 4), inner.title.slice(4)];
  return {
    ...inner,
    title: inner.message === undefined ? inner.title : `${isStreamed ? '' : type}OSCORE ${what}`,
    fields: inner.fields.filter(({ name }) => !outerFields.has(name)).map(moved),
    payloadStart: at(inner.payloadStart),
  };
}

/** What is not in any byte of its own. */
function plain(name: string, value: string, at: number): Dissection {
  return { name, value, start: at, end: at };
}
