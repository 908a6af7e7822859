import { XmlElement, type XmlNode } from './element.ts';
import { parseXmlText, type XmlContext } from './parse.ts';
import { escapeAttribute, serialiseXml } from './serialise.ts';

/** What a client's stream declares: literals are read as if they stood in one. */
export const clientContext: XmlContext = {
  defaultNamespace: 'jabber:client',
  prefixes: { stream: 'http://etherx.jabber.org/streams' },
};

/**
 * XML as it is written, for tests and constants: ``xml`<message to='${jid}'><body>Hi</body></message>` ``. Without an `xmlns` of its
 * own it is of `jabber:client`, and the prefix `stream` is that of streams. Strings are escaped, elements are put in; white
 * space that holds a line break and stands alone between tags is left out.
 * @throws SyntaxError when that is no well-formed element
 */
export function xml(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | XmlElement | undefined)[]
): XmlElement {
  let text = parts[0]!;
  for (const [index, value] of values.entries()) {
    if (value instanceof XmlElement) text += serialiseXml(value);
    else if (value !== undefined) text += escapeAttribute(String(value));
    text += parts[index + 1]!;
  }
  const parsed = parseXmlText(text, clientContext);
  if (!parsed.ok) {
    const { reason, at } = parsed.error;
    throw new SyntaxError(`${reason} at ${JSON.stringify(text.slice(at, at + 20))} of ${text}`);
  }
  return withoutIndentation(parsed.value);
}

function withoutIndentation(element: XmlElement): XmlElement {
  const children: XmlNode[] = [];
  for (const node of element.children) {
    if (typeof node !== 'string') children.push(withoutIndentation(node));
    else if (!/^\s*\n\s*$/.test(node)) children.push(node);
  }
  return new XmlElement(element.name, element.namespace, element.attributes, children);
}
