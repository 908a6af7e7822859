import { decodeLinks, describeLinkRefusal, encodeLinks, type Link, linkAttribute } from '@yaolian/coap';
import { decodeUtf8, encodeUtf8, failure, type Result, success } from '@yaolian/kernel';
import { consumeId } from './path.ts';

/** Bounds on the links of a Register or Update. */
export interface ObjectLinksLimits {
  /** Bytes of payload; default 64 KiB. */
  readonly maximumBytes?: number;
  /** Links in it; default 4,096. */
  readonly maximumLinks?: number;
}

/** Why an object list is refused; 4.00 says it to the terminal. */
export interface ObjectLinksError {
  readonly code: 'malformed' | 'too-large';
  readonly message: string;
  /** Where in the payload, in characters. */
  readonly offset: number;
}

export interface RegisteredObject {
  /** The object version that `ver` says, `1.1`; undefined when the terminal says none, which means 1.0 (or the one it must be). */
  readonly version: string | undefined;
  /** Instance ids, ascending. */
  readonly instances: readonly number[];
}

/** What a terminal said it has (OMA-TS-LightweightM2M_Core 1.1 §6.4.1). */
export interface ObjectLinks {
  /** The segments of the alternate path that objects live under: `['lwm2m']` for `</lwm2m>;rt="oma.lwm2m"`; mostly none. */
  readonly rootPath: readonly string[];
  /** The `ct` of the root link: Content-Formats that the terminal reads and writes besides the mandatory ones. */
  readonly contentFormats: readonly number[];
  /** Every attribute of the root link as written, `rt` and `ct` included; `''` for a flag such as `hb`. */
  readonly rootAttributes: ReadonlyMap<string, string>;
  /** By object id, ascending. Object 0 is there when the terminal listed it, though servers have no business with it. */
  readonly objects: ReadonlyMap<number, RegisteredObject>;
}

const defaults = { maximumBytes: 65_536, maximumLinks: 4_096 } as const;

/**
 * Reads the payload of a Register or Update. Tolerates what terminals send: no root link, object 0, versions on instances,
 * links to things that are no objects (which are left out), targets without the first slash.
 */
export function parseObjectLinks(
  payload: Uint8Array | string,
  limits: ObjectLinksLimits = {},
): Result<ObjectLinks, ObjectLinksError> {
  const decoded = decodeLinks(payload, {
    maximumLength: limits.maximumBytes ?? defaults.maximumBytes,
    maximumLinks: limits.maximumLinks ?? defaults.maximumLinks,
  });
  if (decoded.ok) {
    const links = readLinks(decoded.value);
    return links.rootPath.every(isAddressable) ? success(links) : failure(unreachable);
  }
  const code = tooLarge.has(decoded.error.reason) ? 'too-large' : 'malformed';
  const message = `the object list is not link-format such as </1/0>,</3/0>: ${describeLinkRefusal(decoded.error)}`;
  return failure({ code, message, offset: decoded.error.offset });
}

/**
 * Reads what a device behind a gateway has (OMA-TS-LWM2M_Gateway 1.1 §6, resource 25/x/3): an object list as a Register has it. Some
 * gateways write the device's prefix into it.
 * @param prefix one that is a prefix
 */
export function parseEndDeviceLinks(
  text: string,
  prefix: string,
  limits: ObjectLinksLimits = {},
): Result<ObjectLinks, ObjectLinksError> {
  const start = new RegExp(`</?${prefix}(?=[/>])`, 'g');
  return parseObjectLinks(text.replace(start, '<'), limits);
}

const tooLarge: ReadonlySet<string> = new Set(['too-long', 'too-many-links', 'too-many-attributes']);

/** RFC 7252 §5.10.1: a Uri-Path segment has at most 255 bytes, and is not "." or "..". */
function isAddressable(segment: string): boolean {
  return segment !== '.' && segment !== '..' && (segment.length <= 85 || encodeUtf8(segment).length <= 255);
}

const unreachable: ObjectLinksError = {
  code: 'malformed',
  message: 'no request can be made of the alternate path: a segment has more than 255 bytes, or is "." or ".."',
  offset: 0,
};

function readLinks(links: readonly Link[]): ObjectLinks {
  const root = links.find(isRoot) ?? links.find((link) => link.target === '/');
  const prefix = root === undefined ? '' : trimSlashes(root.target);
  const found = new Map<number, { version: string | undefined; instances: Set<number> }>();
  for (const link of links) if (link !== root) addLink(found, link, prefix);
  return {
    rootPath: prefix === '' ? [] : prefix.split('/').map(decodeSegment),
    contentFormats: readContentFormats(root),
    rootAttributes: readAttributes(root),
    objects: sorted(found),
  };
}

// OMA-TS-LightweightM2M_Core 1.1 §6.4.1: the alternate path is the one whose resource type is oma.lwm2m.
function isRoot(link: Link): boolean {
  return linkAttribute(link, 'rt')?.split(' ').includes('oma.lwm2m') ?? false;
}

