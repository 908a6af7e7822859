import { createHash } from 'node:crypto';
import type { PackageProblem } from '@yaolian/lwm2m/client';

/*
 * The container of the simulated terminals, ours:
 *
 *     YAOLIAN-FIRMWARE 1
 *     name: app
 *     version: 1.2
 *     model: Simulated Terminal
 *     size: 65536
 *     sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
 *     (an empty line, then `size` bytes)
 *
 * Lines end in LF. `model` may be missing: any. `sha256` is of the bytes after the empty line.
 */

const magic = 'YAOLIAN-FIRMWARE 1\n';
/** The header has at most so many bytes. */
export const maximumHeader = 1024;

export interface ContainerFacts {
  readonly name: string;
  readonly version: string;
  readonly model?: string | undefined;
}

export interface ContainerHeader extends ContainerFacts {
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** Where the bytes begin. */
  readonly length: number;
}

/** @throws RangeError when a text does not fit on a line of the header */
export function packFirmware(bytes: Uint8Array, { name, version, model }: ContainerFacts): Uint8Array {
  for (const text of [name, version, model ?? '']) {
    if (!/^[^\n\r]{0,200}$/.test(text)) throw new RangeError(`"${text.slice(0, 40)}…" does not fit on a line`);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const lines = [`name: ${name}`, `version: ${version}`, ...(model === undefined ? [] : [`model: ${model}`])];
  const header = `${magic}${lines.join('\n')}\nsize: ${bytes.length}\nsha256: ${sha256}\n\n`;
  return new Uint8Array(Buffer.concat([Buffer.from(header), bytes]));
}

/** Reads the header; undefined while it is not whole. */
export function readHeader(bytes: Uint8Array): ContainerHeader | PackageProblem | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, maximumHeader)).toString('utf8');
  if (!magic.startsWith(text.slice(0, magic.length))) return 'unsupported-type';
  const end = text.indexOf('\n\n');
  if (end < 0) return bytes.length >= maximumHeader ? 'unsupported-type' : undefined;
  const facts = new Map(
    text
      .slice(magic.length, end)
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)] as const),
  );
  const { name, version, model, size, sha256 } = Object.fromEntries(facts);
  if (name === undefined || version === undefined || !/^\d{1,12}$/.test(size ?? '')) return 'unsupported-type';
  if (!/^[0-9a-f]{64}$/.test(sha256 ?? '')) return 'unsupported-type';
  return {
    name,
    version,
    model,
    size: Number(size),
    sha256: sha256!,
    length: Buffer.byteLength(text.slice(0, end + 2)),
  };
}
