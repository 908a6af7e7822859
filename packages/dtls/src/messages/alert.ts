export const AlertLevel = { Warning: 1, Fatal: 2 } as const;

/** RFC 5246 §7.2, RFC 4279 §2, RFC 6066 §9. */
const AlertDescription = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  record_overflow: 22,
  handshake_failure: 40,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  user_canceled: 90,
  no_renegotiation: 100,
  unsupported_extension: 110,
  unrecognized_name: 112,
  unknown_psk_identity: 115,
} as const;
export type AlertName = keyof typeof AlertDescription;

export interface Alert {
  readonly level: number;
  readonly description: number;
}

const names = new Map<number, string>(Object.entries(AlertDescription).map(([name, code]) => [code, name]));

/** The RFC's word for an alert. */
export function alertName(description: number): string {
  return names.get(description) ?? `alert ${description}`;
}

export function decodeAlert(content: Uint8Array): Alert | undefined {
  if (content.length !== 2) return undefined;
  return { level: content[0]!, description: content[1]! };
}

export function encodeAlert(name: AlertName): Uint8Array {
  const warning = name === 'close_notify' || name === 'no_renegotiation' || name === 'user_canceled';
  return Uint8Array.of(warning ? AlertLevel.Warning : AlertLevel.Fatal, AlertDescription[name]);
}
