import {
  decodeStreamMessage,
  describeCode,
  FrameReader,
  formatCode,
  type Message,
  readWholeFrame,
} from '@yaolian/coap';
import { type ByteStream, encodeHex, type StreamConnector } from '@yaolian/kernel';
import { describeContent } from './trace.ts';

/** RFC 8323 §5. */
const signals: Readonly<Record<string, string>> = {
  '7.01': 'CSM',
  '7.02': 'Ping',
  '7.03': 'Pong',
  '7.04': 'Release',
  '7.05': 'Abort',
};

const longest = 1024 * 1024 * 1024;

/** `connector`, telling `say` every message in either direction, decoded. */
export function tracedStreams(
  connector: StreamConnector,
  elapsed: () => number,
  say: (text: string) => void,
): StreamConnector {
  return {
    async connect(to, signal) {
      const line = (arrow: string, text: string) =>
        say(`${(elapsed() / 1000).toFixed(3).padStart(8)} ${arrow} ${to.address.key}  ${text}\n`);
      const stream = await connector.connect(to, signal);
      line('--', 'connected');
      return new TracedStream(stream, line);
    },
  };
}

class TracedStream implements ByteStream {
  readonly peer;
  readonly localAddress;
  readonly keepsBoundaries: boolean;
  readonly #stream: ByteStream;
  readonly #line: (arrow: string, text: string) => void;

  constructor(stream: ByteStream, line: (arrow: string, text: string) => void) {
    this.#stream = stream;
    this.#line = line;
    this.peer = stream.peer;
    this.localAddress = stream.localAddress;
    this.keepsBoundaries = stream.keepsBoundaries;
  }

  get queuedBytes(): number {
    return this.#stream.queuedBytes;
  }

  listen(listener: Parameters<ByteStream['listen']>[0]): void {
    const tell = this.#teller('<-');
    this.#stream.listen({
      onBytes: (bytes) => {
        tell(bytes);
        listener.onBytes(bytes);
      },
      onDrain: () => listener.onDrain(),
      onClosed: (error) => {
        this.#line('--', error === undefined ? 'closed' : `closed: ${error.message}`);
        listener.onClosed(error);
      },
    });
  }

  write(bytes: Uint8Array): boolean {
    // What we write is whole messages.
    this.#teller('->')(bytes);
    return this.#stream.write(bytes);
  }

  #teller(arrow: string): (bytes: Uint8Array) => void {
    const show = (frame: Uint8Array) => {
      const decoded = decodeStreamMessage(frame, 128);
      this.#line(arrow, decoded.ok ? describe(decoded.value) : `not CoAP (${decoded.error})`);
      return true;
    };
    if (this.keepsBoundaries) {
      return (bytes) => {
        const frame = readWholeFrame(bytes, longest);
        if (typeof frame === 'string') this.#line(arrow, `not CoAP (${frame})`);
        else show(frame);
      };
    }
    const reader = new FrameReader(longest, { onFrame: show });
    return (bytes) => {
      const problem = reader.push(bytes);
      if (problem !== undefined) this.#line(arrow, `not CoAP (${problem})`);
    };
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  close(): void {
    this.#stream.close();
  }

  abort(): void {
    this.#stream.abort();
  }
}

function describe(message: Message): string {
  const code = formatCode(message.code);
  const head = code in signals ? `${code} ${signals[code]}` : describeCode(message.code);
  const token = message.token.length === 0 ? [] : [`token ${encodeHex(message.token)}`];
  const { options, payload } = message;
  return describeContent([head, ...token].join('  '), { options, payload, isSignal: message.code >> 5 === 7 });
}
