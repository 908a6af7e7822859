import { Code, decodeMessage, describeCode, describeOption, type Message } from '@yaolian/coap';
import { type DatagramListener, type DatagramPort, decodeUtf8, encodeHex, type Peer } from '@yaolian/kernel';
import { printable, truncate } from '../output/display-width.ts';

const typeNames = ['CON', 'NON', 'ACK', 'RST'] as const;

/**
 * `port`, telling `say` every datagram in either direction, decoded.
 * @param elapsed milliseconds since the start, for the first column
 */
export function traced(port: DatagramPort, elapsed: () => number, say: (text: string) => void): DatagramPort {
  const tell = (arrow: string, peer: Peer, datagram: Uint8Array): void =>
    say(`${(elapsed() / 1000).toFixed(3).padStart(8)} ${arrow} ${peer.address.key}  ${describeDatagram(datagram)}\n`);
  return {
    localAddress: port.localAddress,
    listen(listener: DatagramListener) {
      port.listen({
        onDatagram(datagram, from, multicast) {
          tell('<-', from, datagram);
          listener.onDatagram(datagram, from, multicast);
        },
        onSendError(error, to) {
          say(`${(elapsed() / 1000).toFixed(3).padStart(8)} !! ${to.address.key}  ${printable(error.message)}\n`);
          listener.onSendError?.(error, to);
        },
      });
    },
    send(datagram, to) {
      tell('->', to, datagram);
      port.send(datagram, to);
    },
    close: () => port.close(),
  };
}

/** `CON 0.01 GET  id 4a1b  token 8f02` and, indented below, the options and the start of the payload. */
export function describeDatagram(datagram: Uint8Array): string {
  const decoded = decodeMessage(datagram);
  if (!decoded.ok) return `not CoAP (${decoded.error.reason}): ${excerpt(datagram)}`;
  const message = decoded.value;
  return describeContent(describeHead(message), message);
}

/** The head, and indented below it options and the start of the payload. Options of signaling messages have no names here. */
export function describeContent(
  head: string,
  { options, payload, isSignal = false }: Pick<Message, 'options' | 'payload'> & { readonly isSignal?: boolean },
): string {
  const details = options.map((option) =>
    isSignal ? `option ${option.number}: 0x${encodeHex(option.value)}` : describeOption(option),
  );
  if (payload.length > 0) details.push(`payload ${payload.length} bytes: ${excerpt(payload)}`);
  return [head, ...details].join('\n             ');
}

function describeHead(message: Message): string {
  const id = `id ${message.messageId.toString(16).padStart(4, '0')}`;
  const code = message.code === Code.Empty ? 'empty' : describeCode(message.code);
  const token = message.token.length === 0 ? [] : [`token ${encodeHex(message.token)}`];
  return [`${typeNames[message.type]} ${code}`, id, ...token].join('  ');
}

function excerpt(bytes: Uint8Array): string {
  const text = bytes.length > 0 ? decodeUtf8(bytes) : undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character says that this is no text
  const isText = text !== undefined && !/[\u0000-\u0008\u000e-\u001f]/.test(text);
  return isText
    ? `"${truncate(printable(text), 72)}"`
    : `0x${encodeHex(bytes.subarray(0, 32))}${bytes.length > 32 ? '…' : ''}`;
}
