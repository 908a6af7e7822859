import {
  ContentFormat,
  describeContentFormat,
  isRequestCode,
  isSuccess,
  type Message,
  OptionNumber,
} from '@yaolian/coap';
import { type Dissection, decodeUtf8, encodeHex, escapeControls } from '@yaolian/kernel';
import {
  type ContentTime,
  decodePack,
  decodePackPaths,
  formatPath,
  isPackFormat,
  type Lwm2mPath,
  locateValues,
  type NodeValue,
  nodeValues,
  type ObjectModel,
  PathLevel,
  packTimeline,
  rootPath,
  type TimedNode,
  truncatePath,
  valueToText,
} from '@yaolian/lwm2m';
import { decodeAnswer } from '@yaolian/lwm2m/server';
import type { Direction } from './frame.ts';
import { hasOption, uint } from './operation-name.ts';
import { pathName } from './path-name.ts';

export interface Content {
  readonly message: Message;
  readonly payloadStart: number;
  /** Of all bytes. */
  readonly length: number;
  /** What the request is about. */
  readonly target: Lwm2mPath | undefined;
  readonly operation: string | undefined;
  readonly direction: Direction;
  readonly model: ObjectModel;
}

/** The most values that are shown of one payload, and characters of one value. */
const maximumValues = 1000;
const maximumText = 2000;

/** What a payload says: values by path and name, links, or text. */
export function contentFields(content: Content): Dissection[] {
  const { message, payloadStart, length } = content;
  if (message.payload.length === 0) return [];
  const format = uint(message, OptionNumber.ContentFormat);
  const whole = (name: string, value: string): Dissection => ({ name, value, start: payloadStart, end: length });
  const fields = [
    whole(
      'Payload',
      `${message.payload.length} bytes${format === undefined ? '' : ` of ${describeContentFormat(format)}`}`,
    ),
  ];
  if (isPart(message)) return [...fields, whole('Part', 'of a body that goes in blocks (RFC 7959)')];
  return [...fields, ...valuesOf(content, format, whole)];
}

/** Whether there is more of the body than this. */
function isPart(message: Message): boolean {
  for (const number of [OptionNumber.Block1, OptionNumber.Block2]) {
    if (!hasOption(message, number)) continue;
    const block = uint(message, number) ?? 0;
    // Of a response Block1 speaks of the request, and of a request Block2 of the response.
    const isOwn = (number === OptionNumber.Block1) === isRequestCode(message.code);
    if (isOwn && (block & 8 || block >> 4 > 0)) return true;
  }
  return false;
}

type Whole = (name: string, value: string) => Dissection;

/** The bytes that say each value, in bytes of the message. */
class Places {
  readonly #ranges = new Map<string, { readonly start: number; readonly end: number }>();
  readonly #all: { readonly start: number; readonly end: number };

  constructor({ message, payloadStart, length }: Content, format: number | undefined, path: Lwm2mPath) {
    this.#all = { start: payloadStart, end: length };
    if (format === undefined) return;
    for (const { path: at, time, start, end } of locateValues(format, path, message.payload)) {
      this.#ranges.set(placeKey(at, time), { start: payloadStart + start, end: payloadStart + end });
    }
  }

  /** All of the payload where it is not known better. A value may be told as its resource, without its instance. */
  of(path: Lwm2mPath, time: ContentTime | undefined) {
    const exact = this.#ranges.get(placeKey(path, time));
    return exact ?? this.#ranges.get(placeKey(truncatePath(path, PathLevel.Resource), time)) ?? this.#all;
  }
}

function placeKey(path: Lwm2mPath, time: ContentTime | undefined): string {
  return time === undefined ? formatPath(path) : `${formatPath(path)} ${time.isRelative} ${time.milliseconds}`;
}

function valuesOf(content: Content, format: number | undefined, whole: Whole): Dissection[] {
  const { message, target, operation = '', model } = content;
  const { payload } = message;
  const text = decodeUtf8(payload);
  if (format === ContentFormat.LinkFormat && text !== undefined) {
    return text
      .split(/,(?=<)/)
      .slice(0, maximumValues)
      .map((link) => whole('Link', shown(link)));
  }
  const isAnswer = !isRequestCode(message.code);
  if (isAnswer && !isSuccess(message.code)) return [whole('Diagnostic', shown(text ?? `0x${encodeHex(payload)}`))];
  if (operation === 'Execute') return [whole('Arguments', shown(text ?? `0x${encodeHex(payload)}`))];
  if (format !== undefined && isPackFormat(format) && (target === undefined || operation.endsWith('Composite'))) {
    return packFields(content, format, whole);
  }
  if (target === undefined) return text === undefined ? [] : [whole('Text', shown(text))];
  const decoded = decodeAnswer(format, target, payload, model);
  if (!decoded.ok) return [whole('Not readable', decoded.error.message)];
  const places = new Places(content, format, target);
  return decoded.value.flatMap((one) => timedFields(target, one, model, places)).slice(0, maximumValues);
}

function timedFields(path: Lwm2mPath, { node, time }: TimedNode, model: ObjectModel, places: Places): Dissection[] {
  const when = time?.isRelative ? `${time.milliseconds} ms` : time && timeText(time.milliseconds);
  const at = when === undefined ? '' : ` at ${when}`;
  return [...nodeValues(path, node)].map((value) => ({
    ...valueField(value, model, at),
    ...places.of(value.path, time),
  }));
}

function packFields(content: Content, format: number, whole: Whole): Dissection[] {
  const { message, operation = '', model } = content;
  const asksPaths = isRequestCode(message.code) && (operation.startsWith('Read') || operation.startsWith('Observe'));
  if (asksPaths) {
    const paths = decodePackPaths(format, message.payload);
    if (!paths.ok) return [whole('Not readable', paths.error.message)];
    return paths.value.map((path) => whole(pathName(path, model) ?? 'Path', formatPath(path)));
  }
  const pack = decodePack(format, message.payload, model);
  if (!pack.ok) return [whole('Not readable', pack.error.message)];
  const places = new Places(content, format, rootPath);
  const instances = new Map(
    pack.value.records.map(({ path }) => [formatPath(truncatePath(path, PathLevel.ObjectInstance)), path]),
  );
  return [...instances.values()]
    .flatMap((path) => {
      const instance = truncatePath(path, PathLevel.ObjectInstance);
      const timeline = packTimeline(pack.value, instance, model);
      if (!timeline.ok) return [whole('Not readable', timeline.error.message)];
      return timeline.value.flatMap((one) => timedFields(instance, one, model, places));
    })
    .slice(0, maximumValues);
}

function valueField({ path, type, value }: NodeValue, model: ObjectModel, at: string) {
  const units =
    path.objectId === undefined ? '' : model.object(path.objectId)?.resources.get(path.resourceId ?? -1)?.units;
  const text = shown(valueToText(type, value));
  return {
    name: `${formatPath(path)}  ${pathName(path, model) ?? ''}`.trimEnd(),
    value: `${text}${units ? ` ${units}` : ''}${at}`,
  };
}

function timeText(milliseconds: number): string {
  const time = new Date(milliseconds);
  return Number.isNaN(time.getTime()) ? String(milliseconds) : time.toISOString();
}

function shown(text: string): string {
  return escapeControls(text.length > maximumText ? `${text.slice(0, maximumText)}…` : text);
}
