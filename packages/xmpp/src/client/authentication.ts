import { decodeBase64, emptyBytes, encodeBase64 } from '@yaolian/kernel';
import { namespaces } from '../namespaces.ts';
import type { SaslChannel, SaslClientExchange, SaslClientMechanism } from '../sasl/mechanism.ts';
import type { XmppStream } from '../stream/stream.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { xmppErrors } from './errors.ts';
import type { NegotiationOptions } from './negotiation.ts';

/** How to log in: by which protocol and mechanism, and what to ask for at the same time. */
export interface Login {
  /** XEP-0388; otherwise RFC 6120 §6. */
  readonly isSasl2: boolean;
  readonly mechanism: SaslClientMechanism;
  readonly channel: SaslChannel;
  /** What goes into `<authenticate/>` besides. */
  readonly requests: readonly XmlElement[];
}

/** Chooses among what the features offer, SASL2 first. @throws YaolianError XMPP_NO_MECHANISM */
export function loginOf(features: XmlElement, options: NegotiationOptions): Login {
  const { stream, mechanisms } = options;
  const bindings = features.child('sasl-channel-binding', namespaces.channelBindings);
  const types = bindings?.elements('channel-binding').map((found) => found.attribute('type') ?? '');
  const sasl2 = stream.transport.isSecure ? features.child('authentication', namespaces.sasl2) : undefined;
  const sasl = features.child('mechanisms', namespaces.sasl);
  for (const offer of [sasl2, sasl]) {
    if (offer === undefined) continue;
    const offered = offer.elements('mechanism').map((found) => found.text());
    const channel = channelOf(options, offered, types);
    const mechanism = mechanisms.find((known) => offered.includes(known.name) && known.isUsable(channel));
    if (mechanism === undefined) continue;
    const isSasl2 = offer === sasl2;
    return { isSasl2, mechanism, channel, requests: isSasl2 ? requestsOf(offer, options) : [] };
  }
  const names = (sasl ?? sasl2)?.elements('mechanism').map((found) => found.text());
  throw xmppErrors.XMPP_NO_MECHANISM(names?.join(' ') || 'none');
}

/** XEP-0386, XEP-0198 §5.3: the old session, else a resource with stream management; a resource of a certain name is bound afterwards. */
function requestsOf(offer: XmlElement, { jid, resumption }: NegotiationOptions): XmlElement[] {
  const { bind2, streamManagement } = namespaces;
  const inline = offer.child('inline');
  const requests = [element('user-agent', namespaces.sasl2, {}, element('software', namespaces.sasl2, {}, 'Yaolian'))];
  const isManaged = inline?.child('sm', streamManagement) !== undefined;
  if (isManaged && resumption !== undefined) {
    const { id: previd, handled } = resumption;
    requests.push(element('resume', streamManagement, { previd, h: String(handled) }));
  }
  const bind = inline?.child('bind', bind2);
  if (bind !== undefined && jid.resource === undefined) {
    const features = bind.child('inline')?.elements('feature') ?? [];
    const canEnable = features.some((feature) => feature.attribute('var') === streamManagement);
    const enable = canEnable ? element('enable', streamManagement, { resume: 'true' }) : undefined;
    requests.push(element('bind', bind2, {}, element('tag', bind2, {}, 'yaolian'), enable));
  }
  return requests;
}

/** @param types that the server said it binds to (XEP-0440) */
function channelOf(
  { stream, jid }: NegotiationOptions,
  offeredMechanisms: readonly string[],
  types: readonly string[] | undefined,
): SaslChannel {
  const { transport } = stream;
  const known = transport.channelBindingTypes;
  return {
    domain: jid.domain,
    isSecure: transport.isSecure,
    identity: transport.identity,
    // XEP-0440 §4: only what both sides have; of a server that says nothing we try what we have.
    channelBindingTypes: types === undefined ? known : known.filter((type) => types.includes(type)),
    channelBinding: (type) => transport.channelBinding(type),
    offeredMechanisms,
    offeredChannelBindingTypes: types ?? [],
  };
}

/** The exchange of a log-in, by either protocol. */
export class ClientAuthentication {
  readonly #stream: XmppStream;
  readonly #next: () => Promise<XmlElement>;

  constructor(stream: XmppStream, next: () => Promise<XmlElement>) {
    this.#stream = stream;
    this.#next = next;
  }

  /** @returns `<success/>` @throws YaolianError XMPP_AUTHENTICATION_FAILED, XMPP_PROTOCOL; what the mechanism throws */
  async run({ isSasl2, mechanism, channel, requests }: Login): Promise<XmlElement> {
    const namespace = isSasl2 ? namespaces.sasl2 : namespaces.sasl;
    const exchange = mechanism.begin(channel);
    const initial = await exchange.start();
    const attributes = { mechanism: mechanism.name };
    if (isSasl2) {
      const response = initial && element('initial-response', namespace, {}, encodeBase64(initial));
      this.#stream.send(element('authenticate', namespace, attributes, response, ...requests));
    } else {
      // RFC 6120 §6.4.2: "=" is a response of no bytes, nothing is none.
      this.#stream.send(element('auth', namespace, attributes, initial && (encodeBase64(initial) || '=')));
    }
    for (;;) {
      const answer = await this.#next();
      if (answer.is('success', namespace)) {
        await exchange.finish(saslData(isSasl2 ? answer.child('additional-data') : answer));
        return answer;
      }
      await this.#respond(exchange, answer, namespace);
    }
  }

  async #respond(exchange: SaslClientExchange, answer: XmlElement, namespace: string): Promise<void> {
    if (answer.is('failure', namespace)) {
      const condition = answer.elements().find((child) => child.namespace === namespaces.sasl && child.name !== 'text');
      throw xmppErrors.XMPP_AUTHENTICATION_FAILED(condition?.name ?? 'no reason');
    }
    // XEP-0388 §2.7: more tasks, of which we know none.
    if (answer.is('continue', namespaces.sasl2)) throw xmppErrors.XMPP_AUTHENTICATION_FAILED('more tasks to do');
    if (!answer.is('challenge', namespace)) throw xmppErrors.XMPP_PROTOCOL(`<${answer.name}/> in SASL`);
    const response = encodeBase64(await exchange.next(saslData(answer) ?? emptyBytes));
    this.#stream.send(element('response', namespace, {}, namespace === namespaces.sasl ? response || '=' : response));
  }
}

function saslData(holder: XmlElement | undefined): Uint8Array | undefined {
  const text = holder?.text() ?? '';
  if (text === '') return undefined;
  const data = text === '=' ? emptyBytes : decodeBase64(text);
  if (data === undefined) throw xmppErrors.XMPP_PROTOCOL('SASL data that is no base 64');
  return data;
}
