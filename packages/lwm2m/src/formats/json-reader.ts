import { encodeUtf8 } from '@yaolian/kernel';
import type { StrictJson, StrictJsonError, StrictJsonLimits, StrictJsonObject } from './json-value.ts';

/** Character codes that decide. */
export const Json = { Quote: 0x22, Array: 0x5b, ArrayEnd: 0x5d, Object: 0x7b, ObjectEnd: 0x7d } as const;

export const notText: StrictJsonError = {
  reason: 'malformed',
  message: 'JSON is UTF-8 text, and this is not',
  offset: 0,
};

/** An error of a {@link JsonReader}, whose offset is in characters, with its offset in bytes. */
export function jsonOffset(text: string, error: StrictJsonError): StrictJsonError {
  return { ...error, offset: encodeUtf8(text.slice(0, error.offset)).length };
}

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

/**
 * Reads values of a JSON text (RFC 8259) one after the other: whole, or an array or object step by step, for those who make
 * something else of it than a tree. It reads as `JSON.parse` does, and refuses besides: a name twice in one object, numbers that
 * are too large for a double, whole numbers of more than 40 digits, lone surrogates, more depth or values than the limits allow.
 * Recursive descent; each method gives undefined after it has set `error`, and the reader is done then.
 */
export class JsonReader {
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

  /** In characters. */
  get position(): number {
    return this.#position;
  }

  /** JSON-text = ws value ws: true when nothing comes after the value; `error` is set otherwise. */
  atEnd(): boolean {
    this.#skipWhiteSpace();
    if (this.#position === this.#text.length) return true;
    this.refuse('nothing comes after the value');
    return false;
  }

  /** The code of the character that the next value begins with; NaN at the end. */
  peek(): number {
    this.#skipWhiteSpace();
    return this.#text.charCodeAt(this.#position);
  }

  /** A whole value. */
  value(): StrictJson | undefined {
    switch (this.peek()) {
      case Json.Object:
        return this.#object();
      case Json.Array:
        return this.#array();
      case Json.Quote:
        return this.#count() ? this.#string() : undefined;
      case 0x74:
        return this.#count() ? this.#word('true', true) : undefined;
      case 0x66:
        return this.#count() ? this.#word('false', false) : undefined;
      case 0x6e:
        return this.#count() ? this.#word('null', null) : undefined;
      default:
        return this.#count() ? this.#number() : undefined;
    }
  }

  /**
   * Goes into an array or an object; only where {@link peek} says so. Then: {@link first} before the first element or name,
   * {@link next} before each further one.
   */
  enter(): true | undefined {
    if (!this.#count()) return undefined;
    if (this.#depth === this.#maximumDepth) {
      return this.refuse(`values lie more than ${this.#maximumDepth} deep`, 'too-large');
    }
    this.#depth++;
    this.#position++;
    return true;
  }

  /** False: the array or object that `end` closes is empty, and left. */
  first(end: number): boolean {
    return !this.#skipEnd(end);
  }

  /** False: the array or object that `end` closes has no more, and is left. */
  next(end: typeof Json.ArrayEnd | typeof Json.ObjectEnd): boolean | undefined {
    if (this.#skipEnd(end)) return false;
    if (this.#skip(0x2c)) return true;
    const isArray = end === Json.ArrayEnd;
    return this.refuse(isArray ? '"," or "]" is missing after an element' : '"," or "}" is missing after a member');
  }

  /** The name of a member and the colon behind it. */
  name(): string | undefined {
    const name = this.peek() === Json.Quote ? this.#string() : this.refuse('a name in quotes is missing');
    if (name === undefined || this.#skip(0x3a)) return name;
    return this.refuse('":" is missing after a name');
  }

  refuse(message: string, reason: StrictJsonError['reason'] = 'malformed', offset = this.#position): undefined {
    this.error = { reason, message, offset };
  }

  /** A name came before in the object: its member begins at `offset`. */
  refuseTwice(name: string, offset: number): undefined {
    return this.refuse(`"${name.slice(0, 40)}" is there twice in one object`, 'malformed', offset);
  }

  #count(): boolean {
    if (--this.#valuesLeft >= 0) return true;
    this.refuse('there are more values than allowed', 'too-large');
    return false;
  }

  // object = begin-object [ member *( value-separator member ) ] end-object; member = string name-separator value
  #object(): StrictJsonObject | undefined {
    if (!this.enter()) return undefined;
    const members = new Map<string, StrictJson>();
    for (let more: boolean | undefined = this.first(Json.ObjectEnd); more; more = this.next(Json.ObjectEnd)) {
      this.#skipWhiteSpace();
      const start = this.#position;
      const name = this.name();
      if (name === undefined) return undefined;
      if (members.has(name)) return this.refuseTwice(name, start);
      const value = this.value();
      if (value === undefined) return undefined;
      members.set(name, value);
    }
    return this.error ? undefined : members;
  }

  // array = begin-array [ value *( value-separator value ) ] end-array
  #array(): readonly StrictJson[] | undefined {
    if (!this.enter()) return undefined;
    const elements: StrictJson[] = [];
    for (let more: boolean | undefined = this.first(Json.ArrayEnd); more; more = this.next(Json.ArrayEnd)) {
      const value = this.value();
      if (value === undefined) return undefined;
      elements.push(value);
    }
    return this.error ? undefined : elements;
  }

  // string = quotation-mark *char quotation-mark
  #string(): string | undefined {
    const text = this.#text;
    const start = ++this.#position;
    let at = start;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === Json.Quote) {
        this.#position = at + 1;
        return text.slice(start, at);
      }
      if (code === 0x5c || !(code >= 0x20)) return this.#stringFrom(start, at);
      at++;
    }
  }

