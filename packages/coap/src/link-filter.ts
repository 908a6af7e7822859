import type { Link, LinkAttribute } from './link-format.ts';

/** Attributes whose value is a list separated by spaces: RFC 6690 §2 (relation-types), RFC 7252 §7.2.1 (ct). */
const spaceSeparated: ReadonlySet<string> = new Set(['rel', 'rev', 'rt', 'if', 'ct']);

/**
 * The links that a request for `/.well-known/core` with these queries asks for (RFC 6690 §4.1): `rt=temperature`,
 * `if=core.s*`, `href=/sensors/*`, `ct=40`. Several queries must all match. A query without `=` asks for the attribute's presence.
 * @param queries decoded, as Uri-Query options carry them
 */
export function filterLinks(links: readonly Link[], queries: readonly string[]): readonly Link[] {
  if (queries.length === 0) return links;
  const filters = queries.map(readFilter);
  return links.filter((link) => filters.every((filter) => filter(link)));
}

// filter-query = resource-param "=" query-pattern; query-pattern = search-token [ "*" ]
function readFilter(query: string): (link: Link) => boolean {
  const equals = query.indexOf('=');
  const name = equals < 0 ? query : query.slice(0, equals);
  const pattern = equals < 0 ? '*' : query.slice(equals + 1);
  const isPrefix = pattern.endsWith('*');
  const token = isPrefix ? pattern.slice(0, -1) : pattern;
  const matches = (value: string): boolean => (isPrefix ? value.startsWith(token) : value === token);
  if (name === 'href')
    return ({ target }) => matches(target) || (target.includes('%') && matches(decodeTarget(target)));
  return ({ attributes }) =>
    attributes.some((attribute) => attribute.name === name && valuesOf(attribute).some((value) => matches(value)));
}

function valuesOf({ name, value = '' }: LinkAttribute): readonly string[] {
  return spaceSeparated.has(name) && value.includes(' ') ? value.split(/ +/) : [value];
}

/** Uri-Query options carry their text decoded (RFC 7252 §6.4), so a target is also compared decoded. */
function decodeTarget(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target; // escapes that are no UTF-8: only the text as it stands can match
  }
}
