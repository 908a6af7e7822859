import { decodeLinks, describeLinkRefusal, encodeLinks, type Link, type LinkAttribute } from '@yaolian/coap';
import { decodeUtf8, encodeUtf8, type Result, success } from '@yaolian/kernel';
import {
  formatAttributeValue,
  type NotificationAttributes,
  notificationAttributeName,
  notificationAttributeNames,
  parseAttributeValue,
} from '../attributes.ts';
import { formatPath, type Lwm2mPath, parsePath } from '../path.ts';
import type { ContentError } from './content.ts';
import { refuse } from './refusal.ts';

/**
 * One line of what Discover and Bootstrap-Discover answer (OMA-TS-LightweightM2M_Core 1.1 §6.3.2, §6.1.7.2): a path and its
 * attributes by their names on the wire.
 */
export interface DiscoveredLink {
  readonly path: Lwm2mPath;
  /** pmin, pmax, gt, lt, st, …: those attached to just this path. */
  readonly attributes: NotificationAttributes;
  /** Dimension: how many instances a resource has. */
  readonly dim?: number;
  /** Object version. */
  readonly ver?: string;
  /** Short server id of a Server or Security instance (Bootstrap-Discover). */
  readonly ssid?: number;
  /** Server URI of a Security instance (Bootstrap-Discover). */
  readonly uri?: string;
  /** Enabler version, on the root (Bootstrap-Discover). */
  readonly lwm2m?: string;
  /** What is none of these, as written; `''` for a flag. */
  readonly others?: ReadonlyMap<string, string>;
}

export interface DiscoverOptions {
  /** The segments of the terminal's alternate path; cut off the targets. */
  readonly rootPath?: readonly string[];
  /** Default 10,000. */
  readonly maximumLinks?: number;
  /** Default 1 MiB. */
  readonly maximumBytes?: number;
}

/**
 * Reads the answer to a Discover or Bootstrap-Discover. Links that are no LwM2M paths are left out; attributes that are not
 * what they should be are kept among the others. The form of LwM2M 1.0 for the version, `lwm2m="1.0",</0/0>`, is understood.
 */
export function decodeDiscover(
  bytes: Uint8Array,
  options: DiscoverOptions = {},
): Result<readonly DiscoveredLink[], ContentError> {
  const limits = { maximumLength: options.maximumBytes ?? 1_048_576, maximumLinks: options.maximumLinks ?? 10_000 };
  if (bytes.length > limits.maximumLength) {
    return refuse('too-large', `${bytes.length} bytes of links, and ${limits.maximumLength} is the most we take`);
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) return refuse('malformed', 'link-format is UTF-8 text, and this is not', 0);
  // OMA-TS-LightweightM2M 1.0 §5.2.7.2 puts the enabler version before the links, which is no link-format.
  const version = /^\s*lwm2m="?(\d+\.\d+)"?\s*,?/.exec(text);
  const links = decodeLinks(version ? text.slice(version[0].length) : text, limits);
  if (!links.ok) {
    const code = links.error.reason.startsWith('too-') ? 'too-large' : 'malformed';
    return refuse(code, describeLinkRefusal(links.error), links.error.offset + (version?.[0].length ?? 0));
  }
  const found = version ? [{ path: {}, attributes: {}, lwm2m: version[1]! }] : [];
  const prefix = (options.rootPath ?? []).map((segment) => `/${encodeURIComponent(segment)}`).join('');
  return success([...found, ...links.value.flatMap((link) => readLink(link, prefix))]);
}

function readLink(link: Link, prefix: string): DiscoveredLink[] {
  const isBelow = prefix !== '' && (link.target === prefix || link.target.startsWith(`${prefix}/`));
  const path = parsePath(isBelow ? link.target.slice(prefix.length) : link.target);
  return path.ok ? [{ path: path.value, ...readAttributes(link.attributes) }] : [];
}

function readAttributes(written: readonly LinkAttribute[]): Omit<DiscoveredLink, 'path'> {
  const attributes: { -readonly [Name in keyof NotificationAttributes]: NotificationAttributes[Name] } = {};
  const rest: { -readonly [Name in keyof DiscoveredLink]?: DiscoveredLink[Name] } = {};
  const others = new Map<string, string>();
  for (const { name, value = '' } of written) {
    const notification = notificationAttributeName(name);
    const number = notification && parseAttributeValue(notification, value);
    if (number?.ok) attributes[notification!] ??= number.value;
    else if ((name === 'dim' || name === 'ssid') && /^\d{1,5}$/.test(value)) rest[name] ??= Number(value);
    else if ((name === 'ver' || name === 'uri' || name === 'lwm2m') && value !== '') rest[name] ??= value;
    else if (!others.has(name)) others.set(name, value);
  }
  return { attributes, ...rest, ...(others.size > 0 ? { others } : {}) };
}

/** Writes what {@link decodeDiscover} reads. */
export function encodeDiscover(links: Iterable<DiscoveredLink>, rootPath: readonly string[] = []): Uint8Array {
  const prefix = rootPath.map((segment) => `/${encodeURIComponent(segment)}`).join('');
  const list: Link[] = [];
  for (const link of links) {
    const path = formatPath(link.path);
    list.push({ target: path === '/' ? prefix || '/' : prefix + path, attributes: writeAttributes(link) });
  }
  return encodeUtf8(encodeLinks(list));
}

function writeAttributes(link: DiscoveredLink): LinkAttribute[] {
  const written: LinkAttribute[] = [];
  for (const name of ['lwm2m', 'ver', 'dim', 'ssid', 'uri'] as const) {
    if (link[name] !== undefined) written.push({ name, value: String(link[name]) });
  }
  for (const name of notificationAttributeNames) {
    const value = link.attributes[name];
    if (value !== undefined) written.push({ name, value: formatAttributeValue(value) });
  }
  for (const [name, value] of link.others ?? []) written.push({ name, value: value === '' ? undefined : value });
  return written;
}
