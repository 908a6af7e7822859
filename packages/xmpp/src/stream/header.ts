import { decodeUtf8, failure, type Result, success } from '@yaolian/kernel';
import { namespaces } from '../namespaces.ts';
import type { XmlAttributes } from '../xml/element.ts';
import { defaultXmlLimits, xmlFaultConditions } from '../xml/fault.ts';
import type { NamespaceScope } from '../xml/namespace-scope.ts';
import { escapeAttribute } from '../xml/serialise.ts';
import { TagReader } from '../xml/tag-reader.ts';
import type { StreamError } from './stream-error.ts';

/** RFC 6120 §4.7: what opens a stream. */
export interface StreamHeader {
  readonly to?: string | undefined;
  readonly from?: string | undefined;
  readonly id?: string | undefined;
  /** Absent from peers older than RFC 3920. */
  readonly version?: string | undefined;
  readonly language?: string | undefined;
}

/** How a stream writes its stanzas. */
export interface StreamNames {
  /** Of the stream's element, as it is written: its end tag repeats it. */
  readonly qualifiedName: string;
  readonly defaultNamespace: string;
  readonly scope: NamespaceScope | undefined;
  /** Nothing is declared but `jabber:client` and `stream`: stanzas can be relayed as they came to streams that are so too. */
  readonly isPlain: boolean;
}

/** RFC 6120 §4.2: the XML declaration and the start tag. @param content the namespace of its stanzas */
export function encodeStreamHeader(header: StreamHeader, content: string = namespaces.client): string {
  const { streams } = namespaces;
  return `<?xml version='1.0'?><stream:stream xmlns='${content}' xmlns:stream='${streams}'${encodeAttributes(header)}>`;
}

/** RFC 7395 §3.4. */
export function encodeOpen(header: StreamHeader): string {
  return `<open xmlns='${namespaces.framing}'${encodeAttributes(header)}/>`;
}

function encodeAttributes({ to, from, id, version, language }: StreamHeader): string {
  return Object.entries({ to, from, id, version, 'xml:lang': language })
    .map(([name, value]) => (value === undefined ? '' : ` ${name}='${escapeAttribute(value)}'`))
    .join('');
}

/** What `<open/>` or a start tag says. */
export function headerOf(attributes: XmlAttributes): StreamHeader {
  return {
    to: attributes['to'],
    from: attributes['from'],
    id: attributes['id'],
    version: attributes['version'],
    language: attributes['xml:lang'],
  };
}

const declaration =
  /^<\?xml\s+version\s*=\s*(?:'1\.\d+'|"1\.\d+")(?:\s+encoding\s*=\s*(['"])([^'"]*)\1)?(?:\s+standalone\s*=\s*(?:'yes'|"yes"|'no'|"no"))?\s*\?>\s*/;

/**
 * Reads what a `StanzaScanner` took for a header.
 * @param content the namespace of its stanzas; whatever it is, they are read as those of `jabber:client`
 */
export function decodeStreamHeader(
  bytes: Uint8Array,
  content: string = namespaces.client,
): Result<{ header: StreamHeader; names: StreamNames }, StreamError> {
  const text = decodeUtf8(bytes);
  if (text === undefined) return failure({ condition: 'unsupported-encoding' });
  let start = 0;
  if (text.startsWith('<?')) {
    const declared = declaration.exec(text);
    if (declared === null) return failure({ condition: 'not-well-formed' });
    // RFC 6120 §11.6.
    if (declared[2] !== undefined && declared[2].toLowerCase() !== 'utf-8')
      return failure({ condition: 'unsupported-encoding' });
    start = declared[0].length;
  }
  const tag = new TagReader(text, defaultXmlLimits.maximumAttributes);
  if (text.charCodeAt(start) !== 0x3c || !tag.readStartTag(start, '', undefined)) {
    return failure({ condition: xmlFaultConditions[tag.fault] });
  }
  if (tag.name !== 'stream') return failure({ condition: 'bad-format' });
  // RFC 6120 §4.8.1, §4.8.3.
  if (tag.namespace !== namespaces.streams) return failure({ condition: 'invalid-namespace' });
  if (tag.defaultNamespace !== content) return failure({ condition: 'invalid-namespace' });
  const { attributes, qualifiedName, scope } = tag;
  const defaultNamespace = namespaces.client;
  const isPlain = qualifiedName === 'stream:stream' && (text.match(/\sxmlns(?::[^=\s]+)?\s*=/g)?.length ?? 0) === 2;
  return success({ header: headerOf(attributes), names: { qualifiedName, defaultNamespace, scope, isPlain } });
}

/** RFC 6120 §4.7.5: whether a peer speaks at least version 1.0. */
export function isVersionKnown(version: string | undefined): boolean {
  const major = /^(\d{1,9})\.(\d{1,9})$/.exec(version ?? '')?.[1];
  return major !== undefined && Number(major) >= 1;
}
