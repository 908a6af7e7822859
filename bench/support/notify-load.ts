import { readFileSync } from 'node:fs';
import { Code, decodeMessage, encodeMessage, MessageType, textOption, uintOption } from '@yaolian/coap';
import { type DatagramPort, encodeUtf8, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { openUdpPort } from '@yaolian/node-runtime';

export interface NotifyLoad {
  readonly port: number;
  /** Terminals, each with a socket of its own. */
  readonly terminals: number;
  /** Unacknowledged notifications or Sends of one terminal. */
  readonly window: number;
  readonly seconds: number;
  readonly warm: number;
  /** Whose CPU time is measured. */
  readonly pid: number;
  /** What is sent to /dp instead of notifications. */
  readonly send?: { readonly contentFormat: number; readonly payload: Uint8Array };
}

export interface NotifyLoadResult {
  /** Acknowledged, per second. */
  readonly rate: number;
  readonly cpuUsPerMessage: number;
  /** Acknowledged in all, from the first to the last. */
  readonly messages: number;
}

/** TLV of the float 21.5 in /5700, whose bytes 4 and 5 change. */
const value = Uint8Array.of(0xe4, 0x16, 0x44, 0x41, 0xac, 0, 0);

/** One terminal: registers, is observed, and then reports as fast as it is acknowledged. */
class LoadTerminal {
  readonly #port: DatagramPort;
  readonly #server: SocketAddress;
  readonly #options: NotifyLoad;
  #token: Uint8Array | undefined;
  #message = 0;
  #sequence = 1;
  acknowledged = 0;
  refused = 0;
  observed: () => void = () => {};

  constructor(port: DatagramPort, options: NotifyLoad) {
    this.#port = port;
    this.#options = options;
    this.#server = socketAddress('127.0.0.1', options.port);
    port.listen({ onDatagram: (datagram) => this.#onDatagram(datagram) });
  }

  async begin(name: string): Promise<void> {
    const observed = new Promise<void>((resolve) => {
      this.observed = resolve;
    });
    const query = ['lwm2m=1.1', `ep=${name}`, 'b=U', 'lt=86400'].map((text) => textOption(15, text));
    const options = [textOption(11, 'rd'), uintOption(12, 40), ...query];
    const payload = encodeUtf8('</1/0>,</3/0>,</3303/0>');
    this.#request({ options, payload });
    await observed;
  }

  next(): void {
    const { send } = this.#options;
    if (send) {
      this.#request({ options: [textOption(11, 'dp'), uintOption(12, send.contentFormat)], payload: send.payload });
      return;
    }
    const number = ++this.#sequence;
    const payload = value.slice();
    payload[5] = number & 255;
    const options = [uintOption(6, number & 0xff_ffff), uintOption(12, 11_542)];
    const messageId = this.#nextId();
    const notification = {
      type: MessageType.CON,
      code: Code.Content,
      messageId,
      token: this.#token!,
      options,
      payload,
    };
    this.#port.send(encodeMessage(notification), this.#server);
  }

  #request(rest: Pick<Parameters<typeof encodeMessage>[0], 'options' | 'payload'>): void {
    const messageId = this.#nextId();
    const token = Uint8Array.of(messageId >> 8, messageId & 255);
    this.#port.send(encodeMessage({ type: MessageType.CON, code: Code.POST, messageId, token, ...rest }), this.#server);
  }

  #nextId(): number {
    this.#message = (this.#message + 1) & 0xffff;
    return this.#message;
  }

  #onDatagram(datagram: Uint8Array): void {
    const code = datagram[1]!;
    if (code === Code.GET) this.#onGet(datagram);
    else if (code === 0 || code === Code.Changed) {
      this.acknowledged++;
      this.next();
    } else if (code !== Code.Created) this.refused++;
  }

  #onGet(datagram: Uint8Array): void {
    const request = decodeMessage(datagram);
    if (!request.ok) throw new Error('the server sent what is no message');
    const { messageId, token, options: asked } = request.value;
    if (!asked.some(({ number }) => number === 6)) {
      // The model reader asks for object 3, which this terminal does not have.
      const answer = {
        type: MessageType.ACK,
        code: Code.NotFound,
        messageId,
        token,
        options: [],
        payload: new Uint8Array(),
      };
      this.#port.send(encodeMessage(answer), this.#server);
      return;
    }
    this.#token = token.slice();
    const options = [uintOption(6, 1), uintOption(12, 11_542)];
    const answer = { type: MessageType.ACK, code: Code.Content, messageId, token, options, payload: value };
    this.#port.send(encodeMessage(answer), this.#server);
    this.observed();
  }
}

/** Makes terminals report for a while. Nothing is sent again: a window that a loss closes stays closed, and is told as such. */
export async function runNotifyLoad(options: NotifyLoad): Promise<NotifyLoadResult> {
  const { terminals: count, window, seconds, warm, pid } = options;
  const ports = await Promise.all(Array.from({ length: count }, () => openUdpPort({ host: '127.0.0.1', port: 0 })));
  const terminals = ports.map((port) => new LoadTerminal(port, options));
  try {
    for (const [i, terminal] of terminals.entries()) await terminal.begin(`bench-${i}`);
    await pause(500);
    for (const terminal of terminals) for (let i = 0; i < window; i++) terminal.next();
    const sum = () => terminals.reduce((total, { acknowledged }) => total + acknowledged, 0);
    await pause(warm * 1000);
    const [before, cpu, began] = [sum(), cpuSeconds(pid), performance.now()];
    await pause(seconds * 1000);
    const messages = sum() - before;
    const elapsed = (performance.now() - began) / 1000;
    const cpuUsPerMessage = ((cpuSeconds(pid) - cpu) * 1e6) / messages;
    const refused = terminals.reduce((total, terminal) => total + terminal.refused, 0);
    if (refused > 0) throw new Error(`${refused} reports were refused`);
    return { rate: messages / elapsed, cpuUsPerMessage, messages: sum() };
  } finally {
    await Promise.all(ports.map((port) => port.close()));
  }
}

/** User and system time of a process; Linux alone tells it so. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
