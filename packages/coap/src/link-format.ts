import { decodeUtf8, encodeUtf8, failure, type Result, success } from '@yaolian/kernel';

/** One `;name=value` of a link. */
export interface LinkAttribute {
  /** As written; with its `*` when the value is an extended one: `rt`, `ct`, `title*`. */
  readonly name: string;
  /** Without quotes and escapes; undefined for a flag such as `obs`. The ext-value of a `name*` stays as it is on the wire. */
  readonly value: string | undefined;
}

/** A link of the CoRE link format (RFC 6690): `<target>;name=value;flag`. */
export interface Link {
  /** The URI reference between `<` and `>`, percent-encoding kept. */
  readonly target: string;
  /** In the order of the text. RFC 6690 §3: of an attribute that may be there once, the first counts. */
  readonly attributes: readonly LinkAttribute[];
}

/** What {@link decodeLinks} is willing to take apart. Every bound is checked before the work it bounds is done. */
export interface LinkLimits {
  /** Of the whole text, in bytes (in UTF-16 units when text is given). Default 65,536. */
  readonly maximumLength?: number;
  /** Default 2,000. */
  readonly maximumLinks?: number;
  /** Per link. Default 32. */
  readonly maximumAttributes?: number;
  /** Of one target, in characters. Default 1,024. */
  readonly maximumTargetLength?: number;
  /** How many slashes a target may have. Default 32. */
  readonly maximumDepth?: number;
}

const refusalSentences = {
  'too-long': 'the text is longer than allowed',
  'not-utf8': 'the text is not well-formed UTF-8',
  'too-many-links': 'there are more links than allowed',
  'too-many-attributes': 'a link has more attributes than allowed',
  'target-too-long': 'a target is longer than allowed',
  'target-too-deep': 'a target has more path segments than allowed',
  'target-missing': 'a link starts with "<"',
  'target-invalid': 'a target is a URI reference followed by ">"',
  'name-missing': 'an attribute name follows ";"',
  'value-missing': 'a value follows "="',
  'value-invalid': "the value of a name with * is charset'language'percent-encoded-text",
  'quote-unterminated': 'a quoted value ends with a quotation mark',
  'quote-invalid': 'a quoted value has no control characters',
  'separator-missing': 'a link is followed by ",", ";" or the end of the text',
} as const;

export type LinkRefusalReason = keyof typeof refusalSentences;

export interface LinkRefusal {
  readonly reason: LinkRefusalReason;
  /** Where the text stops being right: bytes when bytes were given, UTF-16 units when text was given. */
  readonly offset: number;
}

/** `a link starts with "<" (at offset 12)` */
export function describeLinkRefusal(refusal: LinkRefusal): string {
  return `${refusalSentences[refusal.reason]} (at offset ${refusal.offset})`;
}

/**
 * Reads `application/link-format`, in time proportional to its length. Accepts what RFC 6690 §2 does, and of what terminals
 * send besides: white space around `,` and `;` (RFC 5988 inherits it from HTTP), an empty payload, and any attribute both
 * quoted and unquoted (`ver=1.1`, `ver="1.1"`, `ct=60`).
 */
export function decodeLinks(input: string | Uint8Array, limits: LinkLimits = {}): Result<readonly Link[], LinkRefusal> {
  if (input.length > (limits.maximumLength ?? 65_536)) return failure({ reason: 'too-long', offset: 0 });
  if (typeof input === 'string') return new LinkReader(input, limits).read();
  const text = decodeUtf8(input);
  if (text === undefined) return failure({ reason: 'not-utf8', offset: firstIllFormedByte(input) });
  const links = new LinkReader(text, limits).read();
  if (links.ok) return links;
  const { reason, offset } = links.error;
  return failure({ reason, offset: encodeUtf8(text.slice(0, offset)).length });
}

