import { decodeHex, encodeHex } from '@yaolian/kernel';

/**
 * What a datagram should look like: hex digits with white space where it helps, `??` for any byte, and `*` at the end for
 * any bytes or none. `60 45 ???? ff 6869`, `7045 1234 *`.
 */
export interface BytePattern {
  /** One for each byte; undefined where any will do. */
  readonly bytes: readonly (number | undefined)[];
  /** True when more may follow. */
  readonly open: boolean;
}

/** @throws SyntaxError when `text` is no pattern */
export function parseBytePattern(text: string): BytePattern {
  const compact = text.replaceAll(/\s+/g, '');
  const open = compact.endsWith('*');
  const digits = open ? compact.slice(0, -1) : compact;
  if (!/^(?:[0-9a-fA-F]{2}|\?\?)*$/.test(digits)) throw new SyntaxError(`"${text}" is not hex with ?? and a last *`);
  const bytes = (digits.match(/../g) ?? []).map((pair) => (pair === '??' ? undefined : Number.parseInt(pair, 16)));
  return { bytes, open };
}

/** The pattern that only `bytes` match. */
export function exactly(bytes: Uint8Array): BytePattern {
  return { bytes: [...bytes], open: false };
}

export function matchesPattern(bytes: Uint8Array, pattern: BytePattern): boolean {
  if (pattern.open ? bytes.length < pattern.bytes.length : bytes.length !== pattern.bytes.length) return false;
  return pattern.bytes.every((expected, index) => expected === undefined || expected === bytes[index]);
}

const bytesPerRow = 16;

/**
 * Both side by side, 16 bytes a row, with a mark under each byte that is wrong.
 *
 * ```
 * 0000  expected  60 45 12 34 ff
 *       received  60 45 12 35 ff 00
 *                          ^^    ^^
 * ```
 */
export function describeDifference(bytes: Uint8Array, pattern: BytePattern): string {
  const lines: string[] = [];
  const length = Math.max(bytes.length, pattern.bytes.length);
  for (let start = 0; start < Math.max(length, 1); start += bytesPerRow) {
    const columns = Array.from({ length: Math.min(bytesPerRow, length - start) }, (_, i) =>
      compareAt(bytes, pattern, start + i),
    );
    const row = (name: 'expected' | 'received' | 'mark') =>
      columns
        .map((column) => column[name])
        .join(' ')
        .trimEnd();
    lines.push(`${start.toString(16).padStart(4, '0')}  expected  ${row('expected')}`.trimEnd());
    lines.push(`      received  ${row('received')}`.trimEnd());
    if (row('mark') !== '') lines.push(`                ${row('mark')}`);
  }
  return lines.join('\n');
}

function compareAt(bytes: Uint8Array, pattern: BytePattern, at: number) {
  const within = at < pattern.bytes.length;
  const wanted = pattern.bytes[at];
  const got = bytes[at];
  const expected = within ? (wanted === undefined ? '??' : hex(wanted)) : pattern.open ? ' *' : '  ';
  const right = within ? got !== undefined && (wanted === undefined || wanted === got) : pattern.open;
  return { expected, received: got === undefined ? '  ' : hex(got), mark: right ? '  ' : '^^' };
}

function hex(byte: number): string {
  return encodeHex(Uint8Array.of(byte));
}

/** Hex as people write it in tests. @throws SyntaxError when it is none */
export function bytesOf(text: string): Uint8Array {
  const bytes = decodeHex(text);
  if (!bytes) throw new SyntaxError(`"${text}" is not hex`);
  return bytes;
}
