import { parseObjectLink } from '../value-text.ts';
import { CborArray, type CborItem, type CborKey, CborTag } from './cbor-item.ts';
import { CborReader, type Failed, failed, keyTwice, Major } from './cbor-reader.ts';
import type { DecodeOptions } from './content.ts';
import { type Refused, refuse, refuseCount } from './refusal.ts';
import { SenmlRecord, type SenmlSink } from './senml.ts';
import { Label, objectLinkLabel } from './senml-cbor-labels.ts';
import { floatValue, numberValue, type RecordValue, removal } from './value-records.ts';

/**
 * Reads a pack record by record, straight from the bytes.
 * @param removals whether null may stand in place of a number (SenML-ETCH, RFC 8790 §3.2)
 */
export function readSenmlCbor(
  bytes: Uint8Array,
  { maximumEntries }: Required<DecodeOptions>,
  removals: boolean,
  sink: SenmlSink,
): Refused | undefined {
  // Fields that we do not know may be anything, but not without end.
  const cbor = new CborReader(bytes, { maximumDepth: 8, maximumItems: 32 + 32 * maximumEntries });
  if (cbor.major() !== Major.Array) return refuseForm(cbor, 'a SenML pack is an array of records');
  const length = cbor.enter();
  if (length === failed) return notCbor(cbor);
  // Of more than there are bytes, whatever they are, some are missing.
  if (length > maximumEntries && length <= bytes.length) return refuseCount(maximumEntries);
  const record = new RecordReader(cbor, removals);
  for (let count = 0; cbor.more(length, count); count++) {
    if (count === maximumEntries) return refuseCount(maximumEntries);
    const refused = record.read() ?? sink.take(record.record);
    if (refused) return refused;
  }
  return cbor.atEnd() ? undefined : notCbor(cbor);
}

function notCbor({ error }: CborReader): Refused {
  return refuse(error!.reason, `this is not CBOR: ${error!.message}`, error!.offset);
}

/** The next item is not what it should be: it may be no CBOR either. */
function refuseForm(cbor: CborReader, message: string): Refused {
  const { position } = cbor;
  return cbor.item() === failed ? notCbor(cbor) : refuse('malformed', message, position);
}

/** Reads records into one that it fills again and again. */
class RecordReader {
  readonly record = new SenmlRecord();
  readonly #cbor: CborReader;
  readonly #removals: boolean;
  /** The labels of the record from -16 to 15, a bit each. */
  #labels = 0;
  #otherLabels: Set<CborKey> | undefined;

  constructor(cbor: CborReader, removals: boolean) {
    this.#cbor = cbor;
    this.#removals = removals;
  }

  read(): Refused | undefined {
    const cbor = this.#cbor;
    const { position } = cbor;
    if (cbor.major() !== Major.Map) return refuseForm(cbor, 'a SenML record is a map');
    const length = cbor.enter();
    if (length === failed) return notCbor(cbor);
    this.record.clear();
    this.record.start = position;
    this.#labels = 0;
    this.#otherLabels = undefined;
    for (let count = 0; cbor.more(length, count); count++) {
      const refused = this.#member();
      if (refused) return refused;
    }
    cbor.leave();
    this.record.end = cbor.position;
    return undefined;
  }

  #member(): Refused | undefined {
    const cbor = this.#cbor;
    const { position } = cbor;
    const label = cbor.smallInteger() ?? cbor.item();
    if (label === failed) return notCbor(cbor);
    if (typeof label !== 'number' && typeof label !== 'string' && typeof label !== 'bigint') {
      return refuse('malformed', 'this is not CBOR: a key is a whole number or a text', position);
    }
    if (this.#isSecond(label)) return refuse('malformed', `this is not CBOR: ${keyTwice(label)}`, position);
    const wrong = this.#field(label);
    if (wrong === undefined) return undefined;
    if (cbor.error) return notCbor(cbor);
    return refuse('malformed', `${String(label).slice(0, 40)} of a SenML record ${wrong}`, position);
  }

