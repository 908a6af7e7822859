import { element, type XmlElement } from '../../xml/element.ts';
import { parseXmlText } from '../../xml/parse.ts';
import { serialiseXml } from '../../xml/serialise.ts';
import { dataForms, typedForm } from '../data-form.ts';
import type { ImServer } from '../im-server.ts';
import type { ImModule, IqRequest, ModuleAnswer } from '../module.ts';
import { StanzaError } from '../stanza-error.ts';
import type { PushTarget } from '../stores.ts';

const namespace = 'urn:xmpp:push:0';

/** Bytes of a node, and of the options of a target, about. */
const maximumText = 4096;

/** Where accounts have themselves told that a message waits (XEP-0357): in the store, so that it holds for who is away over a restart. */
export function pushModule(server: ImServer): ImModule {
  const change = async ({ account, payload }: IqRequest): Promise<ModuleAnswer> => {
    const service = server.jids.parse(payload.attribute('jid') ?? '');
    if (service === undefined) return new StanzaError('bad-request', 'a push service has a JID');
    const node = payload.attribute('node');
    const { push } = server.options.stores;
    if (payload.name === 'disable') {
      await push.disable(account!, `${service}`, node);
      return undefined;
    }
    if (payload.name !== 'enable') return new StanzaError('bad-request');
    const form = payload.child('x', dataForms);
    const options = form && serialiseXml(form);
    if ((node?.length ?? 0) > maximumText || (options?.length ?? 0) > maximumText) {
      return new StanzaError('not-acceptable', 'node or options are too long');
    }
    const isKept = await push.enable(account!, { service: `${service}`, node, options }, server.bounds.pushTargets);
    return isKept ? undefined : new StanzaError('resource-constraint');
  };
  return {
    name: 'XEP-0357',
    accountFeatures: [namespace],
    handlers: [{ namespace, types: ['set'], targets: ['own'], handle: change }],
  };
}

/** What a push service is sent for a message (XEP-0357 §7): that there is one, not what it says. */
export function pushNotification({ node, options }: PushTarget, count: number): XmlElement {
  const pubsub = 'http://jabber.org/protocol/pubsub';
  const summary = typedForm('submit', 'urn:xmpp:push:summary', { 'message-count': String(count) });
  const notification = element('notification', namespace, {}, summary);
  const form = options === undefined ? undefined : parseXmlText(options);
  return element(
    'pubsub',
    pubsub,
    {},
    element('publish', pubsub, { node }, element('item', pubsub, {}, notification)),
    // XEP-0357 §5: what the client gave along goes along, such as a secret.
    form?.ok === true ? element('publish-options', pubsub, {}, form.value) : undefined,
  );
}

/** What a client gave along when it enabled a target: values by the names of their fields. */
export function pushOptions({ options }: PushTarget): Readonly<Record<string, string>> {
  const form = options === undefined ? undefined : parseXmlText(options);
  if (form?.ok !== true) return {};
  const values = form.value
    .elements('field')
    .map((field) => [field.attribute('var') ?? '', field.childText('value') ?? ''] as const)
    .filter(([name]) => name !== '' && name !== 'FORM_TYPE');
  return Object.fromEntries(values);
}
