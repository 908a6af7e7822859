import { type Dissection, encodeHex, escapeControls } from '@yaolian/kernel';
import { cipherSuiteOf } from './cipher-suites.ts';
import { AlertLevel, alertName, decodeAlert } from './messages/alert.ts';
import { decodeClientHello } from './messages/client-hello.ts';
import { decodeHandshakeFragment, handshakeHeaderLength } from './messages/handshake-header.ts';
import { HandshakeType, handshakeTypeName } from './messages/handshake-type.ts';
import { decodeServerHello } from './messages/server-hello.ts';
import { ContentType, dtls10, dtls12 } from './record/content-type.ts';
import { decodeRecordHeader, emptyRecordView, type RecordView } from './record/record-header.ts';

/** A datagram taken apart for people. */
export interface DissectedDatagram {
  /** `ClientHello`, `Certificate, ServerHelloDone`, `application data`. */
  readonly title: string;
  /** A field for each record. */
  readonly fields: readonly Dissection[];
  /** Whether it is one record of application data, or of what a Connection ID hides. */
  readonly isData: boolean;
}

/** The most records that are shown of one datagram. */
const maximumRecords = 100;

/**
 * Takes a datagram apart (RFC 6347 §4.1), whatever it holds. What is encrypted stays so.
 * @param cidLength how long the Connection IDs are that its receiver gave out
 */
export function dissectDatagram(bytes: Uint8Array, cidLength: number): DissectedDatagram {
  const titles: string[] = [];
  const fields: Dissection[] = [];
  const record = emptyRecordView();
  let isData = false;
  for (let at = 0; at < bytes.length && fields.length < maximumRecords; at = record.fragmentEnd) {
    const refusal = decodeRecordHeader(bytes, at, cidLength, record);
    if (refusal !== undefined) {
      fields.push({ name: 'Malformed', value: refusal, start: at, end: bytes.length });
      titles.push(`no DTLS record: ${refusal}`);
      break;
    }
    isData =
      fields.length === 0 && (record.type === ContentType.ApplicationData || record.type === ContentType.Tls12Cid);
    const content = contentOf(bytes, record);
    titles.push(content.title);
    fields.push({
      name: 'Record',
      value: content.title,
      start: at,
      end: record.fragmentEnd,
      fields: [...headerFields(bytes, at, record), ...content.fields],
    });
  }
  return { title: titles.join(', ') || 'empty datagram', fields, isData };
}

const contentNames = new Map<number, string>([
  [ContentType.ChangeCipherSpec, 'ChangeCipherSpec'],
  [ContentType.Alert, 'alert'],
  [ContentType.Handshake, 'handshake'],
  [ContentType.ApplicationData, 'application data'],
  [ContentType.Tls12Cid, 'record with a Connection ID'],
  [ContentType.ReturnRoutabilityCheck, 'return routability check'],
]);

function headerFields(bytes: Uint8Array, at: number, record: RecordView): Dissection[] {
  const { type, epoch, sequence, cidStart, cidLength, fragmentStart, fragmentEnd } = record;
  const cid = bytes.subarray(cidStart, cidStart + cidLength);
  return [
    field('Content type', `${contentNames.get(type)} (${type})`, at, at + 1),
    field('Version', versionText(record.version), at + 1, at + 3),
    field('Epoch', String(epoch), at + 3, at + 5),
    field('Sequence number', String(sequence), at + 5, at + 11),
    ...(cidLength === 0 ? [] : [field('Connection ID', `0x${encodeHex(cid)}`, cidStart, cidStart + cidLength)]),
    field('Length', String(fragmentEnd - fragmentStart), fragmentStart - 2, fragmentStart),
  ];
}

interface Content {
  readonly title: string;
  readonly fields: readonly Dissection[];
}

