import { namespaces } from '../namespaces.ts';
import { element, type XmlElement } from '../xml/element.ts';

/** RFC 6120 §4.9.3, complete. */
export const streamErrorConditions = [
  'bad-format',
  'bad-namespace-prefix',
  'conflict',
  'connection-timeout',
  'host-gone',
  'host-unknown',
  'improper-addressing',
  'internal-server-error',
  'invalid-from',
  'invalid-namespace',
  'invalid-xml',
  'not-authorized',
  'not-well-formed',
  'policy-violation',
  'remote-connection-failed',
  'reset',
  'resource-constraint',
  'restricted-xml',
  'see-other-host',
  'system-shutdown',
  'undefined-condition',
  'unsupported-encoding',
  'unsupported-feature',
  'unsupported-stanza-type',
  'unsupported-version',
] as const;

export type StreamErrorCondition = (typeof streamErrorConditions)[number];

/** Why a stream was ended by one of its sides. */
export interface StreamError {
  readonly condition: StreamErrorCondition;
  readonly text?: string;
  /** RFC 6120 §4.9.4: what an application adds. */
  readonly detail?: XmlElement;
}

/** RFC 6120 §4.9.2. */
export function encodeStreamError({ condition, text, detail }: StreamError): XmlElement {
  return element(
    'error',
    namespaces.streams,
    {},
    element(condition, namespaces.streamErrors),
    text === undefined ? undefined : element('text', namespaces.streamErrors, { 'xml:lang': 'en' }, text),
    detail,
  );
}

/** Reads `<stream:error/>`; a condition that nobody defined is `undefined-condition` (RFC 6120 §4.9.3.21). */
export function decodeStreamError(error: XmlElement): StreamError {
  const children = error.elements();
  const condition = children.find(({ name, namespace }) => namespace === namespaces.streamErrors && name !== 'text');
  const text = error.childText('text', namespaces.streamErrors);
  const detail = children.find(({ namespace }) => namespace !== namespaces.streamErrors);
  return {
    condition: streamErrorConditions.find((known) => known === condition?.name) ?? 'undefined-condition',
    ...(text === undefined ? {} : { text }),
    ...(detail === undefined ? {} : { detail }),
  };
}
