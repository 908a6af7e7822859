/** Properties of every decoder: what was encoded comes back; no bytes whatever make it throw. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyBytes, encodeUtf8, parseSocketAddress } from '@yaolian/kernel';
import { nodeCrypto } from '@yaolian/node-runtime';
import { SeededRandom } from '@yaolian/testkit';
import { certificate } from '../test/certificates.ts';
import { plainHello } from '../test/raw-client.ts';
import { World } from '../test/world.ts';
import { cipherSuiteOf } from './cipher-suites.ts';
import { decodeAlert, encodeAlert } from './messages/alert.ts';
import {
  decodeCertificateChain,
  decodeRawPublicKey,
  encodeCertificateChain,
  encodeRawPublicKey,
} from './messages/certificate.ts';
import { decodeCertificateRequest, encodeCertificateRequest } from './messages/certificate-request.ts';
import { decodeCertificateVerify, encodeCertificateVerify } from './messages/certificate-verify.ts';
import {
  decodeClientHello,
  decodeClientHelloStart,
  emptyClientHelloStart,
  encodeClientHello,
} from './messages/client-hello.ts';
import { decodeClientKeyExchange, encodeClientKeyExchange } from './messages/client-key-exchange.ts';
import * as values from './messages/extension-values.ts';
import { decodeExtensions, ExtensionType } from './messages/extensions.ts';
import { decodeHandshakeFragment, encodeHandshakeMessage } from './messages/handshake-header.ts';
import { decodeHelloVerifyRequest } from './messages/hello-verify-request.ts';
import { decodeNewSessionTicket, encodeNewSessionTicket } from './messages/new-session-ticket.ts';
import { decodeServerHello, encodeServerHello } from './messages/server-hello.ts';
import { decodeServerKeyExchange } from './messages/server-key-exchange.ts';
import { decodeRecordHeader, emptyRecordView, writeRecordHeader } from './record/record-header.ts';
import { TicketKeys } from './server/tickets.ts';
import { decodeResumableState, encodeResumableState } from './session/resumable-state.ts';
import { Reader } from './wire.ts';
import { decodeCertificate } from './x509/certificate.ts';

interface Decoder {
  readonly decode: (bytes: Uint8Array) => unknown;
  /** Bytes that it takes. */
  readonly valid: readonly Uint8Array[];
}

const hello = {
  ...plainHello,
  sessionId: new Uint8Array(32).fill(1),
  cookie: new Uint8Array(16).fill(2),
  cipherSuites: [0xc0a8, 0xc0ae, 0xccab],
  extensions: new Map([
    [ExtensionType.session_ticket, emptyBytes],
    [ExtensionType.server_name, values.encodeServerName('server.example')],
  ]),
};
const serverHello = {
  version: 0xfefd,
  random: new Uint8Array(32),
  sessionId: new Uint8Array(16),
  cipherSuite: 0xc0a8,
  compressionMethod: 0,
  extensions: hello.extensions,
};
const certificates = [certificate('client'), certificate('ca')];
const state = {
  suite: cipherSuiteOf(0xc0a8)!,
  masterSecret: new Uint8Array(48).fill(3),
  usesExtendedMasterSecret: true,
  serverName: 'server.example',
  identity: { kind: 'PSK', identity: encodeUtf8('me') } as const,
  since: 1_800_000_000_000,
};
const tickets = new TicketKeys(nodeCrypto, [new Uint8Array(32)]);
const ecdhParameters = Uint8Array.of(3, 0, 29, 32, ...new Uint8Array(32));
const chain = encodeCertificateChain(certificates);

async function exportedSession(): Promise<{ readonly world: World; readonly state: Uint8Array }> {
  const world = new World({ server: { onProgressDue: () => {} } });
  await world.ask();
  const [session] = [...world.server.sessions()];
  return { world, state: world.server.exportSession(session!).state };
}
const exported = await exportedSession();

