import { namespaces } from '../namespaces.ts';
import type { XmppTransport } from '../stream/transport.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { ServerCore } from './binding.ts';

export interface FeatureState {
  readonly core: ServerCore;
  readonly transport: XmppTransport;
  /** That the client asked for. */
  readonly domain: string;
  readonly isAuthenticated: boolean;
  readonly mechanisms: readonly string[];
}

/** RFC 6120 §4.3.2: what can be negotiated now. */
export function encodeFeatures({ core, transport, domain, isAuthenticated, mechanisms }: FeatureState): XmlElement {
  const { startTls, bind, session, streamManagement, clientState } = namespaces;
  const features: XmlElement[] = [];
  if (isAuthenticated) {
    features.push(
      element('bind', bind, {}, element('required', bind)),
      // RFC 3921 §3: clients older than RFC 6121 want it.
      element('session', session, {}, element('optional', session)),
      element('sm', streamManagement),
      element('csi', clientState),
      ...core.features(domain),
    );
  } else {
    if (transport.canStartTls) {
      features.push(element('starttls', startTls, {}, core.requireTls ? element('required', startTls) : undefined));
    }
    if (mechanisms.length > 0) features.push(...encodeMechanisms(core, transport, mechanisms));
  }
  return element('features', namespaces.streams, {}, ...features);
}

function encodeMechanisms(core: ServerCore, transport: XmppTransport, mechanisms: readonly string[]): XmlElement[] {
  const { sasl, sasl2, bind2, streamManagement, channelBindings } = namespaces;
  const inline = [streamManagement, ...core.inlineFeatures].map((name) => element('feature', bind2, { var: name }));
  const features = [
    element('mechanisms', sasl, {}, ...mechanisms.map((name) => element('mechanism', sasl, {}, name))),
    // XEP-0388 §2.1, XEP-0386 §3.
    element(
      'authentication',
      sasl2,
      {},
      ...mechanisms.map((name) => element('mechanism', sasl2, {}, name)),
      element(
        'inline',
        sasl2,
        {},
        element('bind', bind2, {}, element('inline', bind2, {}, ...inline)),
        element('sm', streamManagement),
      ),
    ),
  ];
  const types = transport.channelBindingTypes;
  if (types.length > 0) {
    // XEP-0440.
    const bindings = types.map((type) => element('channel-binding', channelBindings, { type }));
    features.push(element('sasl-channel-binding', channelBindings, {}, ...bindings));
  }
  return features;
}
