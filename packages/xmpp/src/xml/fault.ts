/** Why XML was refused, and at which stream error that ends (RFC 6120 §4.9.3, §11). */
export const xmlFaultConditions = {
  /** RFC 6120 §11.1: comments, processing instructions, document types, entity references beyond the predefined ones. */
  comment: 'restricted-xml',
  'processing-instruction': 'restricted-xml',
  'document-type': 'restricted-xml',
  'entity-reference': 'restricted-xml',
  /** RFC 6120 §11.3: not well-formed by XML or by the namespaces recommendation. */
  'not-well-formed': 'not-well-formed',
  'duplicate-attribute': 'not-well-formed',
  'unbound-prefix': 'not-well-formed',
  /** A prefix or namespace bound where the namespaces recommendation forbids it. */
  'reserved-prefix': 'not-well-formed',
  'forbidden-character': 'not-well-formed',
  /** It ends in the middle of something. */
  incomplete: 'not-well-formed',
  /** RFC 6120 §11.6, §4.9.3.22. */
  'not-utf-8': 'unsupported-encoding',
  /** RFC 6120 §13.12: the limits of {@link XmlLimits}. */
  'too-deep': 'policy-violation',
  'too-large': 'policy-violation',
  'too-many-attributes': 'policy-violation',
  'too-many-nodes': 'policy-violation',
} as const;

export type XmlFaultReason = keyof typeof xmlFaultConditions;

/** The conditions of stream errors that XML itself can cause. */
export type XmlFaultCondition = (typeof xmlFaultConditions)[XmlFaultReason];

/** What is wrong with XML, and where. */
export interface XmlFault {
  readonly reason: XmlFaultReason;
  /** Where in the input: a byte for what was given as bytes and is not UTF-8 or too large, a UTF-16 code unit otherwise. */
  readonly at: number;
}

/** What one stanza may cost a reader. */
export interface XmlLimits {
  /** Bytes of the whole. Default 262,144; RFC 6120 §13.12 asks for at least 10,000. */
  readonly maximumSize?: number;
  /** Elements within each other, the outermost included. Default 50. */
  readonly maximumDepth?: number;
  /** Attributes and namespace declarations of one element. Default 64. */
  readonly maximumAttributes?: number;
  /** Elements and texts of the whole. Default 10,000. */
  readonly maximumNodes?: number;
}

export const defaultXmlLimits: Required<XmlLimits> = {
  maximumSize: 262_144,
  maximumDepth: 50,
  maximumAttributes: 64,
  maximumNodes: 10_000,
};