const decoders: Readonly<Record<string, Decoder>> = {
  'record header': {
    decode: (bytes) => decodeRecordHeader(bytes, 0, 6, emptyRecordView()),
    valid: [record(22, 40), record(25, 40)],
  },
  'handshake fragment': {
    decode: (bytes) => decodeHandshakeFragment(bytes, 0),
    valid: [encodeHandshakeMessage(1, 0, new Uint8Array(50))],
  },
  alert: { decode: decodeAlert, valid: [encodeAlert('close_notify')] },
  ClientHello: { decode: decodeClientHello, valid: [encodeClientHello(plainHello), encodeClientHello(hello)] },
  'start of a ClientHello': {
    decode: (bytes) => decodeClientHelloStart(bytes, 0, bytes.length, emptyClientHelloStart()),
    valid: [encodeClientHello(hello)],
  },
  HelloVerifyRequest: {
    decode: decodeHelloVerifyRequest,
    valid: [Uint8Array.of(0xfe, 0xff, 16, ...new Uint8Array(16))],
  },
  ServerHello: { decode: decodeServerHello, valid: [encodeServerHello(serverHello)] },
  extensions: { decode: (bytes) => decodeExtensions(new Reader(bytes)), valid: [encodeClientHello(hello).slice(95)] },
  'certificate chain': { decode: (bytes) => decodeCertificateChain(bytes, 6), valid: [chain] },
  'raw public key': { decode: decodeRawPublicKey, valid: [encodeRawPublicKey(new Uint8Array(91))] },
  CertificateRequest: {
    decode: decodeCertificateRequest,
    valid: [
      encodeCertificateRequest({
        certificateTypes: Uint8Array.of(64),
        signatureAlgorithms: [0x0403, 0x0807],
        authorities: [new Uint8Array(20)],
      }),
    ],
  },
  CertificateVerify: {
    decode: decodeCertificateVerify,
    valid: [encodeCertificateVerify({ signatureAlgorithm: 0x0403, signature: new Uint8Array(70) })],
  },
  'ClientKeyExchange, PSK': {
    decode: (bytes) => decodeClientKeyExchange(bytes, 'PSK'),
    valid: [encodeClientKeyExchange({ pskIdentity: encodeUtf8('me'), publicKey: emptyBytes }, 'PSK')],
  },
  'ClientKeyExchange, ECDHE_PSK': {
    decode: (bytes) => decodeClientKeyExchange(bytes, 'ECDHE_PSK'),
    valid: [encodeClientKeyExchange({ pskIdentity: encodeUtf8('me'), publicKey: new Uint8Array(32) }, 'ECDHE_PSK')],
  },
  'ServerKeyExchange, PSK': {
    decode: (bytes) => decodeServerKeyExchange(bytes, 'PSK'),
    valid: [Uint8Array.of(0, 2, 65, 66)],
  },
  'ServerKeyExchange, ECDHE_ECDSA': {
    decode: (bytes) => decodeServerKeyExchange(bytes, 'ECDHE_ECDSA'),
    valid: [Uint8Array.of(...ecdhParameters, 4, 3, 0, 2, 1, 1)],
  },
  NewSessionTicket: {
    decode: decodeNewSessionTicket,
    valid: [encodeNewSessionTicket({ lifetimeHint: 60, ticket: new Uint8Array(90) })],
  },
  'server name': { decode: values.decodeServerName, valid: [values.encodeServerName('server.example')] },
  'list of numbers': { decode: values.decodeUint16List, valid: [values.encodeUint16List([1, 2])] },
  'list of bytes': { decode: values.decodeUint8List, valid: [values.encodeUint8List(Uint8Array.of(1, 2))] },
  'maximum fragment length': { decode: values.decodeMaxFragmentLength, valid: [values.encodeMaxFragmentLength(512)] },
  'record size limit': { decode: values.decodeRecordSizeLimit, valid: [values.encodeRecordSizeLimit(512)] },
  certificate: { decode: decodeCertificate, valid: certificates },
  'resumable state': { decode: decodeResumableState, valid: [encodeResumableState(state)] },
  ticket: { decode: (bytes) => tickets.open(bytes), valid: [tickets.seal(encodeUtf8('content'))] },
  'exported session': { decode: (bytes) => exported.world.server.importSession(bytes), valid: [exported.state] },
  'exported progress': {
    decode: (bytes) => exported.world.server.importProgress(bytes) || undefined,
    valid: [exported.world.server.exportProgress(exported.world.server.sessions()).bytes],
  },
  'address of an export': {
    decode: (bytes) => parseSocketAddress(String.fromCharCode(...bytes)),
    valid: [encodeUtf8('[2001:db8::1]:5684')],
  },
};

function record(type: number, length: number): Uint8Array {
  const out = new Uint8Array(80);
  writeRecordHeader(out, 0, type, 1, 7, length);
  if (type === 25) out.set([0, length], 17);
  return out;
}

for (const [name, { decode, valid }] of Object.entries(decoders)) {
  test(`${name}: takes what is right; nothing makes it throw`, () => {
    const random = new SeededRandom(name.length);
    if (name !== 'record header') for (const bytes of valid) assert.notEqual(decode(bytes), undefined);
    for (const bytes of valid) {
      for (let length = 0; length < Math.min(bytes.length, 300); length++) decode(bytes.slice(0, length));
      for (let round = 0; round < 500; round++) {
        const changed = bytes.slice();
        for (let i = 0; i < 1 + (round % 4); i++) changed[random.uint32() % changed.length] = random.uint32();
        decode(changed);
      }
    }
    for (let round = 0; round < 1000; round++) decode(random.bytes(random.uint32() % 120));
  });
}

test('what was encoded comes back', () => {
  assert.deepEqual(decodeClientHello(encodeClientHello(hello)), hello);
  assert.deepEqual(decodeServerHello(encodeServerHello(serverHello)), serverHello);
  assert.deepEqual(decodeCertificateChain(chain, 2), certificates);
  assert.equal(decodeCertificateChain(chain, 1), undefined);
  assert.deepEqual(decodeResumableState(encodeResumableState(state)), state);
  const ticket = { lifetimeHint: 2 ** 32 - 1, ticket: new Uint8Array(300).fill(9) };
  assert.deepEqual(decodeNewSessionTicket(encodeNewSessionTicket(ticket)), ticket);
  assert.deepEqual(tickets.open(tickets.seal(encodeUtf8('content'))), encodeUtf8('content'));
});

test('a length that promises more than is there allocates nothing', () => {
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 20_000; i++) decodeCertificateChain(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff), 6);
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 22);
});
