import { describeCode } from '@yaolian/coap';
import type { JsonNode, JsonResource, JsonValue } from '@yaolian/contract';
import { decodeBase64, encodeHex } from '@yaolian/kernel';
import { printable } from '../output/display-width.ts';
import { hexDump } from '../output/hex-dump.ts';
import type { Printer } from '../output/printer.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';

/** One value with where it is and what it is. */
export interface ValueRow {
  readonly path: string;
  readonly name: string | undefined;
  readonly value: string;
  readonly units: string | undefined;
}

/** Every value of a node, in order. */
function valueRows(node: JsonNode): readonly ValueRow[] {
  switch (node.kind) {
    case 'object':
      return node.instances.flatMap(valueRows);
    case 'object-instance':
      return node.resources.flatMap(valueRows);
    case 'multiple-resource':
      return Object.entries(node.values).map(([id, value]) => rowOf(node, `${node.path}/${id}`, value));
    default:
      return [rowOf(node, node.path, node.value)];
  }
}

function rowOf(node: Pick<JsonResource, 'name' | 'type' | 'units'>, path: string, value: JsonValue): ValueRow {
  return { path, name: node.name, value: valueText(node.type, value), units: node.units };
}

/** A value as one line of text. */
function valueText(type: JsonResource['type'], value: JsonValue): string {
  if (type === 'opaque') return opaqueText(String(value));
  if (type === 'time' && typeof value === 'string' && !Number.isNaN(Date.parse(value))) return localTime(value);
  return String(value);
}

function opaqueText(base64: string): string {
  const bytes = decodeBase64(base64);
  if (!bytes) return base64;
  const shown = encodeHex(bytes.subarray(0, 16));
  return bytes.length <= 16 ? `0x${shown}` : `0x${shown}… (${bytes.length} bytes)`;
}

const columns: readonly Column<ValueRow>[] = [
  { title: 'PATH', value: (row) => row.path },
  { title: 'NAME', value: (row) => row.name, shrinks: true },
  { title: 'VALUE', value: (row) => row.value, shrinks: true },
  { title: 'UNITS', value: (row) => row.units },
];

/** A single value alone, so that scripts can use it; anything else as a table. */
export function describeNode(node: JsonNode, printer: Printer): string {
  if (node.kind === 'resource' || node.kind === 'resource-instance') return describeSingle(node, printer);
  const rows = valueRows(node);
  return rows.length === 0 ? `${node.path} is empty\n` : printer.table(rows, columns);
}

/** The values of several paths as one table; a path where nothing is says so. */
export function describeValues(
  values: readonly { readonly path: string; readonly node?: JsonNode }[],
  printer: Printer,
): string {
  const rows = values.flatMap(({ path, node }): readonly ValueRow[] =>
    node ? valueRows(node) : [{ path, name: undefined, value: '(nothing there)', units: undefined }],
  );
  return rows.length === 0 ? 'Nothing there.\n' : printer.table(rows, columns);
}

type SingleNode = Extract<JsonNode, { kind: 'resource' | 'resource-instance' }>;

function describeSingle(node: SingleNode, printer: Printer): string {
  if (node.type === 'opaque') return hexDump(decodeBase64(String(node.value)) ?? new Uint8Array(0));
  const units = printer.isTerminal && node.units !== undefined ? ` ${printer.paint(node.units, 'dim')}` : '';
  return `${printable(valueText(node.type, node.value))}${units}\n`;
}

/** One line for a notification: a value, or how many there are and which. */
export function summariseNode(node: JsonNode): string {
  const rows = valueRows(node);
  if (rows.length === 1) return withUnits(rows[0]!);
  if (rows.length === 0) return '(nothing there)';
  return rows.map((row) => `${row.path.slice(node.path.length + 1) || row.path}=${withUnits(row)}`).join(' ');
}

function withUnits({ value, units }: ValueRow): string {
  return units === undefined ? value : `${value} ${units}`;
}

/** `2.04 Changed` for the API's `2.04`. */
export function describeCoapCode(text: string): string {
  const match = /^([0-7])\.([0-3]\d)$/.exec(text);
  return match ? describeCode(Number(match[1]) * 32 + Number(match[2])) : text;
}
