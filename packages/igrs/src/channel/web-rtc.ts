import type { IceDescription } from './ice-description.ts';
import type { IceServer, PeerConnection, PeerConnectionListener, PeerConnections } from './ports.ts';
import { decodeSdp, encodeSdp } from './sdp.ts';

/** What is used of the `RTCPeerConnection` of browsers, and of libraries that are like it. */
export interface WebRtcConnection {
  readonly iceGatheringState: string;
  readonly connectionState: string;
  readonly localDescription: { readonly sdp: string } | null | undefined;
  readonly sctp: WebRtcSctp | null | undefined;
  onicegatheringstatechange: ((event: never) => void) | null | undefined;
  onconnectionstatechange: ((event: never) => void) | null | undefined;
  ondatachannel: ((event: never) => void) | null | undefined;
  createDataChannel(label: string): WebRtcChannel;
  createOffer(): Promise<WebRtcDescription>;
  createAnswer(): Promise<WebRtcDescription>;
  setLocalDescription(description: WebRtcDescription): Promise<unknown>;
  setRemoteDescription(description: WebRtcDescription): Promise<unknown>;
  close(): unknown;
}

interface WebRtcDescription {
  readonly type: 'offer' | 'answer' | 'pranswer' | 'rollback';
  readonly sdp: string;
}

interface WebRtcSctp {
  readonly transport: {
    readonly iceTransport: {
      getSelectedCandidatePair(): {
        readonly local?: { readonly candidate?: string };
        readonly remote?: { readonly candidate?: string };
      } | null;
    };
  };
}

export interface WebRtcChannel {
  readonly readyState: string;
  onopen?: ((event: never) => void) | null | undefined;
  onclose?: ((event: never) => void) | null | undefined;
  onmessage?: ((event: never) => void) | null | undefined;
  send(data: never): void;
}

export interface WebRtcConfiguration {
  readonly iceServers: { urls: string; username?: string; credential?: string }[];
}

/** Bytes that may be on their way: the other side says what it has taken. More makes some libraries slower, not faster. */
const window = 128 * 1024;
/** SCTP of others need not take more in one message (RFC 8831 §6.6). */
const largestMessage = 16 * 1024;

/**
 * Peer connections of WebRTC: `webRtc((configuration) => new RTCPeerConnection(configuration))`.
 * On the channel binary messages are bytes, and text messages `taken N` (bytes, in all) and `end`.
 */
export function webRtc(create: (configuration: WebRtcConfiguration) => WebRtcConnection): PeerConnections {
  return { open: (servers, listener) => new WebRtcPeer(create({ iceServers: servers.map(iceServer) }), listener) };
}

function iceServer({ url, username, password }: IceServer): WebRtcConfiguration['iceServers'][number] {
  return { urls: url, ...(username === undefined ? {} : { username }), ...(password && { credential: password }) };
}

class WebRtcPeer implements PeerConnection {
  readonly #connection: WebRtcConnection;
  readonly #listener: PeerConnectionListener;
  #channel: WebRtcChannel | undefined;
  #isClosed = false;
  #sent = 0;
  #taken = 0;
  #wake: (() => void) | undefined;
  /** Bytes that came, those that were taken, and how many of these the other side knows of. */
  #arrived = 0;
  #received = 0;
  #told = 0;
  /** What came is taken one after the other. */
  #taking: Promise<void> = Promise.resolve();

