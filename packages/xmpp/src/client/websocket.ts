import {
  type ByteStreamListener,
  decodeUtf8,
  encodeUtf8,
  type Peer,
  type SocketAddress,
  StreamPeer,
  socketAddress,
} from '@yaolian/kernel';
import type { TransportConnector, XmppTransport } from '../stream/transport.ts';
import { parseXmlText } from '../xml/parse.ts';
import { xmppErrors } from './errors.ts';

/** Listeners of any kind of event that has at least this. */
type Handler<E> = { handle(event: E): void }['handle'];

/** The part of the WebSocket of browsers and Node that is used here. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  /** Which subprotocol the server took. */
  readonly protocol: string;
  onopen: Handler<object> | null;
  onmessage: Handler<{ readonly data: unknown }> | null;
  onerror: Handler<object> | null;
  onclose: Handler<{ readonly code: number; readonly reason: string }> | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

export interface WebSocketConnectorOptions {
  /** `wss://example.org/xmpp-websocket`, or how to find it: {@link webSocketOf}. */
  readonly url: string | ((signal: AbortSignal) => Promise<string>);
  /** `(url, protocol) => new WebSocket(url, protocol)`. */
  readonly open: (url: string, protocol: string) => WebSocketLike;
  /** Messages that wait while nobody reads; beyond, the connection ends. Default 1,000. */
  readonly maximumHeldMessages?: number;
}

/** RFC 7395 §3.1. */
const subprotocol = 'xmpp';

/** Connects by WebSockets (RFC 7395), in browsers and wherever else there is a `WebSocket`. */
export function webSocketConnector(options: WebSocketConnectorOptions): TransportConnector {
  return {
    connect: async (signal) => {
      const url = typeof options.url === 'string' ? options.url : await options.url(signal);
      signal.throwIfAborted();
      const socket = options.open(url, subprotocol);
      try {
        await opened(socket, signal);
      } catch (error) {
        socket.close();
        throw error;
      }
      return new ClientWebSocket(socket, url, options.maximumHeldMessages ?? 1000);
    },
  };
}

function opened(socket: WebSocketLike, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const end = (settle: () => void) => () => {
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    socket.onopen = end(() => {
      if (socket.protocol === subprotocol) resolve();
      else reject(xmppErrors.XMPP_PROTOCOL('a WebSocket that does not speak XMPP'));
    });
    socket.onerror = socket.onclose = end(() => reject(xmppErrors.XMPP_DISCONNECTED()));
  });
}

/** Close codes that say that all is well (RFC 6455 §7.4.1). */
const orderly = [1000, 1001, 1005];

class ClientWebSocket implements XmppTransport {
  readonly peer: Peer;
  readonly localAddress: SocketAddress = socketAddress('0.0.0.0', 0);
  readonly keepsBoundaries = true;
  readonly isSecure: boolean;
  readonly canStartTls = false;
  readonly identity = undefined;
  // What is below a WebSocket does not show.
  readonly channelBindingTypes = [];
  readonly #socket: WebSocketLike;
  readonly #maximumHeld: number;
  #held: Uint8Array[] = [];
  #isPaused = false;
  #isOver = false;
  #error: Error | undefined;
  #listener: ByteStreamListener | undefined;

  constructor(socket: WebSocketLike, url: string, maximumHeld: number) {
    this.#socket = socket;
    this.#maximumHeld = maximumHeld;
    this.isSecure = url.startsWith('wss:');
    this.peer = new StreamPeer(this.localAddress, 0, 'wss');
    socket.onopen = null;
    socket.onerror = null;
    socket.onmessage = ({ data }) => this.#onMessage(data);
    socket.onclose = ({ code, reason }) => {
      if (!orderly.includes(code)) this.#error ??= new Error(`the WebSocket was closed with code ${code} ${reason}`);
      this.#end();
    };
  }

  channelBinding(): undefined {}

  startTls(): Promise<void> {
    return Promise.reject(new TypeError('a WebSocket has TLS below it or none'));
  }

  listen(listener: ByteStreamListener): void {
    this.#listener = listener;
    if (this.#isOver) listener.onClosed(this.#error);
    else this.#deliver();
  }

  #onMessage(data: unknown): void {
    if (this.#isOver) return;
    // RFC 7395 §3.2: text only.
    if (typeof data !== 'string') this.#give(new Error('a WebSocket message that is no text'));
    else if (this.#held.length >= this.#maximumHeld) this.#give(new Error('too many messages wait'));
    else {
      this.#held.push(encodeUtf8(data));
      this.#deliver();
    }
  }

  #give(error: Error): void {
    this.#error = error;
    this.abort();
  }

  #deliver(): void {
    while (!this.#isPaused && !this.#isOver && this.#listener !== undefined) {
      const bytes = this.#held.shift();
      if (bytes === undefined) return;
      this.#listener.onBytes(bytes);
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isPaused = false;
    this.#deliver();
    this.#isOver = true;
    this.#listener?.onClosed(this.#error);
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#isOver && this.#socket.readyState === 1) this.#socket.send(decodeUtf8(bytes)!);
    return true;
  }

  get queuedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** The browser reads on: what comes is held. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#deliver();
  }

  close(): void {
    this.#socket.close(1000);
  }

  abort(): void {
    this.#socket.close();
    this.#end();
  }
}

/** Gets what lies at an HTTPS address as text; undefined when there is nothing. */
export type FetchText = (url: string, signal: AbortSignal) => Promise<string | undefined>;

const relation = 'urn:xmpp:alt-connections:websocket';

/**
 * Where the WebSockets of a domain are (XEP-0156): what its host-meta says, JSON first.
 * @throws YaolianError XMPP_NOT_FOUND; the reason of the signal
 */
export async function webSocketOf(domain: string, fetchText: FetchText, signal: AbortSignal): Promise<string> {
  const place = `https://${domain}/.well-known/host-meta`;
  const readers = [
    [`${place}.json`, linkOfJson],
    [place, linkOfXrd],
  ] as const;
  for (const [url, read] of readers) {
    const text = await fetchText(url, signal).catch(() => undefined);
    signal.throwIfAborted();
    const found = text === undefined || text.length > maximumHostMeta ? undefined : read(text);
    // XEP-0156 §3: nothing that is not encrypted.
    if (found?.startsWith('wss://') === true) return found;
  }
  throw xmppErrors.XMPP_NOT_FOUND(domain);
}

const maximumHostMeta = 65_536;

function linkOfJson(text: string): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined; // another server's idea of a page that is not there
  }
  const { links } = (document ?? {}) as { readonly links?: unknown };
  if (!Array.isArray(links)) return undefined;
  const link = (links as ({ readonly rel?: unknown; readonly href?: unknown } | null)[]).find(
    (each) => each?.rel === relation && typeof each.href === 'string',
  );
  return link?.href as string | undefined;
}

function linkOfXrd(text: string): string | undefined {
  const parsed = parseXmlText(text.replace(/^\s*<\?xml[^>]*\?>/, ''));
  if (!parsed.ok) return undefined;
  const links = parsed.value.elements('Link');
  return links.find((link) => link.attribute('rel') === relation)?.attribute('href');
}
