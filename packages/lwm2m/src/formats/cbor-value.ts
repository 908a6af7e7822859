import type { ResourceInstanceNode, SingleResourceNode } from '../node.ts';
import { checkValue, timeToSeconds } from '../value.ts';
import { formatObjectLink, parseObjectLink, parseTime } from '../value-text.ts';
import { CborFloat, type CborItem, CborTag } from './cbor-item.ts';
import type { CborWriter } from './cbor-writer.ts';
import { floatValue, numberValue, type RecordValue } from './value-records.ts';

/*
 * One value as a CBOR data item (OMA-TS-LightweightM2M_Core 1.1 §7.4.4, 1.2 §7.4.7): numbers, texts, true and false, byte
 * strings; a time is tagged, an object link is a text.
 */

// RFC 8949 §3.4.1, §3.4.2: date and time as a text, and as seconds since 1970.
const dateTimeTag = 0;
const epochTag = 1;

/** True for items that say by themselves that they are times. */
export function isCborTime(item: CborItem): boolean {
  return item instanceof CborTag && (item.tag === epochTag || item.tag === dateTimeTag);
}

/**
 * The value that an item is; undefined when it is none.
 * @param isLink the resource is an object link, so a text is one if it looks like one
 */
export function readCborValue(item: CborItem, isLink: boolean): RecordValue | undefined {
  if (typeof item === 'string') {
    const link = isLink ? parseObjectLink(item) : undefined;
    return link ? { kind: 'link', value: link } : { kind: 'text', value: item };
  }
  if (item instanceof CborTag) return readTagged(item);
  if (typeof item === 'boolean') return { kind: 'boolean', value: item };
  if (item instanceof Uint8Array) return { kind: 'bytes', value: item };
  if (item instanceof CborFloat) return floatValue(item.value);
  return typeof item === 'number' || typeof item === 'bigint' ? numberValue(item) : undefined;
}

function readTagged({ tag, item }: CborTag): RecordValue | undefined {
  if (tag === dateTimeTag && typeof item === 'string') {
    const time = parseTime(item);
    return time && numberValue(time.getTime() / 1000);
  }
  if (tag !== epochTag || item instanceof CborTag) return undefined;
  const value = readCborValue(item, false);
  return value?.kind === 'number' ? value : undefined;
}

/** Writes a value of a resource. Gives what is wrong with the value, if something is. */
export function writeCborValue(
  out: CborWriter,
  { type, value: given }: SingleResourceNode | ResourceInstanceNode,
): string | undefined {
  const checked = checkValue(type === 'none' ? 'opaque' : type, given);
  if (!checked.ok) return checked.error.message;
  const { value } = checked;
  if (typeof value === 'string') out.text(value);
  else if (typeof value === 'boolean') out.boolean(value);
  else if (type === 'float') out.float(value as number);
  else if (typeof value === 'number' || typeof value === 'bigint') out.integer(value);
  else if (value instanceof Uint8Array) out.bytes(value);
  else if (value instanceof Date) {
    out.tag(epochTag);
    out.integer(timeToSeconds(value));
  } else out.text(formatObjectLink(value));
  return undefined;
}