  constructor(connection: WebRtcConnection, listener: PeerConnectionListener) {
    this.#connection = connection;
    this.#listener = listener;
    connection.onconnectionstatechange = () => {
      const { connectionState } = connection;
      if (connectionState === 'failed' || connectionState === 'closed') this.#over(`the connection ${connectionState}`);
    };
    connection.ondatachannel = ({ channel }: { readonly channel: WebRtcChannel }) => {
      if (this.#channel === undefined) this.#use(channel);
    };
  }

  async offer(): Promise<IceDescription> {
    this.#use(this.#connection.createDataChannel('bytes'));
    return this.#described(await this.#connection.createOffer());
  }

  async accept(answer: IceDescription): Promise<void> {
    await this.#connection.setRemoteDescription({ type: 'answer', sdp: encodeSdp(answer) });
  }

  async answer(offer: IceDescription): Promise<IceDescription> {
    await this.#connection.setRemoteDescription({ type: 'offer', sdp: encodeSdp(offer) });
    return this.#described(await this.#connection.createAnswer());
  }

  async send(data: Uint8Array): Promise<void> {
    for (let start = 0; start < data.length; start += largestMessage) {
      // Looked at again after each wait: others may send meanwhile.
      while (this.#isFull) await this.#woken();
      const part = data.subarray(start, start + largestMessage);
      if (!this.#post(part)) return;
      this.#sent += part.length;
    }
    while (this.#isFull) await this.#woken();
  }

  async end(): Promise<void> {
    this.#post('end');
    while (!this.#isClosed && this.#taken < this.#sent) await this.#woken();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#wakeUp();
    void this.#connection.close();
  }

  get #isFull(): boolean {
    return !this.#isClosed && this.#sent - this.#taken >= window;
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake;
      this.#wake = () => {
        before?.();
        resolve();
      };
    });
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  #post(data: Uint8Array | string): boolean {
    if (this.#isClosed || this.#channel?.readyState !== 'open') return false;
    this.#channel.send(data as never);
    return true;
  }

  async #described(description: WebRtcDescription): Promise<IceDescription> {
    const connection = this.#connection;
    await connection.setLocalDescription(description);
    await this.#gathered();
    const told = decodeSdp(connection.localDescription?.sdp ?? '');
    if (told === undefined) throw new TypeError('the description of this side cannot be told');
    return told;
  }

  #gathered(): Promise<void> {
    const connection = this.#connection;
    return new Promise((resolve) => {
      const look = () => (connection.iceGatheringState === 'complete' || this.#isClosed) && resolve();
      connection.onicegatheringstatechange = look;
      look();
    });
  }

  #use(channel: WebRtcChannel): void {
    this.#channel = channel;
    if ('binaryType' in channel) channel.binaryType = 'arraybuffer';
    channel.onmessage = ({ data }: { readonly data: string | Uint8Array | ArrayBuffer }) => this.#onMessage(data);
    channel.onclose = () => this.#over('the channel closed');
    channel.onopen = () => this.#listener.onOpen(this.#path());
    if (channel.readyState === 'open') this.#listener.onOpen(this.#path());
  }

  #path(): 'direct' | 'relayed' {
    const pair = this.#connection.sctp?.transport.iceTransport.getSelectedCandidatePair();
    const isRelayed = [pair?.local, pair?.remote].some((one) => one?.candidate?.includes(' typ relay'));
    return isRelayed ? 'relayed' : 'direct';
  }

  #onMessage(data: string | Uint8Array | ArrayBuffer): void {
    if (typeof data !== 'string') {
      const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
      this.#arrived += bytes.length;
      // A window, and the message that it ends within.
      if (this.#arrived - this.#received > window + largestMessage) this.#over('the other side sent more than it may');
      else this.#inTurn(() => this.#take(bytes));
    } else if (data === 'end') {
      this.#inTurn(() => {
        this.#tell();
        this.#listener.onEnd();
      });
    } else {
      const taken = Number(/^taken (\d{1,15})$/.exec(data)?.[1]);
      if (!(taken > this.#taken && taken <= this.#sent)) return;
      this.#taken = taken;
      this.#wakeUp();
    }
  }

  #inTurn(work: () => void | Promise<void>): void {
    this.#taking = this.#taking
      .then(() => (this.#isClosed ? undefined : work()))
      .catch((error: unknown) => this.#over((error as Error).message));
  }

  async #take(bytes: Uint8Array): Promise<void> {
    await this.#listener.onData(bytes);
    this.#received += bytes.length;
    if (this.#received - this.#told >= window / 4) this.#tell();
  }

  #tell(): void {
    if (this.#received > this.#told && this.#post(`taken ${this.#received}`)) this.#told = this.#received;
  }

  #over(reason: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#listener.onClosed(reason);
  }
}
