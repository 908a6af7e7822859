import type { Timer } from '@yaolian/kernel';
import { element, type IqAnswer, StanzaError, type XmlElement } from '@yaolian/xmpp';
import { raClientErrors } from '../client/errors.ts';
import type { Channel, ChannelListener, ChannelPath } from './channel.ts';
import { InBandStream } from './in-band-stream.ts';
import { encodeJingle, type JingleMessage, type JingleTransport } from './jingle.ts';
import type { PeerConnection, PeerConnectionListener } from './ports.ts';

export interface ChannelSessionOptions {
  readonly sid: string;
  readonly name: string;
  readonly isInitiator: boolean;
  /** Asks the other side. */
  readonly request: (to: string, payload: XmlElement) => Promise<IqAnswer>;
  /** The same, with the time that it may take to say that it is there. */
  readonly ping: (to: string, payload: XmlElement) => Promise<IqAnswer>;
  readonly openPeerConnection: ((listener: PeerConnectionListener) => PeerConnection) | undefined;
  /** Runs out when no path opened. */
  readonly timer: (run: () => void) => Timer;
  /** Runs out when the other side of bytes that go through the server is to be asked whether it is there. */
  readonly checkTimer: (run: () => void) => Timer;
  readonly onOver: () => void;
}

/** One channel, from the question for it to its end, whatever carries it. */
export class ChannelSession implements Channel {
  readonly #options: ChannelSessionOptions;
  readonly #opened = Promise.withResolvers<Channel>();
  #timer: Timer;
  #check: Timer | undefined;
  /** Something came of the other side since it was last looked for. */
  #isHeard = true;
  #listener: ChannelListener | undefined;
  #peer: string;
  #connection: PeerConnection | undefined;
  #inBand: InBandStream | undefined;
  #path: ChannelPath | undefined;
  #isOver = false;
  #isAccepted = false;
  #hasEnded = false;
  /** The other side has all that was sent. */
  #isReceived = false;
  #otherHasEnded = false;

  constructor(peer: string, listener: ChannelListener, options: ChannelSessionOptions) {
    this.#options = options;
    this.#peer = peer;
    this.#listener = listener;
    this.#opened.promise.catch(() => {});
    this.#timer = options.timer(() => this.close('timeout', 'no path opened in time'));
  }

  get peer(): string {
    return this.#peer;
  }

  get name(): string {
    return this.#options.name;
  }

  get path(): ChannelPath {
    return this.#path ?? 'in-band';
  }

  /** @throws YaolianError RA_CHANNEL_CLOSED when no path opened */
  get opened(): Promise<Channel> {
    return this.#opened.promise;
  }

  /** What this side asks with: its place on the network, or blocks through the server. */
  async offer(inBandBlock: number | undefined): Promise<JingleTransport> {
    if (inBandBlock !== undefined) return this.#offerInBand(inBandBlock);
    this.#connection = this.#options.openPeerConnection!(this.#carried());
    return { kind: 'ice', description: await this.#connection.offer() };
  }

  #offerInBand(blockSize: number): JingleTransport {
    const { sid } = this.#options;
    this.#inBand = this.#openInBand(blockSize);
    return { kind: 'in-band', sid, blockSize };
  }

