import { decodeBase64, encodeBase64 } from '@yaolian/kernel';
import type { SaslCrypto } from '../../sasl/crypto.ts';
import { element, type XmlElement } from '../../xml/element.ts';
import type { ImServer } from '../im-server.ts';
import type { ImModule } from '../module.ts';
import { type VcardBook, vcardModule, vcardNamespace } from '../modules/vcard.ts';
import { StanzaError } from '../stanza-error.ts';
import { parsedPayload } from './pep-notifier.ts';
import type { PepListener, PepService } from './pep-service.ts';

const dataNode = 'urn:xmpp:avatar:data';
const metadataNode = 'urn:xmpp:avatar:metadata';
const update = 'vcard-temp:x:update';

/** A picture of an account. */
interface Picture {
  /** Of XEP-0084 §4.2: SHA-1 in hexadecimal digits. */
  readonly id: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/**
 * One avatar whichever way it is set (XEP-0398): what is published (XEP-0084) is the photo of the vCard (XEP-0153) too, and the other way round,
 * and presence tells which it is.
 */
class Avatars implements PepListener {
  readonly #server: ImServer;
  readonly #service: PepService;
  readonly #book: VcardBook;
  readonly #crypto: Pick<SaslCrypto, 'hash'>;

  constructor(server: ImServer, service: PepService, book: VcardBook, crypto: Pick<SaslCrypto, 'hash'>) {
    this.#server = server;
    this.#service = service;
    this.#book = book;
    this.#crypto = crypto;
  }

  /** XEP-0398 §3.1. */
  async published(
    account: string,
    node: string,
    { payload }: { readonly payload: XmlElement | undefined },
  ): Promise<void> {
    if (node !== metadataNode) return;
    const info = payload && shownInfo(payload);
    if (info === undefined) return this.#show(account, undefined);
    const data = await this.#server.options.stores.pubsub.item(account, dataNode, info.id);
    const content = data && parsedPayload(data);
    const picture = content && (await this.#picture(content.text(), info.type));
    // What is not what its id says is shown to nobody else.
    if (picture?.id === info.id) await this.#show(account, picture);
  }

  async retracted(account: string, node: string): Promise<void> {
    if (node === metadataNode && (await this.#last(account)) === undefined) await this.#show(account, undefined);
  }

  async deleted(account: string, node: string): Promise<void> {
    if (node === metadataNode) await this.#show(account, undefined);
  }

  /** XEP-0398 §3.2. */
  async vcardWritten(account: string, vcard: XmlElement): Promise<void> {
    const photo = vcard.child('PHOTO', vcardNamespace);
    const picture = await this.#picture(photo?.childText('BINVAL') ?? '', photo?.childText('TYPE') ?? 'image/png');
    const shown = await this.#shown(account);
    if ((shown ?? '') === (picture?.id ?? '')) return;
    // Who reads a vCard is not asked who it is, so that these are open too where there are none yet.
    const made = { access_model: 'open' } as const;
    const infos: XmlElement[] = [];
    if (picture !== undefined) {
      const { id, type, bytes } = picture;
      const payload = element('data', dataNode, {}, encodeBase64(bytes));
      const kept = await this.#service.publish(account, dataNode, { id, payload }, {}, made);
      if (kept instanceof StanzaError) return;
      infos.push(element('info', metadataNode, { bytes: String(bytes.length), id, type }));
    }
    const payload = element('metadata', metadataNode, {}, ...infos);
    await this.#service.publish(account, metadataNode, { id: picture?.id, payload }, {}, made);
  }

  /** Undefined where that is no picture. */
  async #picture(base64: string, type: string): Promise<Picture | undefined> {
    const bytes = decodeBase64(base64.replaceAll(/\s+/g, ''));
    if (bytes === undefined || bytes.length === 0) return undefined;
    const digest = await this.#crypto.hash('SHA-1', bytes);
    return { id: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''), type, bytes };
  }

  /** Puts a picture into the vCard, or takes it out, and sends presence anew. */
  async #show(account: string, picture: Picture | undefined): Promise<void> {
    const wanted =
      picture &&
      element(
        'PHOTO',
        vcardNamespace,
        {},
        element('TYPE', vcardNamespace, {}, picture.type),
        element('BINVAL', vcardNamespace, {}, encodeBase64(picture.bytes)),
      );
    const refusal = await this.#book.change(account, (vcard) => {
      const before = vcard.child('PHOTO', vcardNamespace);
      if (before?.childText('BINVAL')?.replaceAll(/\s+/g, '') === wanted?.childText('BINVAL')) return undefined;
      const others = vcard.children.filter((child) => typeof child === 'string' || !child.is('PHOTO', vcardNamespace));
      return vcard.containing(...others, wanted);
    });
    if (refusal !== undefined) {
      this.#server.options.log?.info('an avatar has no place in the vCard', { account, reason: refusal.text });
    }
    this.#server.renewPresence(account);
  }

  /** The id of the picture of an account; `''`: it has none and says so; undefined: nothing is known. */
  async #shown(account: string): Promise<string | undefined> {
    const metadata = await this.#last(account);
    return metadata === undefined ? undefined : (shownInfo(metadata)?.id ?? '');
  }

  async #last(account: string): Promise<XmlElement | undefined> {
    if (!(await this.#service.nodes(account)).has(metadataNode)) return undefined;
    const [last] = await this.#server.options.stores.pubsub.items(account, metadataNode, { before: '', limit: 1 });
    return last && parsedPayload(last);
  }

  /** XEP-0398 §4: a client that shows no picture on purpose (`<photo/>`) is left alone. */
  async stamp(account: string, presence: XmlElement): Promise<XmlElement> {
    const own = presence.child('x', update)?.childText('photo', update);
    if (own === '') return presence;
    const shown = await this.#shown(account);
    if (shown === undefined || shown === own) return presence;
    const others = presence.children.filter((child) => typeof child === 'string' || !child.is('x', update));
    const x = element('x', update, {}, element('photo', update, {}, shown));
    return presence.containing(...others, x);
  }
}

/** XEP-0398 §3.1: of several, the one that is not elsewhere. */
function shownInfo(metadata: XmlElement): { readonly id: string; readonly type: string } | undefined {
  for (const info of metadata.elements('info', metadataNode)) {
    const { url, id, type = 'image/png' } = info.attributes;
    if (url === undefined && id !== undefined && /^[0-9a-f]{40}$/i.test(id)) return { id: id.toLowerCase(), type };
  }
  return undefined;
}

/** vCards (XEP-0054) and avatars (XEP-0084, XEP-0153, XEP-0398). */
export function avatarModules(
  server: ImServer,
  service: PepService,
  book: VcardBook,
  crypto: Pick<SaslCrypto, 'hash'>,
): readonly ImModule[] {
  const avatars = new Avatars(server, service, book, crypto);
  service.listen(avatars);
  return [
    vcardModule(server, book, (account, vcard) => avatars.vcardWritten(account, vcard)),
    {
      name: 'XEP-0398',
      accountFeatures: ['urn:xmpp:pep-vcard-conversion:0'],
      stampPresence: (account, presence) => avatars.stamp(account, presence),
    },
  ];
}
