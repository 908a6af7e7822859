/** Bytes in base64, as the API has them, in pairs of hexadecimal digits: as they are typed, too. */
export function hexOf(base64: string): string {
  return Array.from(atob(base64), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
}
