import { Code, decodeMessage, encodeMessage, MessageType, textOption, uintOption } from '@yaolian/coap';
import { type DatagramPort, encodeUtf8, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { openUdpPort } from '@yaolian/node-runtime';

const value = encodeUtf8('21.5');

/** The least that a terminal can be: registers, and answers whatever it is asked. A socket for each. */
export class AnsweringTerminals implements AsyncDisposable {
  readonly #ports: readonly DatagramPort[];
  /** Requests that came. */
  asked = 0;

  private constructor(ports: readonly DatagramPort[]) {
    this.#ports = ports;
  }

  /** Terminals t0, t1, … that are registered. */
  static async register(port: number, count: number): Promise<AnsweringTerminals> {
    const server = socketAddress('127.0.0.1', port);
    const ports = await Promise.all(Array.from({ length: count }, () => openUdpPort({ host: '127.0.0.1', port: 0 })));
    const terminals = new AnsweringTerminals(ports);
    // Not all at once: what a socket cannot take is lost, and nothing is sent again.
    for (const [i, own] of ports.entries()) await terminals.#begin(own, server, `t${i}`);
    return terminals;
  }

  #begin(port: DatagramPort, server: SocketAddress, name: string): Promise<void> {
    const query = ['lwm2m=1.1', `ep=${name}`, 'b=U', 'lt=86400'].map((text) => textOption(15, text));
    const options = [textOption(11, 'rd'), uintOption(12, 40), ...query];
    const message = { type: MessageType.CON, code: Code.POST, messageId: 1, token: Uint8Array.of(1), options };
    return new Promise((resolve) => {
      port.listen({
        onDatagram: (datagram) => {
          if (datagram[1] === Code.Created) resolve();
          else this.#answer(port, server, datagram);
        },
      });
      port.send(encodeMessage({ ...message, payload: encodeUtf8('</1/0>,</3/0>,</3303/0>') }), server);
    });
  }

  #answer(port: DatagramPort, server: SocketAddress, datagram: Uint8Array): void {
    const code = datagram[1]!;
    if (code !== Code.GET && code !== Code.PUT && code !== Code.POST) return;
    const request = decodeMessage(datagram);
    if (!request.ok) throw new Error('the server sent what is no message');
    this.asked++;
    const { messageId, token } = request.value;
    const ack = { type: MessageType.ACK, messageId, token };
    const answer =
      code === Code.GET
        ? { ...ack, code: Code.Content, options: [uintOption(12, 0)], payload: value }
        : { ...ack, code: Code.Changed, options: [], payload: new Uint8Array() };
    port.send(encodeMessage(answer), server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#ports.map((port) => port.close()));
  }
}
