/** What is wrong with a text of JSON although it can be read. */
export type JsonFault =
  | { readonly kind: 'name-twice'; readonly name: string }
  | { readonly kind: 'name-reserved'; readonly name: string }
  | { readonly kind: 'too-deep' };

/** Objects and arrays within each other. */
export const maximumDepth = 64;

/**
 * Looks at what `JSON.parse` passes over: a name that comes twice in an object (RFC 7493 §2.3: of which the last would count, unseen),
 * `__proto__`, and nesting that is of no use. Linear in the length.
 * @param text what JSON.parse reads
 */
export function jsonFault(text: string): JsonFault | undefined {
  /** The names of each object that is open; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
      case 0x5b: // [
        if (open.length === maximumDepth) return { kind: 'too-deep' };
        open.push(text[at] === '{' ? new Set() : undefined);
        break;
      case 0x7d:
      case 0x5d:
        open.pop();
        break;
      case 0x22: {
        const end = endOfString(text, at);
        const names = open.at(-1);
        if (names !== undefined && isName(text, end)) {
          const name = JSON.parse(text.slice(at, end)) as string;
          if (name === '__proto__') return { kind: 'name-reserved', name };
          if (names.has(name)) return { kind: 'name-twice', name };
          names.add(name);
        }
        at = end - 1;
        break;
      }
      default:
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at + 1;
}

/** Whether a colon follows. */
function isName(text: string, from: number): boolean {
  let at = from;
  while (' \t\r\n'.includes(text[at] ?? 'x')) at++;
  return text[at] === ':';
}
