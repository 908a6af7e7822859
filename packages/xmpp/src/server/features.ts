import { namespaces } from '../namespaces.ts';
import type { XmppTransport } from '../stream/transport.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { ServerCore } from './binding.ts';
import { Stanza } from './stanza.ts';

export interface FeatureState {
  readonly core: ServerCore;
  readonly transport: XmppTransport;
  /** That the client asked for. */
  readonly domain: string;
  readonly isAuthenticated: boolean;
  readonly mechanisms: readonly string[];
}

/** States that are remembered: of each domain a few. */
const maximumStates = 256;

/** What streams in the same state can negotiate, made and written once and not for every stream. */
export class FeatureTexts {
  readonly #known = new Map<string, { readonly own: readonly XmlElement[]; readonly features: Stanza }>();

  of(state: FeatureState): Stanza {
    const { core, transport, domain, isAuthenticated, mechanisms } = state;
    const key = [domain, isAuthenticated, transport.canStartTls, mechanisms, transport.channelBindingTypes].join(';');
    const own = isAuthenticated ? core.features(domain) : none;
    const known = this.#known.get(key);
    // Who offers something else from now on has another list.
    if (known?.own === own) return known.features;
    const features = new Stanza(encodeFeatures(state, own));
    if (this.#known.size >= maximumStates) this.#known.clear();
    this.#known.set(key, { own, features });
    return features;
  }
}

const none: readonly XmlElement[] = [];

/** RFC 6120 §4.3.2: what can be negotiated now. @param own what the domain offers besides */
function encodeFeatures(
  { core, transport, isAuthenticated, mechanisms }: FeatureState,
  own: readonly XmlElement[],
): XmlElement {
  const { startTls, bind, session, streamManagement, clientState } = namespaces;
  const features: XmlElement[] = [];
  if (isAuthenticated) {
    features.push(
      element('bind', bind, {}, element('required', bind)),
      // RFC 3921 §3: clients older than RFC 6121 want it.
      element('session', session, {}, element('optional', session)),
      element('sm', streamManagement),
      element('csi', clientState),
      ...own,
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
