/** What stands between the lines of a PEM text, DER in base64; base64 alone is taken as it is. Undefined: neither. */
export function derOfPem(text: string, label: 'CERTIFICATE' | 'PUBLIC KEY' | 'PRIVATE KEY'): string | undefined {
  const trimmed = text.trim();
  const start = `-----BEGIN ${label}-----`;
  const from = trimmed.indexOf(start);
  const to = trimmed.indexOf(`-----END ${label}-----`);
  if (from < 0 && trimmed.includes('-----')) return undefined;
  const base64 = (from < 0 ? trimmed : trimmed.slice(from + start.length, to)).replaceAll(/\s/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? base64 : undefined;
}

/** Random bytes in hex. */
export function randomHex(count: number): string {
  return [...crypto.getRandomValues(new Uint8Array(count))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