function addLink(
  found: Map<number, { version: string | undefined; instances: Set<number> }>,
  link: Link,
  prefix: string,
): void {
  const target = trimSlashes(link.target);
  if (prefix !== '' && !target.startsWith(`${prefix}/`)) return;
  const path = prefix === '' ? target : target.slice(prefix.length + 1);
  const objectEnd = consumeId(path, 0);
  if (objectEnd < 0) return;
  const hasInstance = objectEnd < path.length;
  if (hasInstance && (path[objectEnd] !== '/' || consumeId(path, objectEnd + 1) !== path.length)) return;
  const objectId = Number(path.slice(0, objectEnd));
  const object = found.get(objectId) ?? { version: undefined, instances: new Set<number>() };
  found.set(objectId, object);
  object.version ??= linkAttribute(link, 'ver') || undefined;
  if (hasInstance) object.instances.add(Number(path.slice(objectEnd + 1)));
}

function sorted(
  found: ReadonlyMap<number, { version: string | undefined; instances: Set<number> }>,
): ReadonlyMap<number, RegisteredObject> {
  const objects = new Map<number, RegisteredObject>();
  for (const id of [...found.keys()].sort((a, b) => a - b)) {
    const { version, instances } = found.get(id)!;
    objects.set(id, { version, instances: [...instances].sort((a, b) => a - b) });
  }
  return objects;
}

function readAttributes(root: Link | undefined): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const { name, value } of root?.attributes ?? []) if (!attributes.has(name)) attributes.set(name, value ?? '');
  return attributes;
}

function readContentFormats(root: Link | undefined): readonly number[] {
  const text = root === undefined ? undefined : linkAttribute(root, 'ct');
  if (!text) return [];
  return text
    .split(' ')
    .filter((format) => /^\d{1,5}$/.test(format) && Number(format) <= 65_535)
    .map(Number);
}

function trimSlashes(target: string): string {
  return target.replace(/^\//, '').replace(/\/$/, '');
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // escapes that are no UTF-8: the segment stands as it is written
  }
}

/**
 * The text of an object list: what a terminal sends. The inverse of {@link parseObjectLinks} but for attributes that it leaves out.
 */
export function formatObjectLinks(links: Omit<ObjectLinks, 'rootAttributes'>): string {
  const root = `/${links.rootPath.map(encodeURIComponent).join('/')}`;
  const list: Link[] = [{ target: root, attributes: [{ name: 'rt', value: 'oma.lwm2m' }] }];
  if (links.contentFormats.length > 0) {
    list[0] = {
      target: root,
      attributes: [...list[0]!.attributes, { name: 'ct', value: links.contentFormats.join(' ') }],
    };
  }
  const prefix = root === '/' ? '' : root;
  for (const [id, { version, instances }] of links.objects) {
    const attributes = version === undefined ? [] : [{ name: 'ver', value: version }];
    // An object without a version is said by its instances alone, as LwM2M 1.0 does.
    if (version !== undefined || instances.length === 0) list.push({ target: `${prefix}/${id}`, attributes });
    for (const instance of instances) list.push({ target: `${prefix}/${id}/${instance}`, attributes: [] });
  }
  return encodeLinks(list);
}

/** An object list, read and as it came. */
export interface ReadObjectLinks {
  /** The payload's text: the same string for the same payload while it is remembered, so that many terminals share it. */
  readonly text: string;
  readonly links: ObjectLinks;
}

/**
 * Reads object lists of many terminals, most of which send the same few: remembers the ones it saw last, so that the usual
 * Register costs a look-up. Refused lists are not remembered.
 */
export class ObjectLinksReader {
  readonly #limits: ObjectLinksLimits;
  readonly #remembered = new Map<string, ReadObjectLinks>();
  readonly #maximumRemembered: number;
  readonly #maximumCharacters: number;
  #characters = 0;

  /**
   * @param options.maximumRemembered lists (of at most 2,048 characters each) to remember; default 1,000
   * @param options.maximumRememberedCharacters of all of them; a list that was read takes up to 20 bytes for each. Default 1,048,576
   */
  constructor(
    options: ObjectLinksLimits & {
      readonly maximumRemembered?: number;
      readonly maximumRememberedCharacters?: number;
    } = {},
  ) {
    this.#limits = options;
    this.#maximumRemembered = options.maximumRemembered ?? 1_000;
    this.#maximumCharacters = options.maximumRememberedCharacters ?? 1_048_576;
  }

  read(payload: Uint8Array | string): Result<ReadObjectLinks, ObjectLinksError> {
    if (payload.length <= 2_048) {
      const text = typeof payload === 'string' ? payload : decodeUtf8(payload);
      const known = text === undefined ? undefined : this.#remembered.get(text);
      if (known) return success(known);
    }
    const parsed = parseObjectLinks(payload, this.#limits);
    if (!parsed.ok) return parsed;
    const text = typeof payload === 'string' ? payload : decodeUtf8(payload)!;
    const read: ReadObjectLinks = { text, links: parsed.value };
    if (text.length <= 2_048) this.#remember(read);
    return success(read);
  }

  #remember(read: ReadObjectLinks): void {
    if (this.#maximumRemembered === 0) return;
    this.#characters += read.text.length;
    this.#remembered.set(read.text, read);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= this.#maximumRemembered && this.#characters <= this.#maximumCharacters) return;
      this.#remembered.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}
