/** Offset, sixteen bytes and their ASCII, a line each, as `xxd` and `hexdump -C` show them. */
export function hexDump(bytes: Uint8Array): string {
  let dump = '';
  for (let offset = 0; offset < bytes.length; offset += 16) {
    const row = bytes.subarray(offset, offset + 16);
    const hex = Array.from(row, (byte, index) => (index === 8 ? ' ' : '') + byte.toString(16).padStart(2, '0')).join(
      ' ',
    );
    const ascii = Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    dump += `${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(48)}  ${ascii}\n`;
  }
  return dump;
}
