import { decodeUtf8, encodeUtf8, failure, type Result, success } from '@yaolian/kernel';

/**
 * A JSON value with nothing lost: whole numbers beyond 2^53 are bigints, objects are maps in the order of the text.
 */
export type StrictJson = null | boolean | string | number | bigint | readonly StrictJson[] | StrictJsonObject;

export type StrictJsonObject = ReadonlyMap<string, StrictJson>;

export interface StrictJsonError {
  readonly reason: 'malformed' | 'too-large';
  /** What is wrong and what was expected. */
  readonly message: string;
  /** In bytes. */
  readonly offset: number;
}

export interface StrictJsonLimits {
  readonly maximumDepth: number;
  /** Values on all levels together. */
  readonly maximumValues: number;
}

/**
 * Reads a JSON text (RFC 8259) as `JSON.parse` does, and refuses besides: a name twice in one object, numbers that are too
 * large for a double, whole numbers of more than 40 digits, lone surrogates, more depth or values than the limits allow.
 */
export function readStrictJson(bytes: Uint8Array, limits: StrictJsonLimits): Result<StrictJson, StrictJsonError> {
  const text = decodeUtf8(bytes);
  if (text === undefined)
    return failure({ reason: 'malformed', message: 'JSON is UTF-8 text, and this is not', offset: 0 });
  const reader = new StrictJsonReader(text, limits);
  const value = reader.read();
  if (value !== undefined) return success(value);
  const { reason, message, offset } = reader.error!;
  return failure({ reason, message, offset: encodeUtf8(text.slice(0, offset)).length });
}

export function isJsonObject(json: StrictJson | undefined): json is StrictJsonObject {
  return json instanceof Map;
}

export function isJsonArray(json: StrictJson | undefined): json is readonly StrictJson[] {
  return Array.isArray(json);
}

const numberText = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Recursive descent; each `consume` gives undefined after it has set `error`. */
class StrictJsonReader {
  readonly #text: string;
  readonly #maximumDepth: number;
  #valuesLeft: number;
  #position = 0;
  #depth = 0;
  error: StrictJsonError | undefined;

  constructor(text: string, limits: StrictJsonLimits) {
    this.#text = text;
    this.#maximumDepth = limits.maximumDepth;
    this.#valuesLeft = limits.maximumValues;
  }

  // JSON-text = ws value ws
  read(): StrictJson | undefined {
    const value = this.#consumeValue();
    if (value === undefined) return undefined;
    this.#skipWhiteSpace();
    return this.#position === this.#text.length ? value : this.#refuse('nothing comes after the value');
  }

  #consumeValue(): StrictJson | undefined {
    this.#skipWhiteSpace();
    if (--this.#valuesLeft < 0) return this.#refuse('there are more values than allowed', 'too-large');
    switch (this.#text.charCodeAt(this.#position)) {
      case 0x7b:
        return this.#descend() ? this.#consumeObject() : undefined;
      case 0x5b:
        return this.#descend() ? this.#consumeArray() : undefined;
      case 0x22:
        return this.#consumeString();
      case 0x74:
        return this.#consumeWord('true', true);
      case 0x66:
        return this.#consumeWord('false', false);
      case 0x6e:
        return this.#consumeWord('null', null);
      default:
        return this.#consumeNumber();
    }
  }

