import { decodeUtf8, failure, type Result, success } from '@yaolian/kernel';
import type { XmlElement } from './element.ts';
import { defaultXmlLimits, type XmlFault, type XmlLimits } from './fault.ts';
import type { NamespaceScope } from './namespace-scope.ts';
import { XmlReader } from './reader.ts';

/** In whose midst XML is read: what the tags around it declared. */
export interface XmlContext {
  /** Of elements without a prefix. Default: none. */
  readonly defaultNamespace?: string;
  /** Prefix to namespace. */
  readonly prefixes?: Readonly<Record<string, string>>;
  /** In place of `prefixes`, by who reads many stanzas of one stream. @internal */
  readonly scope?: NamespaceScope | undefined;
}

export type XmlParseOptions = XmlContext & XmlLimits;

/**
 * Reads one whole element, strictly: XML 1.0 with namespaces, less what RFC 6120 §11.1 forbids. White space around it is
 * passed over; CDATA sections become text. Work and memory are in proportion to the input.
 */
export function parseXml(bytes: Uint8Array, options: XmlParseOptions = {}): Result<XmlElement, XmlFault> {
  const { maximumSize = defaultXmlLimits.maximumSize } = options;
  if (bytes.length > maximumSize) return failure({ reason: 'too-large', at: maximumSize });
  const text = decodeUtf8(bytes);
  if (text === undefined) return failure({ reason: 'not-utf-8', at: 0 });
  return parseXmlText(text, options);
}

/** {@link parseXml} of a text; `maximumSize` is not looked at. */
export function parseXmlText(text: string, options: XmlParseOptions = {}): Result<XmlElement, XmlFault> {
  const reader = new XmlReader(text, options);
  const root = reader.read();
  return root === undefined ? failure({ reason: reader.fault, at: reader.at }) : success(root);
}
