import { Code, ContentFormat, type ResponseCode } from '@yaolian/coap';
import { contentCodec } from '../formats/index.ts';
import type { Lwm2mNode } from '../node.ts';
import type { ObjectLinks } from '../object-links.ts';
import { type Lwm2mPath, PathLevel, pathLevel } from '../path.ts';
import { legacyTlvFormat } from './legacy-formats.ts';

/** A Content-Format to ask for or to write in; `undefined` is a Read without Accept. */
export type FormatChoice = number | undefined;

/** What was learnt of a client: the choice that worked. Absent: nothing yet. */
export interface FormatMemory {
  /** Reads of a resource or resource instance. */
  readOne?: { readonly format: FormatChoice };
  /** Reads of objects and object instances, and of resources with instances. */
  readMany?: { readonly format: FormatChoice };
  writeOne?: { readonly format: FormatChoice };
  writeMany?: { readonly format: FormatChoice };
  /** Composite operations; `none`: it answers no FETCH or iPATCH, so that paths are asked for one by one. */
  composite?: { readonly format: number | 'none' };
}

/** Formats that carry anything, best first. Which of them we speak, the codecs say. */
const preference: readonly number[] = [
  ContentFormat.Lwm2mTlv,
  ContentFormat.SenmlCbor,
  ContentFormat.Lwm2mCbor,
  ContentFormat.SenmlJson,
  ContentFormat.Lwm2mJson,
];

/**
 * The format to start with: of what the client registered (`ct` of the root link, OMA-TS-LightweightM2M_Core 1.1 §6.2.1)
 * the best that we speak too; TLV when it said nothing, which every LwM2M 1.0 client speaks (1.0 §6.4.3).
 */
function preferredFormat(links: ObjectLinks): number {
  for (const format of preference) if (links.contentFormats.includes(format) && contentCodec(format)) return format;
  return ContentFormat.Lwm2mTlv;
}

/**
 * What to try on a Read or Observe, in order: what worked before, or what the client prefers; then TLV, then whatever the
 * client likes, then plain text where one value is asked for.
 */
export function readChoices(
  links: ObjectLinks,
  path: Lwm2mPath,
  memory: FormatMemory | undefined,
): readonly FormatChoice[] {
  const isOne = pathLevel(path) >= PathLevel.Resource;
  const learnt = isOne ? memory?.readOne : memory?.readMany;
  const choices: FormatChoice[] = [learnt ? learnt.format : preferredFormat(links), ContentFormat.Lwm2mTlv, undefined];
  if (isOne) choices.push(ContentFormat.Text);
  return [...new Set(choices)];
}

/**
 * What to try on a Write or Create of this node, in order. TLV is mandatory in LwM2M 1.0 alone, and a client need not
 * announce its formats: one of a later version is offered SenML too (OMA-TS-LightweightM2M_Core 1.1 §7.4).
 * @param lwm2mVersion as the client registered it
 */
export function writeChoices(
  links: ObjectLinks,
  node: Lwm2mNode,
  memory: FormatMemory | undefined,
  lwm2mVersion: string,
): readonly number[] {
  const isOne = node.kind === 'resource' || node.kind === 'resource-instance';
  const learnt = isOne ? memory?.writeOne : memory?.writeMany;
  const choices = [learnt?.format ?? preferredFormat(links), ContentFormat.Lwm2mTlv];
  if (isOne) choices.push(node.type === 'opaque' ? ContentFormat.OctetStream : ContentFormat.Text);
  if (/^1\.0(?:\.|$)/.test(lwm2mVersion)) choices.push(legacyTlvFormat);
  else choices.push(ContentFormat.SenmlCbor, ContentFormat.SenmlJson, legacyTlvFormat);
  return [...new Set(choices)];
}

/**
 * The formats to try on a composite operation, in order: what worked before, what the client announced, then the two that
 * LwM2M 1.1 has for them.
 */
export function compositeChoices(links: ObjectLinks, memory: FormatMemory | undefined): readonly number[] {
  const learnt = memory?.composite?.format;
  const announced = packPreference.filter((format) => links.contentFormats.includes(format));
  const first = typeof learnt === 'number' ? [learnt] : [];
  return [...new Set([...first, ...announced, ContentFormat.SenmlCbor, ContentFormat.SenmlJson])];
}

const packPreference: readonly number[] = [ContentFormat.SenmlCbor, ContentFormat.Lwm2mCbor, ContentFormat.SenmlJson];

/** Notes what worked. */
export function learn(
  memory: FormatMemory | undefined,
  key: Exclude<keyof FormatMemory, 'composite'>,
  format: FormatChoice,
): FormatMemory {
  const known = memory?.[key];
  if (memory && known && known.format === format) return memory;
  return { ...memory, [key]: { format } };
}

/**
 * Whether an answer to a Read means that another Accept may work: 4.06 and 4.15 say so; 5.00 and 4.02 come from terminals
 * that do not know what to do with the option, unless the same choice worked before.
 */
export function isReadFormatRefusal(code: ResponseCode, hasWorked: boolean): boolean {
  if (code === Code.NotAcceptable || code === Code.UnsupportedContentFormat) return true;
  return !hasWorked && (code === Code.InternalServerError || code === Code.BadOption);
}

/** Whether an answer to a Write means that another Content-Format may work. */
export function isWriteFormatRefusal(code: ResponseCode): boolean {
  return code === Code.UnsupportedContentFormat || code === Code.NotAcceptable;
}
