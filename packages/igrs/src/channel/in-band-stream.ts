import { decodeBase64, encodeBase64 } from '@yaolian/kernel';
import { element, type IqAnswer, StanzaError, type XmlElement } from '@yaolian/xmpp';
import { jingleNamespaces } from './jingle.ts';

export interface InBandStreamOptions {
  readonly sid: string;
  /** Bytes in one stanza, before base64. */
  readonly blockSize: number;
  /** Asks the other side. */
  readonly request: (payload: XmlElement) => Promise<IqAnswer>;
  readonly onData: (data: Uint8Array) => void | Promise<void>;
  /** A block was not taken: there is no use in going on. */
  readonly onBroken: (reason: string) => void;
}

/** Blocks under way at once, so that a long way does not make every block wait for the one before. */
const window = 8;

/** An in-band bytestream (XEP-0047): blocks in iqs through the message server, which never fails where messages get through. */
export class InBandStream {
  readonly #options: InBandStreamOptions;
  readonly #free: (() => void)[] = [];
  #underWay = 0;
  #sent = 0;
  #expected = 0;
  #isClosed = false;

  constructor(options: InBandStreamOptions) {
    this.#options = options;
  }

  open(): Promise<IqAnswer> {
    const { sid, blockSize, request } = this.#options;
    const attributes = { sid, 'block-size': String(blockSize), stanza: 'iq' };
    return request(element('open', jingleNamespaces.inBand, attributes));
  }

  /** Resolves when there is room for more. */
  async send(data: Uint8Array): Promise<void> {
    const { blockSize } = this.#options;
    for (let start = 0; start < data.length; start += blockSize) {
      if (this.#underWay >= window) await new Promise<void>((resolve) => this.#free.push(resolve));
      if (this.#isClosed) return;
      void this.#sendBlock(data.subarray(start, start + blockSize));
    }
  }

  async #sendBlock(block: Uint8Array): Promise<void> {
    const { sid, request, onBroken } = this.#options;
    this.#underWay++;
    const seq = String(this.#sent);
    this.#sent = (this.#sent + 1) % 65536;
    try {
      const answer = await request(element('data', jingleNamespaces.inBand, { sid, seq }, encodeBase64(block)));
      if (answer.kind === 'error') onBroken(answer.text ?? answer.condition);
    } catch (error) {
      if (!this.#isClosed) onBroken((error as Error).message);
    } finally {
      this.#underWay--;
      this.#free.shift()?.();
    }
  }

  /** A `data` of the other side. XEP-0047 §2.2: in order, no larger than agreed. */
  async take(data: XmlElement): Promise<undefined | StanzaError> {
    const { blockSize, onData } = this.#options;
    if (data.attribute('seq') !== String(this.#expected))
      return new StanzaError('unexpected-request', 'not the next seq');
    const block = decodeBase64(data.text().trim());
    if (block === undefined || block.length > blockSize)
      return new StanzaError('bad-request', 'not base64, or too large');
    this.#expected = (this.#expected + 1) % 65536;
    await onData(block);
    return undefined;
  }

  close(): void {
    this.#isClosed = true;
    for (const free of this.#free.splice(0)) free();
  }
}
