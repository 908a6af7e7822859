import type { JsonTraceLayer, JsonTraceMessage, JsonTraceMessageDetail } from '@yaolian/contract';
import { decodeHex } from '@yaolian/kernel';
import { printable } from '../output/display-width.ts';
import { hexDump } from '../output/hex-dump.ts';
import type { Painter } from '../output/paint.ts';

const arrows = { in: '<-', out: '->', event: '--' } as const;

/** `  12 08:15:30.000 <- 192.0.2.7:56830 coap  CON POST Register /rd  [duplicate]` */
export function describeHead(message: JsonTraceMessage, paint: Painter): string {
  const { number, time, direction, peer, transport, device, title, pathName, note, length } = message;
  const at = new Date(time);
  const clock = `${at.toTimeString().slice(0, 8)}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  const who = device === undefined ? peer : `${printable(device)} (${peer})`;
  const named = pathName === undefined ? '' : `  ${paint(pathName, 'dim')}`;
  const told = note === undefined ? '' : `  ${paint(`[${note}]`, 'yellow')}`;
  const bytes = direction === 'event' ? '' : `  ${length} B`;
  return `${String(number).padStart(5)} ${clock} ${arrows[direction]} ${who} ${transport}  ${paint(printable(title), 'bold')}${named}${told}${bytes}`;
}

/** The head, every layer with its fields, and the bytes. */
export function describeDetail(message: JsonTraceMessageDetail, paint: Painter, showsBytes: boolean): string {
  const lines = [describeHead(message, paint), ...message.layers.flatMap((layer) => describeLayer(layer, paint))];
  if (showsBytes) {
    for (const [name, hex] of [
      ['datagram', message.wire],
      ['message', message.message],
      ['plaintext', message.plaintext],
    ] as const) {
      const bytes = hex === undefined ? undefined : decodeHex(hex);
      if (bytes !== undefined) lines.push(`      ${paint(name, 'dim')}`, indented(hexDump(bytes)));
    }
  }
  return `${lines.join('\n')}\n`;
}

function describeLayer({ name, title, bytes, start, end, fields }: JsonTraceLayer, paint: Painter): string[] {
  const head = `      ${paint(name, 'bold')}${title === '' ? '' : `, ${printable(title)}`}${paint(`  bytes ${start} to ${end}${bytes === 'plaintext' ? ' of the plaintext' : ''}`, 'dim')}`;
  const width = Math.max(...fields.map((field) => field.depth * 2 + field.name.length), 0);
  return [
    head,
    ...fields.map((field) => {
      const label = `${'  '.repeat(field.depth)}${printable(field.name)}`;
      return `        ${label.padEnd(Math.min(width, 60))}  ${printable(field.value)}`;
    }),
  ];
}

function indented(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '        ');
}
