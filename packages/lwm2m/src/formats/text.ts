import { ContentFormat } from '@yaolian/coap';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8, type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mNode, ResourceInstanceNode, SingleResourceNode } from '../node.ts';
import { formatPath, type Lwm2mPath } from '../path.ts';
import { checkValue, type ResourceType, type ResourceValue, timeToSeconds } from '../value.ts';
import {
  formatNumber,
  formatObjectLink,
  parseFloatText,
  parseInteger,
  parseObjectLink,
  parseUnixTime,
  parseUnsigned,
} from '../value-text.ts';
import type { ContentCodec, ContentError } from './content.ts';
import { refuse } from './refusal.ts';
import { isValuePath, shapeAt, singleValueNode, valueNode } from './shape.ts';

/** What plain text is for each type (OMA-TS-LightweightM2M_Core 1.1 appendix C, column "Text Format"). */
const textForms: Readonly<Record<ResourceType, string>> = {
  string: 'UTF-8 text',
  corelnk: 'UTF-8 text',
  integer: 'a whole number of 64 bits',
  unsigned: 'a whole number from 0 of 64 bits',
  float: 'a decimal number',
  boolean: '0 or 1',
  opaque: 'base64',
  time: 'whole seconds since 1970',
  objlnk: 'two ids such as 3:0',
  none: 'nothing',
};

function decode(path: Lwm2mPath, bytes: Uint8Array, model: ObjectModel): Result<Lwm2mNode, ContentError> {
  if (!isValuePath(path)) return refuseLevel(path);
  const { type = 'string', multiple } = shapeAt(model, path);
  const text = decodeUtf8(bytes);
  const value = text === undefined ? undefined : readPlainText(type, text);
  if (value === undefined) {
    return refuse('wrong-type', `${formatPath(path)} is ${type}, which is ${textForms[type]} in plain text`, 0);
  }
  return success(singleValueNode(path, type, value, multiple));
}

/** A value out of its plain text; undefined when the text is not of the type. */
export function readPlainText(type: ResourceType, text: string): ResourceValue | undefined {
  switch (type) {
    case 'string':
    case 'corelnk':
      return text;
    case 'integer':
      return parseInteger(text.trim());
    case 'unsigned':
      return parseUnsigned(text.trim());
    case 'float':
      return parseFloatText(text.trim());
    case 'boolean':
      return booleans.get(text.trim());
    case 'time':
      return parseUnixTime(text.trim());
    case 'objlnk':
      return parseObjectLink(text.trim());
    default:
      return decodeBase64(text.trim());
  }
}

/** The words are what some terminals write. */
const booleans: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['0', false],
  ['true', true],
  ['false', false],
]);

function encode(path: Lwm2mPath, node: Lwm2mNode): Result<Uint8Array, ContentError> {
  const single = valueNode(path, node);
  if (!single) return refuseLevel(path);
  const text = writeText(single);
  if (text !== undefined) return success(encodeUtf8(text));
  return refuse('wrong-type', `the value of ${formatPath(path)} is not ${single.type} as plain text can say it`);
}

function writeText({ type, value: given }: SingleResourceNode | ResourceInstanceNode): string | undefined {
  const checked = checkValue(type === 'none' ? 'opaque' : type, given);
  if (!checked.ok) return undefined;
  const { value } = checked;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return Number.isFinite(value) ? formatNumber(value) : undefined;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return encodeBase64(value);
  return value instanceof Date ? String(timeToSeconds(value)) : formatObjectLink(value);
}

function refuseLevel(path: Lwm2mPath) {
  return refuse('unsupported-format', `plain text carries one value, and ${formatPath(path)} is more than one`);
}

/** text/plain: one value, as a person would write it. */
export const textCodec: ContentCodec = { contentFormat: ContentFormat.Text, name: 'text', encode, decode };
