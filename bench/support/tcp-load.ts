import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

export interface TcpLoad {
  readonly port: number;
  readonly connections: number;
  /** Requests of one connection that wait for answers. */
  readonly window: number;
  readonly seconds: number;
  readonly warm: number;
  /** Whose CPU time is measured. */
  readonly pid: number;
}

/** A CSM that says nothing, and GET /time with a token (RFC 8323 §3.2). */
const csm = Buffer.of(0x00, 0xe1);
const get = Buffer.from([0x52, 0x01, 0x12, 0x34, 0xb4, ...Buffer.from('time')]);
const content = 0x45;

/** One connection that keeps asking. */
class Asker {
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  answers = 0;
  wrong = 0;

  constructor(socket: Socket, window: number) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.write(Buffer.concat([csm, ...new Array<Buffer>(window).fill(get)]));
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let position = 0;
    let asks = 0;
    for (let size = frameSize(all, position); size > 0; size = frameSize(all, position)) {
      const code = all[position + size - 1 - bodyOf(all, position)]!;
      position += size;
      if (code >> 5 === 7) continue;
      asks++;
      if (code !== content) this.wrong++;
    }
    this.#rest = all.subarray(position);
    this.answers += asks;
    if (asks > 0) this.#socket.write(asks === 1 ? get : Buffer.concat(new Array<Buffer>(asks).fill(get)));
  }
}

/** Bytes behind the code: token, options and payload. Lengths beyond 268 do not come here. */
function bodyOf(bytes: Buffer, at: number): number {
  const length = bytes[at]! >> 4;
  return (length === 13 ? 13 + bytes[at + 1]! : length) + (bytes[at]! & 15);
}

/** Bytes of the message that begins here; 0 when it is not there as a whole. */
function frameSize(bytes: Buffer, at: number): number {
  const extended = bytes[at]! >> 4 === 13 ? 1 : 0;
  if (at + 1 + extended >= bytes.length) return 0;
  const size = 2 + extended + bodyOf(bytes, at);
  return at + size <= bytes.length ? size : 0;
}

/** Asks for /time over and over. */
export async function runTcpLoad(load: TcpLoad): Promise<{ readonly rate: number; readonly cpuUsPerMessage: number }> {
  const askers: Asker[] = [];
  for (let i = 0; i < load.connections; i++) {
    const socket = connect(load.port, '127.0.0.1');
    await once(socket, 'connect');
    askers.push(new Asker(socket, load.window));
  }
  const sum = () => askers.reduce((total, { answers }) => total + answers, 0);
  await pause(load.warm * 1000);
  const [before, cpu, began] = [sum(), cpuSeconds(load.pid), performance.now()];
  await pause(load.seconds * 1000);
  const messages = sum() - before;
  const seconds = (performance.now() - began) / 1000;
  const cpuUsPerMessage = ((cpuSeconds(load.pid) - cpu) * 1e6) / messages;
  const wrong = askers.reduce((total, asker) => total + asker.wrong, 0);
  for (const asker of askers) asker.close();
  if (messages === 0 || wrong > 0) throw new Error(`${messages} answers, ${wrong} of them other than 2.05`);
  return { rate: messages / seconds, cpuUsPerMessage };
}

/** User and system time of a process; Linux alone tells it so. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
