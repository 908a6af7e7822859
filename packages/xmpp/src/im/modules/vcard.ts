import { element } from '../../xml/element.ts';
import { parseXmlText } from '../../xml/parse.ts';
import { serialiseXml } from '../../xml/serialise.ts';
import type { ImServer } from '../im-server.ts';
import type { ImModule, IqRequest, ModuleAnswer } from '../module.ts';
import { StanzaError } from '../stanza-error.ts';

const namespace = 'vcard-temp';

/** vCards (XEP-0054): everybody reads them, their owners write them. */
export function vcardModule(server: ImServer): ImModule {
  const { vcards } = server.options.stores;
  const read = async ({ account, isOwn }: IqRequest): Promise<ModuleAnswer> => {
    const text = await vcards.vcard(account!);
    const parsed = text === undefined ? undefined : parseXmlText(text, { defaultNamespace: namespace });
    if (parsed?.ok) return parsed.value;
    // XEP-0054 §3.1, §3.3.
    return isOwn ? element('vCard', namespace) : new StanzaError('item-not-found');
  };
  const write = async ({ account, payload }: IqRequest): Promise<ModuleAnswer> => {
    const text = serialiseXml(payload, { defaultNamespace: namespace });
    if (text.length > server.bounds.vcard) return new StanzaError('resource-constraint', 'the vCard is too large');
    await vcards.setVcard(account!, text);
    return undefined;
  };
  return {
    name: 'XEP-0054',
    serverFeatures: [namespace],
    accountFeatures: [namespace],
    handlers: [
      { namespace, name: 'vCard', types: ['get'], targets: ['own', 'other'], handle: read },
      { namespace, name: 'vCard', types: ['set'], targets: ['own'], handle: write },
    ],
  };
}