  #isSecond(label: CborKey): boolean {
    if (typeof label === 'number' && label >= -16 && label < 16) {
      const bit = 1 << (label + 16);
      const isSecond = (this.#labels & bit) !== 0;
      this.#labels |= bit;
      return isSecond;
    }
    this.#otherLabels ??= new Set();
    if (this.#otherLabels.has(label)) return true;
    this.#otherLabels.add(label);
    return false;
  }

  /** Puts a field into the record. Gives what is wrong with it, if something is; the reader may have failed besides. */
  #field(label: CborKey): string | undefined {
    switch (label) {
      case Label.BaseName:
      case Label.Name:
        return this.#name(label);
      case Label.BaseTime:
      case Label.Time:
      case Label.BaseVersion:
      case Label.BaseValue:
        return this.#number(label);
      case Label.Value:
      case Label.StringValue:
      case Label.BooleanValue:
      case Label.DataValue:
      case objectLinkLabel:
        return this.#value(label);
      case Label.Sum:
      case Label.BaseSum:
        return 'is a sum, which LwM2M has no use for';
      default:
        if (this.#cbor.item() === failed) return notRead;
        // RFC 8428 §4.4: unknown labels are ignored, but for those that end in "_", which must be understood.
        return typeof label === 'string' && label.endsWith('_') ? 'must be understood, and is not' : undefined;
    }
  }

  #name(label: typeof Label.BaseName | typeof Label.Name): string | undefined {
    const item = this.#cbor.item();
    if (typeof item !== 'string') return 'is a text';
    if (label === Label.Name) this.record.name = item;
    else this.record.baseName = item;
    return undefined;
  }

  #number(label: NumberLabel): string | undefined {
    const number = this.#cbor.isFloat() ? this.#cbor.float() : readNumber(this.#cbor.item());
    if (number === undefined || number === failed) return 'is a number';
    const { record } = this;
    if (label === Label.BaseValue) record.baseValue = number;
    else if (label === Label.BaseTime) record.baseTime = Number(number);
    else if (label === Label.Time) record.time = Number(number);
    else record.baseVersion = Number(number);
    return undefined;
  }

  #value(label: ValueLabel): string | undefined {
    const value = this.#readValue(label);
    if (value === undefined) return `is ${valueForms[label]}`;
    const { record } = this;
    if (value.kind === 'removal') record.removed = true;
    else if (record.value !== undefined) return 'is a second value';
    else record.value = value;
    return undefined;
  }

  #readValue(label: ValueLabel): RecordValue | undefined {
    const cbor = this.#cbor;
    if (label === Label.Value && cbor.isFloat()) {
      const float = cbor.float();
      return float === failed ? undefined : floatValue(float);
    }
    const item = cbor.item();
    return label === Label.Value && item === null && this.#removals ? removal : plainValue(label, item);
  }
}

/** Says no more than that the reader's error says it all. */
const notRead = 'could not be read';

type NumberLabel = typeof Label.BaseTime | typeof Label.Time | typeof Label.BaseVersion | typeof Label.BaseValue;

/** RFC 8428 §6: a number is an integer, a float, or a decimal fraction (tag 4, RFC 8949 §3.4.4). */
function readNumber(item: CborItem | Failed): number | bigint | undefined {
  if (typeof item === 'number' || typeof item === 'bigint') return item;
  if (!(item instanceof CborTag) || item.tag !== 4 || !(item.item instanceof CborArray)) return undefined;
  const [exponent, mantissa, ...more] = item.item.items;
  if (typeof exponent !== 'number' || more.length > 0) return undefined;
  if (typeof mantissa !== 'number' && typeof mantissa !== 'bigint') return undefined;
  // As a text, so that the nearest double comes out: 2732e-2 is 27.32, which 2732 * 0.01 is not.
  const value = Number(`${mantissa}e${exponent}`);
  return Number.isFinite(value) ? value : undefined;
}

type ValueLabel =
  | typeof Label.Value
  | typeof Label.StringValue
  | typeof Label.BooleanValue
  | typeof Label.DataValue
  | typeof objectLinkLabel;

const valueForms: Readonly<Record<ValueLabel, string>> = {
  [Label.Value]: 'a number',
  [Label.StringValue]: 'a text',
  [Label.BooleanValue]: 'true or false',
  [Label.DataValue]: 'a byte string',
  [objectLinkLabel]: 'a text such as "3:0"',
};

function plainValue(label: ValueLabel, item: CborItem | Failed): RecordValue | undefined {
  switch (label) {
    case Label.Value: {
      const number = readNumber(item);
      return number === undefined ? undefined : numberValue(number);
    }
    case Label.StringValue:
      return typeof item === 'string' ? { kind: 'text', value: item } : undefined;
    case Label.BooleanValue:
      return typeof item === 'boolean' ? { kind: 'boolean', value: item } : undefined;
    case Label.DataValue:
      return item instanceof Uint8Array ? { kind: 'bytes', value: item } : undefined;
    default: {
      const link = typeof item === 'string' ? parseObjectLink(item) : undefined;
      return link && { kind: 'link', value: link };
    }
  }
}