function contentOf(bytes: Uint8Array, { type, epoch, fragmentStart, fragmentEnd }: RecordView): Content {
  const name = contentNames.get(type)!;
  if (type === ContentType.Tls12Cid || type === ContentType.ApplicationData || epoch > 0) {
    const title =
      type === ContentType.Handshake
        ? 'Finished (encrypted)'
        : `${name}${epoch > 0 && type < 23 ? ' (encrypted)' : ''}`;
    return { title, fields: [field('Encrypted', `${fragmentEnd - fragmentStart} bytes`, fragmentStart, fragmentEnd)] };
  }
  const content = bytes.subarray(fragmentStart, fragmentEnd);
  if (type === ContentType.Alert) return alertContent(content, fragmentStart);
  if (type === ContentType.Handshake) return handshakeContent(content, fragmentStart);
  return { title: name, fields: [] };
}

function alertContent(content: Uint8Array, start: number): Content {
  const alert = decodeAlert(content);
  if (alert === undefined) return { title: 'malformed alert', fields: [] };
  const level = alert.level === AlertLevel.Fatal ? 'fatal' : 'warning';
  const name = alertName(alert.description);
  const fields = [field('Level', level, start, start + 1), field('Description', name, start + 1, start + 2)];
  return { title: `alert ${name} (${level})`, fields };
}

function handshakeContent(content: Uint8Array, start: number): Content {
  const titles: string[] = [];
  const fields: Dissection[] = [];
  for (let at = 0; at < content.length && fields.length < maximumRecords; ) {
    const fragment = decodeHandshakeFragment(content, at);
    if (fragment === undefined) {
      fields.push(field('Malformed', 'no handshake fragment', start + at, start + content.length));
      break;
    }
    const { type, length, messageSequence, offset, body } = fragment;
    const isWhole = body.length === length;
    const title = `${handshakeTypeName(type)}${isWhole ? '' : ' (fragment)'}`;
    const from = start + at;
    const inside = from + handshakeHeaderLength;
    fields.push({
      ...field('Handshake', title, from, inside + body.length),
      fields: [
        field('Message type', `${handshakeTypeName(type)} (${type})`, from, from + 1),
        field('Message length', String(length), from + 1, from + 4),
        field('Message sequence', String(messageSequence), from + 4, from + 6),
        field('Fragment', `${offset} to ${offset + body.length}`, from + 6, inside),
        ...(isWhole ? bodyFields(type, body, inside) : []),
      ],
    });
    titles.push(title);
    at += handshakeHeaderLength + body.length;
  }
  return { title: titles.join(', ') || 'malformed handshake', fields };
}

function bodyFields(type: number, body: Uint8Array, start: number): Dissection[] {
  const all = (name: string, value: string) => field(name, value, start, start + body.length);
  if (type === HandshakeType.ClientHello) {
    const hello = decodeClientHello(body);
    if (hello === undefined) return [all('Malformed', 'no ClientHello')];
    return [
      field('Version', versionText(hello.version), start, start + 2),
      field('Random', `0x${encodeHex(hello.random)}`, start + 2, start + 34),
      all('Cookie', hello.cookie.length === 0 ? 'none' : `0x${encodeHex(hello.cookie)}`),
      all('Cipher suites', hello.cipherSuites.map(suiteText).join(', ')),
    ];
  }
  if (type === HandshakeType.ServerHello) {
    const hello = decodeServerHello(body);
    if (hello === undefined) return [all('Malformed', 'no ServerHello')];
    return [
      field('Version', versionText(hello.version), start, start + 2),
      field('Random', `0x${encodeHex(hello.random)}`, start + 2, start + 34),
      all('Cipher suite', suiteText(hello.cipherSuite)),
    ];
  }
  if (type === HandshakeType.ClientKeyExchange && body.length > 2 && (body[0]! << 8) + body[1]! === body.length - 2) {
    // RFC 4279 §2: with a pre-shared key alone it is the identity.
    return [all('PSK identity', escapeControls(String.fromCharCode(...body.subarray(2))))];
  }
  return [];
}

function suiteText(id: number): string {
  return cipherSuiteOf(id)?.name ?? `0x${id.toString(16).padStart(4, '0')}`;
}

function versionText(version: number): string {
  if (version === dtls12) return 'DTLS 1.2';
  return version === dtls10 ? 'DTLS 1.0' : `0x${version.toString(16)}`;
}

function field(name: string, value: string, start: number, end: number): Dissection {
  return { name, value, start, end };
}