  /** The other side agreed. @param from its full address */
  async accepted(from: string, transport: JingleTransport): Promise<void> {
    if (!this.#options.isInitiator || this.#isAccepted) return;
    this.#isAccepted = true;
    this.#peer = from;
    if (transport.kind === 'ice') {
      await this.#connection?.accept(transport.description);
      return;
    }
    const answer = await this.#inBand?.open();
    if (answer?.kind === 'result') this.#open('in-band');
    else this.close('failed-transport', answer?.text ?? answer?.condition ?? 'no transport fits');
  }

  /** Agrees to what the other side asked. */
  async answer(transport: JingleTransport): Promise<void> {
    const { sid } = this.#options;
    const own: JingleTransport = transport.kind === 'ice' ? await this.#answerIce(transport) : transport;
    if (transport.kind === 'in-band') this.#inBand = this.#openInBand(transport.blockSize);
    if (!this.#isOver) await this.#tell({ action: 'session-accept', sid, transport: own });
  }

  async #answerIce({ description }: JingleTransport & { readonly kind: 'ice' }): Promise<JingleTransport> {
    this.#connection = this.#options.openPeerConnection!(this.#carried());
    return { kind: 'ice', description: await this.#connection.answer(description) };
  }

  /** XEP-0047: `open` and `data` of the other side. */
  inBand(payload: XmlElement): undefined | StanzaError | Promise<undefined | StanzaError> {
    if (this.#inBand === undefined) return new StanzaError('item-not-found');
    this.#isHeard = true;
    if (payload.name === 'data') {
      return this.#path === undefined ? new StanzaError('unexpected-request') : this.#inBand.take(payload);
    }
    if (this.#options.isInitiator) return new StanzaError('not-acceptable');
    this.#open('in-band');
    return undefined;
  }

  otherEnded(): void {
    if (this.#isOver || this.#otherHasEnded) return;
    this.#otherHasEnded = true;
    this.#listener?.onEnd?.();
    this.#closeWhenEnded();
  }

  async send(data: Uint8Array): Promise<void> {
    if (this.#isOver || this.#hasEnded) throw raClientErrors.RA_CHANNEL_CLOSED(this.name);
    await (this.#connection ?? this.#inBand)?.send(data);
  }

  end(): void {
    if (this.#isOver || this.#hasEnded) return;
    this.#hasEnded = true;
    const told = this.#connection?.end() ?? this.#tell({ action: 'session-info', sid: this.#options.sid, isEnd: true });
    told.then(
      () => {
        this.#isReceived = true;
        this.#closeWhenEnded();
      },
      (error: unknown) => this.close('failed-transport', (error as Error).message),
    );
  }

  close(reason = 'cancel', why = reason): void {
    if (this.#isOver) return;
    void this.#tell({ action: 'session-terminate', sid: this.#options.sid, reason });
    this.over(why);
  }

  /** @param reason undefined: as it should */
  over(reason: string | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer.cancel();
    this.#check?.cancel();
    this.#connection?.close();
    this.#inBand?.close();
    if (this.#path === undefined) this.#opened.reject(raClientErrors.RA_CHANNEL_CLOSED(this.name, reason));
    this.#options.onOver();
    this.#listener?.onClosed?.(reason);
    this.#listener = undefined;
  }

  /** The one who asked says goodbye, when each side has all of the other; the one who was asked waits for that, but not for ever. */
  #closeWhenEnded(): void {
    const { isInitiator, sid, timer } = this.#options;
    if (!this.#isReceived || !this.#otherHasEnded || this.#isOver) return;
    if (!isInitiator) {
      this.#timer = timer(() => this.over(undefined));
      return;
    }
    void this.#tell({ action: 'session-terminate', sid, reason: 'success' });
    this.over(undefined);
  }

  #open(path: ChannelPath): void {
    if (this.#isOver || this.#path !== undefined) return;
    this.#path = path;
    this.#timer.cancel();
    this.#opened.resolve(this);
    if (path === 'in-band') this.#checkLater();
  }

  /**
   * Who only waits for bytes hears nothing when the other side, or the server, is gone: it is asked by a `session-info` without content, which
   * is a ping (XEP-0166 §6.8). Peer connections look after themselves (RFC 7675).
   */
  #checkLater(): void {
    this.#check = this.#options.checkTimer(() => void this.#lookForOther());
  }

  async #lookForOther(): Promise<void> {
    const { sid, ping } = this.#options;
    if (!this.#isHeard) await this.#tell({ action: 'session-info', sid }, ping);
    this.#isHeard = false;
    if (!this.#isOver) this.#checkLater();
  }

  #carried(): PeerConnectionListener {
    return {
      onOpen: (path) => this.#open(path),
      onData: (data) => this.#take(data),
      onEnd: () => this.otherEnded(),
      onClosed: (reason) => {
        if (this.#hasEnded && this.#otherHasEnded) this.over(undefined);
        else this.close('connectivity-error', reason);
      },
    };
  }

  async #take(data: Uint8Array): Promise<void> {
    try {
      await this.#listener?.onData(data);
    } catch (error) {
      this.close('failed-application', (error as Error).message);
    }
  }

  #openInBand(blockSize: number): InBandStream {
    const { sid, request } = this.#options;
    return new InBandStream({
      ...{ sid, blockSize },
      request: (payload) => request(this.#peer, payload),
      onData: (data) => this.#take(data),
      onBroken: (reason) => this.close('failed-transport', reason),
    });
  }

  async #tell(message: JingleMessage, request = this.#options.request): Promise<void> {
    try {
      const answer = await request(this.#peer, encodeJingle(message));
      if (answer.kind === 'error' && message.action !== 'session-terminate') this.over(answer.text ?? answer.condition);
    } catch (error) {
      if (message.action !== 'session-terminate') this.over((error as Error).message);
    }
  }
}

/** Says that a session is not known (XEP-0166 §6.3). */
export function unknownSession(): StanzaError {
  return new StanzaError('item-not-found', undefined, element('unknown-session', 'urn:xmpp:jingle:errors:1'));
}
