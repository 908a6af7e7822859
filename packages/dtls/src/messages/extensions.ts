import type { Reader, Writer } from '../wire.ts';

/** The extensions that we understand; others are ignored. */
export const ExtensionType = {
  server_name: 0,
  max_fragment_length: 1,
  supported_groups: 10,
  ec_point_formats: 11,
  signature_algorithms: 13,
  client_certificate_type: 19,
  server_certificate_type: 20,
  encrypt_then_mac: 22,
  extended_master_secret: 23,
  record_size_limit: 28,
  session_ticket: 35,
  connection_id: 54,
  return_routability_check: 61,
  renegotiation_info: 0xff01,
} as const;

export type Extensions = ReadonlyMap<number, Uint8Array>;

/** More extensions than this in one hello are refused. */
const maximumExtensions = 64;

/** Reads the extensions of a hello up to its end; a hello without any ends in front of them (RFC 5246 §7.4.1.2). */
export function decodeExtensions(reader: Reader): Extensions {
  const extensions = new Map<number, Uint8Array>();
  if (reader.failed || reader.remaining === 0) return extensions;
  const end = reader.remaining - 2 - reader.uint16();
  if (end !== 0) reader.fail();
  while (!reader.failed && reader.remaining > 0) {
    const type = reader.uint16();
    const data = reader.vector16();
    // RFC 5246 §7.4.1.4: no extension comes twice.
    if (extensions.has(type) || extensions.size === maximumExtensions) reader.fail();
    extensions.set(type, data);
  }
  return extensions;
}

export function writeExtensions(writer: Writer, extensions: Extensions): void {
  if (extensions.size === 0) return;
  let length = 0;
  for (const data of extensions.values()) length += 4 + data.length;
  writer.uint16(length);
  for (const [type, data] of extensions) writer.uint16(type).vector16(data);
}
