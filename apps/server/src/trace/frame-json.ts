import type { JsonTraceField, JsonTraceMessage, JsonTraceMessageDetail } from '@yaolian/contract';
import { type Dissection, encodeHex } from '@yaolian/kernel';
import { timeToJson } from '../api/times.ts';
import type { DissectedFrame, Dissector } from './dissector.ts';
import type { Frame } from './frame.ts';

/** A frame as lists have it. */
export function headToJson(frame: Frame, dissected: DissectedFrame): JsonTraceMessage {
  const { number, time, direction, transport, peer, device, note, length } = frame;
  const { title, operation, path, pathName } = dissected;
  return {
    number,
    time: timeToJson(time),
    direction,
    transport,
    peer,
    ...(device === undefined ? {} : { device }),
    title,
    ...(operation ? { operation } : {}),
    ...(path === undefined ? {} : { path }),
    ...(pathName === undefined ? {} : { pathName }),
    ...(note === undefined ? {} : { note }),
    length,
  };
}

/** A frame with its layers and bytes. */
export function detailToJson(frame: Frame, dissector: Dissector): JsonTraceMessageDetail {
  const dissected = dissector.dissect(frame);
  return {
    ...headToJson(frame, dissected),
    layers: dissected.layers.map((layer) => ({ ...layer, fields: [...flat(layer.fields, 0)] })),
    ...(frame.wire === undefined ? {} : { wire: encodeHex(frame.wire) }),
    ...(frame.message === undefined ? {} : { message: encodeHex(frame.message) }),
    ...(frame.plaintext === undefined ? {} : { plaintext: encodeHex(frame.plaintext) }),
  };
}

function* flat(fields: readonly Dissection[], depth: number): Generator<JsonTraceField> {
  for (const { name, value, start, end, fields: inner = [] } of fields) {
    yield { depth, name, value, start, end };
    yield* flat(inner, depth + 1);
  }
}
