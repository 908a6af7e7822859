import { emptyBytes } from '@yaolian/kernel';
import { emptyRenegotiationInfoScsv } from '../cipher-suites.ts';
import { type Fault, fault, malformed, type Step } from '../faults.ts';
import type { HandshakeMessage } from '../handshake/reassembly.ts';
import { type ClientHello, decodeClientHello } from '../messages/client-hello.ts';
import {
  decodeMaxFragmentLength,
  decodeRecordSizeLimit,
  decodeServerName,
  decodeUint8List,
} from '../messages/extension-values.ts';
import { ExtensionType } from '../messages/extensions.ts';
import { dtls12, maximumPlaintext } from '../record/content-type.ts';
import { newConnectionId } from '../session/connection-id.ts';
import type { ResumableState } from '../session/resumable-state.ts';
import { chooseSuite } from './choose-suite.ts';
import { sendResumedFlight } from './send-resumed-flight.ts';
import { sendServerHelloFlight } from './send-server-hello-flight.ts';
import type { ServerHandshake } from './server-handshake.ts';

/** Flight 3: the ClientHello with a good cookie. Answers with flight 4, or with the short one of a resumption. */
export function receiveClientHello(handshake: ServerHandshake, message: HandshakeMessage): Step {
  const hello = decodeClientHello(message.body);
  if (hello === undefined) return malformed('ClientHello');
  // RFC 6347 §4.2.1: versions count downwards, so 1.2 or later is a number that is at most ours. Those of TLS begin with 3.
  if (hello.version > dtls12 || hello.version >> 8 !== dtls12 >> 8)
    return fault('protocol_version', 'the client does not speak DTLS 1.2');
  if (!hello.compressionMethods.includes(0)) return fault('illegal_parameter', 'the client demands compression');
  handshake.hello = hello;
  handshake.clientRandom = hello.random.slice();
  handshake.record(message);
  const refusal = readExtensions(handshake, hello);
  if (refusal !== undefined) return refusal;
  handshake.serverRandom = handshake.settings.random.bytes(32);
  const resumed = handshake.context.resumption.find(handshake);
  return resumed instanceof Promise ? resumed.then((found) => answer(handshake, found)) : answer(handshake, resumed);
}

function answer(handshake: ServerHandshake, found: ResumableState | Fault | undefined): Fault | undefined {
  if (found === undefined) return chooseSuite(handshake) ?? sendServerHelloFlight(handshake);
  return 'alert' in found ? found : sendResumedFlight(handshake, found);
}

function readExtensions(handshake: ServerHandshake, hello: ClientHello): Step {
  const { extensions } = hello;
  const renegotiation = extensions.get(ExtensionType.renegotiation_info);
  // RFC 5746 §3.6: in a first handshake it must be empty.
  if (renegotiation !== undefined && !(renegotiation.length === 1 && renegotiation[0] === 0)) {
    return fault('handshake_failure', 'the client takes this for a renegotiation');
  }
  handshake.usesExtendedMasterSecret = extensions.has(ExtensionType.extended_master_secret);
  const name = extensions.get(ExtensionType.server_name);
  if (name !== undefined) {
    handshake.serverName = decodeServerName(name);
    if (handshake.serverName === undefined) return malformed('server_name');
  }
  return readLimits(handshake, hello) ?? readConnectionId(handshake, hello);
}

function readLimits(handshake: ServerHandshake, { extensions }: ClientHello): Step {
  const limit = extensions.get(ExtensionType.record_size_limit);
  const fragment = extensions.get(ExtensionType.max_fragment_length);
  // RFC 8449 §5: a server that knows record_size_limit ignores max_fragment_length beside it.
  if (limit !== undefined) {
    const size = decodeRecordSizeLimit(limit);
    if (size === undefined) return fault('illegal_parameter', 'a record size limit below 64 bytes');
    handshake.contentLimit = Math.min(size, maximumPlaintext);
    handshake.limitsRecords = true;
  } else if (fragment !== undefined) {
    const size = decodeMaxFragmentLength(fragment);
    if (size === undefined) return fault('illegal_parameter', 'an unknown maximum fragment length');
    handshake.contentLimit = size;
  }
  return undefined;
}

function readConnectionId(handshake: ServerHandshake, { extensions }: ClientHello): Step {
  const { connectionIdLength } = handshake.settings;
  const cid = extensions.get(ExtensionType.connection_id);
  if (cid === undefined || connectionIdLength === false) return undefined;
  const peerCid = decodeUint8List(cid);
  if (peerCid === undefined) return malformed('connection_id');
  handshake.peerCid = peerCid.length === 0 ? emptyBytes : peerCid.slice();
  handshake.ownCid = connectionIdLength === 0 ? emptyBytes : newConnectionId(handshake.host, connectionIdLength);
  handshake.routabilityCheck = extensions.has(ExtensionType.return_routability_check);
  return undefined;
}

/** RFC 5746 §3.4: whether the client knows that renegotiation needs to be secure. We never renegotiate at all. */
export function knowsSecureRenegotiation({ cipherSuites, extensions }: ClientHello): boolean {
  return cipherSuites.includes(emptyRenegotiationInfoScsv) || extensions.has(ExtensionType.renegotiation_info);
}