function firstIllFormedByte(bytes: Uint8Array): number {
  const mended = encodeUtf8(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  let offset = 0;
  while (offset < bytes.length && bytes[offset] === mended[offset]) offset++;
  return offset;
}

const ptokenChar = 1;
const attrChar = 2;
const uriChar = 4;

/** Which productions a character below 128 belongs to. */
const characterClasses = new Uint8Array(128);
for (const [characterClass, characters] of [
  [ptokenChar | attrChar | uriChar, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-._~'],
  [ptokenChar | attrChar, '^`|'],
  [ptokenChar | uriChar, "%'()*/:=?@[]"],
  [ptokenChar, '<>{}'],
  [uriChar, ',;'],
] as const) {
  for (const character of characters) characterClasses[character.charCodeAt(0)] = characterClass;
}

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quotationMark = 0x22;
const percent = 0x25;
const asterisk = 0x2a;
const comma = 0x2c;
const slash = 0x2f;
const semicolon = 0x3b;
const lessThan = 0x3c;
const equalsSign = 0x3d;
const greaterThan = 0x3e;
const backslash = 0x5c;
const deleteCharacter = 0x7f;

/** Recursive descent over the grammar; each `consume` returns undefined after it called `#refuse`. */
class LinkReader {
  readonly #text: string;
  readonly #maximumLinks: number;
  readonly #maximumAttributes: number;
  readonly #maximumTargetLength: number;
  readonly #maximumDepth: number;
  #position = 0;
  #refusal: LinkRefusal | undefined;

  constructor(text: string, limits: LinkLimits) {
    this.#text = text;
    this.#maximumLinks = limits.maximumLinks ?? 2_000;
    this.#maximumAttributes = limits.maximumAttributes ?? 32;
    this.#maximumTargetLength = limits.maximumTargetLength ?? 1_024;
    this.#maximumDepth = limits.maximumDepth ?? 32;
  }

  read(): Result<readonly Link[], LinkRefusal> {
    const links = this.#consumeLinkValueList();
    return links ? success(links) : failure(this.#refusal!);
  }

  // link-value-list = [ link-value *[ "," link-value ]]
  #consumeLinkValueList(): Link[] | undefined {
    const links: Link[] = [];
    this.#skipWhiteSpace();
    if (this.#atEnd()) return links;
    for (;;) {
      if (links.length >= this.#maximumLinks) return this.#refuse('too-many-links');
      const link = this.#consumeLinkValue();
      if (!link) return undefined;
      links.push(link);
      if (this.#atEnd()) return links;
      if (!this.#skip(comma)) return this.#refuse('separator-missing');
      this.#skipWhiteSpace();
    }
  }

  // link-value = "<" URI-Reference ">" *( ";" link-param )
  #consumeLinkValue(): Link | undefined {
    if (!this.#skip(lessThan)) return this.#refuse('target-missing');
    const target = this.#consumeUriReference();
    if (target === undefined) return undefined;
    const attributes: LinkAttribute[] = [];
    this.#skipWhiteSpace();
    while (this.#skip(semicolon)) {
      if (attributes.length >= this.#maximumAttributes) return this.#refuse('too-many-attributes', this.#position - 1);
      this.#skipWhiteSpace();
      const attribute = this.#consumeLinkParam();
      if (!attribute) return undefined;
      attributes.push(attribute);
      this.#skipWhiteSpace();
    }
    return { target, attributes };
  }

  // URI-Reference = <RFC 3986 §4.1>, read as *( unreserved / reserved / "%" HEXDIG HEXDIG ), with the ">" after it
  #consumeUriReference(): string | undefined {
    const start = this.#position;
    let depth = 0;
    for (;;) {
      const character = this.#peek();
      if (character === greaterThan) break;
      if (this.#position - start >= this.#maximumTargetLength) return this.#refuse('target-too-long');
      if (!isOfClass(character, uriChar)) return this.#refuse('target-invalid');
      if (character === percent && !this.#hasHexDigits()) return this.#refuse('target-invalid');
      if (character === slash && ++depth > this.#maximumDepth) return this.#refuse('target-too-deep');
      this.#position++;
    }
    return this.#text.slice(start, this.#position++);
  }

  // link-param     = <named parameters, all of which are also:> link-extension
  // link-extension = ( parmname [ "=" ( ptoken / quoted-string ) ] ) / ( ext-name-star "=" ext-value )
  // ext-name-star  = parmname "*"
  #consumeLinkParam(): LinkAttribute | undefined {
    const name = this.#consumeParmname();
    if (name === undefined) return undefined;
    if (this.#skip(asterisk)) {
      const value = this.#skip(equalsSign) ? this.#consumeExtValue() : this.#refuse('value-missing');
      return value === undefined ? undefined : { name: `${name}*`, value };
    }
    if (!this.#skip(equalsSign)) return { name, value: undefined };
    const value = this.#skip(quotationMark) ? this.#consumeQuotedString() : this.#consumePtoken();
    return value === undefined ? undefined : { name, value };
  }

  // parmname = 1*attr-char (RFC 5987 §3.2.1)
  #consumeParmname(): string | undefined {
    return this.#consumeRun(attrChar) ?? this.#refuse('name-missing');
  }

  // ptoken = 1*ptokenchar
  #consumePtoken(): string | undefined {
    return this.#consumeRun(ptokenChar) ?? this.#refuse('value-missing');
  }

  // ext-value = charset "'" [ language ] "'" *( pct-encoded / attr-char ) (RFC 5987 §3.2.1)
  #consumeExtValue(): string | undefined {
    const start = this.#position;
    const value = this.#consumePtoken();
    return value === undefined || extValue.test(value) ? value : this.#refuse('value-invalid', start);
  }

  // quoted-string = <"> *( qdtext / quoted-pair ) <">; quoted-pair = "\" CHAR (RFC 2616 §2.2)
  #consumeQuotedString(): string | undefined {
    let start = this.#position;
    let value = '';
    for (;;) {
      const character = this.#peek();
      if (character === quotationMark) return value + this.#text.slice(start, this.#position++);
      if (character === backslash) {
        value += this.#text.slice(start, this.#position++);
        start = this.#position;
      } else if ((character < space && character !== tab) || character === deleteCharacter) {
        return this.#refuse('quote-invalid');
      }
      if (this.#atEnd()) return this.#refuse('quote-unterminated');
      this.#position++;
    }
  }

  #consumeRun(characterClass: number): string | undefined {
    const start = this.#position;
    while (isOfClass(this.#peek(), characterClass)) this.#position++;
    return this.#position === start ? undefined : this.#text.slice(start, this.#position);
  }

  #skipWhiteSpace(): void {
    for (;;) {
      const character = this.#peek();
      if (character !== space && character !== tab && character !== carriageReturn && character !== lineFeed) return;
      this.#position++;
    }
  }

  #skip(character: number): boolean {
    if (this.#peek() !== character) return false;
    this.#position++;
    return true;
  }

  /** NaN, which compares false with everything, at the end. */
  #peek(): number {
    return this.#text.charCodeAt(this.#position);
  }

  #atEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  #hasHexDigits(): boolean {
    return hexDigits.test(this.#text.slice(this.#position + 1, this.#position + 3));
  }

  #refuse(reason: LinkRefusalReason, offset = this.#position): undefined {
    this.#refusal = { reason, offset };
  }
}

const hexDigits = /^[0-9A-Fa-f]{2}$/;
const extValue = /^[A-Za-z0-9!#$%&+\-^_`{}~]+'[A-Za-z0-9-]*'(?:[A-Za-z0-9!#$&+\-.^_`|~]|%[0-9A-Fa-f]{2})*$/;

function isOfClass(character: number, characterClass: number): boolean {
  return character < 128 && (characterClasses[character]! & characterClass) !== 0;
}

/**
 * The canonical text of `links`: no white space, attributes in their order, numbers bare (`ct=40`, `ver=1.1`), `hreflang`
 * and extended values bare, everything else quoted. {@link decodeLinks} reads it back to the same links.
 * @throws RangeError when a target is no URI reference, or a name or extended value not of the grammar
 */
export function encodeLinks(links: Iterable<Link>): string {
  let text = '';
  for (const link of links) {
    text += `${text === '' ? '' : ','}<${checkedTarget(link.target)}>`;
    for (const attribute of link.attributes) text += encodeAttribute(attribute);
  }
  return text;
}

const targetText = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;
const nameText = /^[A-Za-z0-9!#$&+\-.^_`|~]+\*?$/;
const numberText = /^-?[0-9]+(?:\.[0-9]+)?$/;
const languageTagText = /^[A-Za-z0-9-]+$/;
/** RFC 6690 §2 has these as quoted-string only, or quotes them in every example; RFC 6690 readers rely on it. */
const alwaysQuoted: ReadonlySet<string> = new Set(['title', 'anchor', 'rt', 'if', 'rel', 'rev']);

function checkedTarget(target: string): string {
  if (!targetText.test(target)) throw new RangeError(`"${target}" is not a URI reference (RFC 3986)`);
  return target;
}

function encodeAttribute({ name, value }: LinkAttribute): string {
  if (!nameText.test(name)) throw new RangeError(`"${name}" is not an attribute name of RFC 6690`);
  if (name.endsWith('*')) {
    if (value === undefined || !extValue.test(value)) {
      throw new RangeError(`${name} takes charset'language'percent-encoded-text (RFC 5987), not "${value}"`);
    }
    return `;${name}=${value}`;
  }
  if (value === undefined) return `;${name}`;
  const bare = name === 'hreflang' ? languageTagText.test(value) : !alwaysQuoted.has(name) && numberText.test(value);
  return bare ? `;${name}=${value}` : `;${name}="${quote(value)}"`;
}

function quote(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters travel only as quoted-pair
  return value.replaceAll(/["\\\u0000-\u0008\u000a-\u001f\u007f]/g, '\\$&');
}

/** The first attribute called `name`: its value, `''` for a flag, undefined when the link has none. */
export function linkAttribute(link: Link, name: string): string | undefined {
  const attribute = link.attributes.find((candidate) => candidate.name === name);
  return attribute && (attribute.value ?? '');
}
