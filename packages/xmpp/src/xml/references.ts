import { failure, type Result, success } from '@yaolian/kernel';
import { isXmlCharacter } from './characters.ts';
import type { XmlFault } from './fault.ts';

/** XML 1.0 §4.6: the entities that need no declaration. */
const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' };

const longestReference = 12;

/**
 * Text as it is written to text as it is meant: references replaced, line ends made one (XML 1.0 §2.11) and, in values of
 * attributes, white space made spaces (§3.3.3).
 */
export function decodeReferences(written: string, isAttribute: boolean): Result<string, XmlFault> {
  let at = written.indexOf('&');
  if (at < 0) return success(normalised(written, isAttribute));
  let text = '';
  let from = 0;
  while (at >= 0) {
    text += normalised(written.slice(from, at), isAttribute);
    const end = written.slice(at, at + longestReference).indexOf(';');
    const name = end < 0 ? '' : written.slice(at + 1, at + end);
    const meant = name.startsWith('#')
      ? numbered(name)
      : Object.hasOwn(predefined, name)
        ? predefined[name]
        : undefined;
    if (meant === undefined) {
      // RFC 6120 §11.1: a name that stands for something a document type would have to declare.
      const isEntity = /^&[^\s#;<&]+;/.test(written.slice(at));
      return failure({ reason: isEntity ? 'entity-reference' : 'not-well-formed', at });
    }
    text += meant;
    from = at + end + 1;
    at = written.indexOf('&', from);
  }
  return success(text + normalised(written.slice(from), isAttribute));
}

/** XML 1.0 §4.1 [66]. @param name with its `#` */
function numbered(name: string): string | undefined {
  const isHex = name.startsWith('#x');
  if (!(isHex ? /^#x[0-9a-fA-F]{1,8}$/ : /^#[0-9]{1,9}$/).test(name)) return undefined;
  const code = Number.parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10);
  return isXmlCharacter(code) ? String.fromCodePoint(code) : undefined;
}

function normalised(text: string, isAttribute: boolean): string {
  if (isAttribute) return /[\t\n\r]/.test(text) ? text.replaceAll(/\r\n|[\t\n\r]/g, ' ') : text;
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}