  /** A string whose first escape, control character or end without a quotation mark is at `at`. */
  #stringFrom(start: number, at: number): string | undefined {
    const text = this.#text;
    let value = text.slice(start, at);
    this.#position = at;
    for (let from = at; ; ) {
      const code = text.charCodeAt(this.#position);
      if (code === Json.Quote) {
        value += text.slice(from, this.#position++);
        // The text is well-formed as it was UTF-8: only escapes can make half a pair.
        return value.isWellFormed() ? value : this.refuse('a string holds half of a surrogate pair');
      }
      if (code === 0x5c) {
        value += text.slice(from, this.#position);
        const character = this.#escape();
        if (character === undefined) return undefined;
        value += character;
        from = this.#position;
      } else if (code >= 0x20) {
        this.#position++;
      } else {
        const what = Number.isNaN(code) ? 'a quotation mark is missing' : 'control characters are escaped in a string';
        return this.refuse(what);
      }
    }
  }

  // char = unescaped / escape ( %x22 / %x5C / %x2F / "b" / "f" / "n" / "r" / "t" / "u" 4HEXDIG )
  #escape(): string | undefined {
    const letter = this.#text[this.#position + 1] ?? '';
    if (letter === 'u') {
      const digits = this.#text.slice(this.#position + 2, this.#position + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) return this.refuse('four hexadecimal digits are missing after \\u');
      this.#position += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = escapes[letter];
    if (character === undefined) return this.refuse('this is no escape that JSON has');
    this.#position += 2;
    return character;
  }

  // number = [ minus ] int [ frac ] [ exp ]; int = zero / ( digit1-9 *DIGIT )
  #number(): number | bigint | undefined {
    const text = this.#text;
    const start = this.#position;
    const first = text.charCodeAt(start) === 0x2d ? start + 1 : start;
    const whole = this.#digits(first);
    if (whole === first) return this.refuse('a value is missing');
    // A zero is all there is to a whole number that begins with it.
    const integer = text.charCodeAt(first) === 0x30 ? first + 1 : whole;
    const end = this.#exponent(this.#fraction(integer));
    if (end === integer) return this.#integer(start, end);
    const value = Number(text.slice(start, end));
    if (!Number.isFinite(value)) return this.refuse('a number is too large');
    this.#position = end;
    return value;
  }

  #integer(start: number, end: number): number | bigint | undefined {
    const digits = this.#text.slice(start, end);
    const value = Number(digits);
    if (!Number.isFinite(value)) return this.refuse('a number is too large');
    if (!Number.isSafeInteger(value) && digits.length > 40) {
      return this.refuse('a whole number has more than 40 digits');
    }
    this.#position = end;
    return Number.isSafeInteger(value) ? value : BigInt(digits);
  }

  // frac = decimal-point 1*DIGIT
  #fraction(at: number): number {
    if (this.#text.charCodeAt(at) !== 0x2e) return at;
    const end = this.#digits(at + 1);
    return end === at + 1 ? at : end;
  }

  // exp = e [ minus / plus ] 1*DIGIT
  #exponent(at: number): number {
    if ((this.#text.charCodeAt(at) | 0x20) !== 0x65) return at;
    const sign = this.#text.charCodeAt(at + 1);
    const start = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
    const end = this.#digits(start);
    return end === start ? at : end;
  }

  /** Where the digits that begin at `at` end. */
  #digits(at: number): number {
    let end = at;
    for (let code = this.#text.charCodeAt(end); code >= 0x30 && code <= 0x39; ) code = this.#text.charCodeAt(++end);
    return end;
  }

  #word<T extends StrictJson>(word: string, value: T): T | undefined {
    if (!this.#text.startsWith(word, this.#position)) return this.refuse('a value is missing');
    this.#position += word.length;
    return value;
  }

  #skipEnd(end: number): boolean {
    if (!this.#skip(end)) return false;
    this.#depth--;
    return true;
  }

  #skip(code: number): boolean {
    if (this.peek() !== code) return false;
    this.#position++;
    return true;
  }

  #skipWhiteSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#position);
      if (code > 0x20 || (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09)) return;
      this.#position++;
    }
  }
}
