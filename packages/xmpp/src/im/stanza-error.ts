import { namespaces } from '../namespaces.ts';
import { element, type XmlElement } from '../xml/element.ts';

export type StanzaErrorType = 'auth' | 'cancel' | 'continue' | 'modify' | 'wait';

/** RFC 6120 §8.3.3, with the type that goes with each. */
export const stanzaErrorTypes = {
  'bad-request': 'modify',
  conflict: 'cancel',
  'feature-not-implemented': 'cancel',
  forbidden: 'auth',
  gone: 'cancel',
  'internal-server-error': 'cancel',
  'item-not-found': 'cancel',
  'jid-malformed': 'modify',
  'not-acceptable': 'modify',
  'not-allowed': 'cancel',
  'not-authorized': 'auth',
  'policy-violation': 'modify',
  'recipient-unavailable': 'wait',
  redirect: 'modify',
  'registration-required': 'auth',
  'remote-server-not-found': 'cancel',
  'remote-server-timeout': 'wait',
  'resource-constraint': 'wait',
  'service-unavailable': 'cancel',
  'subscription-required': 'auth',
  'undefined-condition': 'cancel',
  'unexpected-request': 'wait',
} as const satisfies Record<string, StanzaErrorType>;

export type StanzaErrorCondition = keyof typeof stanzaErrorTypes;

/** Why a stanza is refused. */
export class StanzaError {
  readonly condition: StanzaErrorCondition;
  readonly text: string | undefined;
  /** A condition of an application (RFC 6120 §8.3.4). */
  readonly detail: XmlElement | undefined;
  readonly type: StanzaErrorType;

  /** @param type default: the one that goes with the condition */
  constructor(condition: StanzaErrorCondition, text?: string, detail?: XmlElement, type?: StanzaErrorType) {
    this.condition = condition;
    this.text = text;
    this.detail = detail;
    this.type = type ?? stanzaErrorTypes[condition];
  }

  encode(namespace: string = namespaces.client): XmlElement {
    const { stanzaErrors } = namespaces;
    return element(
      'error',
      namespace,
      { type: this.type },
      element(this.condition, stanzaErrors),
      this.text === undefined ? undefined : element('text', stanzaErrors, { 'xml:lang': 'en' }, this.text),
      this.detail,
    );
  }
}

/** Why something was not done that failed. RFC 6120 §8.3.3.18: what could not be stored may be asked for again, when there is room. */
export function failureOf(error: unknown): StanzaError {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  const isOfDisk = code === 'STORAGE_FULL' || code === 'STORAGE_FAILED';
  return isOfDisk
    ? new StanzaError('resource-constraint', 'nothing can be stored now; try again later')
    : new StanzaError('internal-server-error');
}

/**
 * The error that answers `stanza` (RFC 6120 §8.3.1), from where it went to where it came from. Undefined for stanzas that are never
 * answered by one: errors, and results of iqs.
 */
export function errorReply(stanza: XmlElement, error: StanzaError): XmlElement | undefined {
  const type = stanza.attribute('type');
  if (type === 'error' || (stanza.name === 'iq' && type === 'result')) return undefined;
  return element(
    stanza.name,
    stanza.namespace,
    { type: 'error', id: stanza.attribute('id'), from: stanza.attribute('to'), to: stanza.attribute('from') },
    error.encode(stanza.namespace),
  );
}
