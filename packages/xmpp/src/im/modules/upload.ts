import { element } from '../../xml/element.ts';
import { typedForm } from '../data-form.ts';
import type { ImModule, IqRequest, ModuleAnswer } from '../module.ts';
import { StanzaError } from '../stanza-error.ts';

const namespace = 'urn:xmpp:http:upload:0';

/** Where to put a file, and where it is read from. */
export interface UploadSlot {
  readonly put: string;
  readonly get: string;
  /** `Authorization`, `Cookie` or `Expires` of the PUT. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Who hands out slots: the HTTP server of the platform. */
export interface UploadSlots {
  /** Bytes of a file at most. */
  readonly maxSize: number;
  /** Undefined when the account has used up what it may. */
  slot(
    account: string,
    file: { readonly name: string; readonly size: number; readonly contentType?: string },
  ): Promise<UploadSlot | undefined>;
}

/** HTTP file upload (XEP-0363). */
export function uploadModule(slots: UploadSlots): ImModule {
  const request = async ({ client, payload }: IqRequest): Promise<ModuleAnswer> => {
    const name = payload.attribute('filename');
    const size = payload.attribute('size') ?? '';
    const contentType = payload.attribute('content-type');
    if (client === undefined) return new StanzaError('forbidden');
    if (!name || name.length > 255 || !/^[1-9]\d{0,14}$/.test(size)) return new StanzaError('bad-request');
    if (Number(size) > slots.maxSize) {
      const limit = element('max-file-size', namespace, {}, String(slots.maxSize));
      return new StanzaError('not-acceptable', undefined, element('file-too-large', namespace, {}, limit));
    }
    const file = { name, size: Number(size), ...(contentType === undefined ? {} : { contentType }) };
    const slot = await slots.slot(client.account, file);
    if (slot === undefined) return new StanzaError('resource-constraint');
    const headers = Object.entries(slot.headers ?? {}).map(([header, value]) =>
      element('header', namespace, { name: header }, value),
    );
    return element(
      'slot',
      namespace,
      {},
      element('put', namespace, { url: slot.put }, ...headers),
      element('get', namespace, { url: slot.get }),
    );
  };
  return {
    name: 'XEP-0363',
    serverFeatures: [namespace],
    serverForms: [typedForm('result', namespace, { 'max-file-size': String(slots.maxSize) })],
    serverIdentities: [{ category: 'store', type: 'file' }],
    handlers: [{ namespace, name: 'request', types: ['get'], targets: ['server'], handle: request }],
  };
}
