import { failure, type Result, success } from '@yaolian/kernel';
import type { ResourceNode } from '../node.ts';
import { checkValue, type ResourceType, type ResourceValue, type ValueError } from '../value.ts';
import { readPlainText } from './text.ts';
import { readTlvValue, tlvForms } from './tlv-value.ts';
import { typedValue } from './value-records.ts';

/**
 * A value read again as a type that became known later, or that a person says. What came as bytes, because the model did not
 * know the resource, is read as TLV has it; what came as text is read as plain text; a number as whichever number type.
 */
export function reinterpretValue(value: ResourceValue, type: ResourceType): Result<ResourceValue, ValueError> {
  const read = readAs(value, type);
  if (read !== undefined) return success(read);
  return failure({ code: 'wrong-type', message: `this value is not ${type}, which is ${tlvForms[type]} in bytes` });
}

function readAs(value: ResourceValue, type: ResourceType): ResourceValue | undefined {
  if (value instanceof Uint8Array) return readTlvValue(type, value, 0, value.length);
  const checked = checkValue(type, value);
  if (checked.ok) return checked.value;
  if (typeof value === 'string') return readPlainText(type, value);
  return typeof value === 'number' || typeof value === 'bigint'
    ? typedValue({ kind: 'number', value }, type)
    : undefined;
}

/** A resource with all its values read again as `type`; the first that cannot be says why. */
export function reinterpretResource(resource: ResourceNode, type: ResourceType): Result<ResourceNode, ValueError> {
  if (resource.kind === 'resource') {
    const value = reinterpretValue(resource.value, type);
    return value.ok ? success({ ...resource, type, value: value.value }) : value;
  }
  const values = new Map<number, ResourceValue>();
  for (const [id, given] of resource.values) {
    const value = reinterpretValue(given, type);
    if (!value.ok) return value;
    values.set(id, value.value);
  }
  return success({ ...resource, type, values });
}