  #descend(): boolean {
    if (this.#depth === this.#maximumDepth) {
      this.#refuse(`values lie more than ${this.#maximumDepth} deep`, 'too-large');
      return false;
    }
    this.#depth++;
    this.#position++;
    return true;
  }

  #ascend<T>(value: T): T {
    this.#depth--;
    return value;
  }

  // object = begin-object [ member *( value-separator member ) ] end-object; member = string name-separator value
  #consumeObject(): StrictJsonObject | undefined {
    const members = new Map<string, StrictJson>();
    if (this.#skip(0x7d)) return this.#ascend(members);
    for (;;) {
      this.#skipWhiteSpace();
      const start = this.#position;
      const name =
        this.#text.charCodeAt(start) === 0x22 ? this.#consumeString() : this.#refuse('a name in quotes is missing');
      if (name === undefined) return undefined;
      if (members.has(name))
        return this.#refuse(`"${name.slice(0, 40)}" is there twice in one object`, 'malformed', start);
      if (!this.#skip(0x3a)) return this.#refuse('":" is missing after a name');
      const value = this.#consumeValue();
      if (value === undefined) return undefined;
      members.set(name, value);
      if (this.#skip(0x7d)) return this.#ascend(members);
      if (!this.#skip(0x2c)) return this.#refuse('"," or "}" is missing after a member');
    }
  }

  // array = begin-array [ value *( value-separator value ) ] end-array
  #consumeArray(): readonly StrictJson[] | undefined {
    const elements: StrictJson[] = [];
    if (this.#skip(0x5d)) return this.#ascend(elements);
    for (;;) {
      const value = this.#consumeValue();
      if (value === undefined) return undefined;
      elements.push(value);
      if (this.#skip(0x5d)) return this.#ascend(elements);
      if (!this.#skip(0x2c)) return this.#refuse('"," or "]" is missing after an element');
    }
  }

  // string = quotation-mark *char quotation-mark
  #consumeString(): string | undefined {
    const text = this.#text;
    const start = ++this.#position;
    let from = start;
    let value = '';
    for (;;) {
      const code = text.charCodeAt(this.#position);
      if (code === 0x22) break;
      if (code === 0x5c) {
        value += text.slice(from, this.#position);
        const character = this.#consumeEscape();
        if (character === undefined) return undefined;
        value += character;
        from = this.#position;
      } else if (code >= 0x20) {
        this.#position++;
      } else {
        return this.#refuse(
          Number.isNaN(code) ? 'a quotation mark is missing' : 'control characters are escaped in a string',
        );
      }
    }
    if (from === start) return text.slice(from, this.#position++);
    value += text.slice(from, this.#position++);
    // The text is well-formed as it was UTF-8: only escapes can make half a pair.
    return value.isWellFormed() ? value : this.#refuse('a string holds half of a surrogate pair');
  }

  // char = unescaped / escape ( %x22 / %x5C / %x2F / "b" / "f" / "n" / "r" / "t" / "u" 4HEXDIG )
  #consumeEscape(): string | undefined {
    const letter = this.#text[this.#position + 1] ?? '';
    if (letter === 'u') {
      const digits = this.#text.slice(this.#position + 2, this.#position + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) return this.#refuse('four hexadecimal digits are missing after \\u');
      this.#position += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = escapes[letter];
    if (character === undefined) return this.#refuse('this is no escape that JSON has');
    this.#position += 2;
    return character;
  }

  // number = [ minus ] int [ frac ] [ exp ]
  #consumeNumber(): number | bigint | undefined {
    const short = this.#consumeShortInteger();
    if (short !== undefined) return short;
    numberText.lastIndex = this.#position;
    const match = numberText.exec(this.#text);
    if (!match) return this.#refuse('a value is missing');
    const [digits, fraction, exponent] = match;
    const value = Number(digits);
    if (!Number.isFinite(value)) return this.#refuse('a number is too large');
    if (fraction === undefined && exponent === undefined && !Number.isSafeInteger(value)) {
      if (digits.length > 40) return this.#refuse('a whole number has more than 40 digits');
      this.#position += digits.length;
      return BigInt(digits);
    }
    this.#position += digits.length;
    return value;
  }

  /** Most numbers are whole and short: those are read without a regular expression. Undefined: this is something else. */
  #consumeShortInteger(): number | undefined {
    const text = this.#text;
    const isNegative = text.charCodeAt(this.#position) === 0x2d;
    const start = isNegative ? this.#position + 1 : this.#position;
    let end = start;
    let value = 0;
    for (; end - start < 15; end++) {
      const digit = text.charCodeAt(end) - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
    }
    const length = end - start;
    const next = text.charCodeAt(end);
    const goesOn = (next >= 0x30 && next <= 0x39) || next === 0x2e || next === 0x45 || next === 0x65;
    if (length === 0 || goesOn || (length > 1 && text.charCodeAt(start) === 0x30)) return undefined;
    this.#position = end;
    return isNegative ? -value : value;
  }

  #consumeWord<T extends StrictJson>(word: string, value: T): T | undefined {
    if (!this.#text.startsWith(word, this.#position)) return this.#refuse('a value is missing');
    this.#position += word.length;
    return value;
  }

  #skip(code: number): boolean {
    this.#skipWhiteSpace();
    if (this.#text.charCodeAt(this.#position) !== code) return false;
    this.#position++;
    return true;
  }

  #skipWhiteSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#position);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#position++;
    }
  }

  #refuse(message: string, reason: StrictJsonError['reason'] = 'malformed', offset = this.#position): undefined {
    this.error = { reason, message, offset };
  }
}
