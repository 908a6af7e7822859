import type { JsonNode, JsonValue } from '@yaolian/contract';
import { closedIn } from './closed-in.ts';
import { formatFullTime, formatNumber } from './format.ts';
import { hexOf } from './hex.ts';
import { modelNames } from './model-names.ts';
import { translate } from './text.ts';
import { withUnits } from './units.ts';

/** A value as people read it. */
export function valueText(value: JsonValue, type: string): string {
  if (type === 'time') return formatFullTime(String(value));
  if (type === 'opaque') return hexOf(String(value));
  if (typeof value === 'boolean') return translate(value ? 'common.yes' : 'common.no');
  return typeof value === 'number' ? formatNumber(value) : closedIn(value);
}

/** What a node holds, on one line. */
export function nodeText(node: JsonNode): string {
  switch (node.kind) {
    case 'resource':
    case 'resource-instance':
      return withUnits(valueText(node.value, node.type), node.units);
    case 'multiple-resource': {
      const parts = Object.entries(node.values).map(([id, value]) => `${id}: ${valueText(value, node.type)}`);
      return withUnits(parts.join(', '), node.units);
    }
    case 'object-instance':
      return node.resources
        .map((one) => `${modelNames().resource(one.path, one.name) ?? one.id} ${nodeText(one)}`)
        .join(', ');
    case 'object':
      return node.instances.map((one) => `${one.path}: ${nodeText(one)}`).join('; ');
  }
}
