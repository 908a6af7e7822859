/**
 * The least that a relay in Node can do: bare sockets, a scanner for stanzas, canned answers to PLAIN and binding, and messages
 * passed on as they came. The yardstick of `bench/xmpp.ts`. `node xmpp-relay.ts PORT TLS-PORT`
 */
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { nodeClock, ownCertificate } from '@yaolian/node-runtime';
import { StanzaScanner } from '@yaolian/xmpp';
import { temporaryFolder } from '../temporary-folder.ts';

const domain = 'bench.test';
const [port, tlsPort] = process.argv.slice(2).map(Number);
const header = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' from='${domain}' version='1.0'>`;
const mechanisms = `<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>`;
const binding = `<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>`;
const success = `<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>`;

const clients = new Map<string, Client>();

class Client {
  readonly #socket: Socket;
  readonly #scanner = new StanzaScanner();
  #name = '';
  #isCorked = false;
  #uncork = () => {
    this.#isCorked = false;
    this.#socket.uncork();
  };

  constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => clients.delete(this.#name));
    socket.on('data', (bytes: Buffer) => {
      this.#scanner.push(bytes);
      for (let piece = this.#scanner.next(); piece !== undefined; piece = this.#scanner.next()) {
        if (piece.kind === 'fault' || piece.kind === 'end') socket.end();
        else if (piece.kind === 'header') this.write(header + (this.#name === '' ? mechanisms : binding));
        else this.#take(Buffer.from(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength));
      }
    });
  }

  write(data: string | Uint8Array): void {
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#socket.cork();
      process.nextTick(this.#uncork);
    }
    this.#socket.write(data);
  }

  #take(stanza: Buffer): void {
    if (stanza[1] === 0x6d /* message */) {
      const start = stanza.indexOf(" to='") + 5;
      clients.get(stanza.toString('latin1', start, stanza.indexOf(0x27, start)))?.write(stanza);
    } else this.#answer(stanza.toString());
  }

  #answer(stanza: string): void {
    if (stanza.startsWith('<auth')) {
      const [, user] = Buffer.from(stanza.slice(stanza.indexOf('>') + 1, -7), 'base64')
        .toString()
        .split('\0');
      this.#name = `${user}@${domain}/lg`;
      this.#scanner.restart();
      this.write(success);
    } else if (stanza.startsWith('<iq')) {
      clients.set(this.#name, this);
      const jid = `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>${this.#name}</jid></bind>`;
      this.write(`<iq type='result' id='bi'>${jid}</iq>`);
    } else this.write(`<presence from='${this.#name}'/>`);
  }
}

const folder = temporaryFolder();
const { certificate: cert, key } = await ownCertificate({ folder, clock: nodeClock });
createTlsServer({ cert, key }, (socket) => new Client(socket)).listen(tlsPort, '127.0.0.1');
createServer((socket) => new Client(socket)).listen(port, '127.0.0.1', () => console.log('ready'));
process.on('SIGTERM', () => process.exit()); // a profile is written then
