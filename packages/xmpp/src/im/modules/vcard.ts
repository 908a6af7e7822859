import { element, type XmlElement } from '../../xml/element.ts';
import { parseXmlText } from '../../xml/parse.ts';
import { serialiseXml } from '../../xml/serialise.ts';
import { AccountTurns } from '../account-turns.ts';
import type { ImServer } from '../im-server.ts';
import type { ImModule, IqRequest, ModuleAnswer } from '../module.ts';
import { StanzaError } from '../stanza-error.ts';

export const vcardNamespace = 'vcard-temp';

/** vCards of accounts, changed one change after another. */
export class VcardBook {
  readonly #server: ImServer;
  readonly #turns = new AccountTurns();

  constructor(server: ImServer) {
    this.#server = server;
  }

  async read(account: string): Promise<XmlElement | undefined> {
    const text = await this.#server.options.stores.vcards.vcard(account);
    const parsed = text === undefined ? undefined : parseXmlText(text, { defaultNamespace: vcardNamespace });
    return parsed?.ok === true ? parsed.value : undefined;
  }

  /** @param change of the one that is there, or an empty one; undefined: it stays as it is @returns why it is not kept */
  change(account: string, change: (before: XmlElement) => XmlElement | undefined): Promise<StanzaError | undefined> {
    return this.#turns.take(account, async () => {
      const changed = change((await this.read(account)) ?? element('vCard', vcardNamespace));
      if (changed === undefined) return undefined;
      const text = serialiseXml(changed, { defaultNamespace: vcardNamespace });
      if (text.length > this.#server.bounds.vcard) {
        return new StanzaError('resource-constraint', 'the vCard is too large');
      }
      await this.#server.options.stores.vcards.setVcard(account, text);
      return undefined;
    });
  }
}

/** vCards (XEP-0054): everybody reads them, their owners write them. @param written told of each that was kept, before that is answered */
export function vcardModule(
  server: ImServer,
  book: VcardBook = new VcardBook(server),
  written?: (account: string, vcard: XmlElement) => Promise<void>,
): ImModule {
  const read = async ({ account, isOwn }: IqRequest): Promise<ModuleAnswer> => {
    const vcard = await book.read(account!);
    // XEP-0054 §3.1, §3.3.
    return vcard ?? (isOwn ? element('vCard', vcardNamespace) : new StanzaError('item-not-found'));
  };
  const write = async ({ account, payload }: IqRequest): Promise<ModuleAnswer> => {
    const refusal = await book.change(account!, () => payload);
    if (refusal === undefined) await written?.(account!, payload);
    return refusal;
  };
  const own = { namespace: vcardNamespace, name: 'vCard' };
  return {
    name: 'XEP-0054',
    serverFeatures: [vcardNamespace],
    accountFeatures: [vcardNamespace],
    handlers: [
      { ...own, types: ['get'], targets: ['own', 'other'], handle: read },
      { ...own, types: ['set'], targets: ['own'], handle: write },
    ],
  };
}
