import type { ResourceDefinition } from '@yaolian/lwm2m-objects';
import { type Lwm2mNode, multipleResource, type ResourceNode, singleResource } from './node.ts';
import { isId } from './path.ts';
import { checkValue, type ResourceValue, type ValueOf } from './value.ts';

/** What a resource holds whose definition the compiler knows: one value, or values by resource instance id. */
export type ResourceContent<R extends ResourceDefinition> = R['multiple'] extends true
  ? ReadonlyMap<number, ValueOf<R['type']>>
  : ValueOf<R['type']>;

/** What such a resource can be given: resource instances by id, or in a row from 0. */
export type ResourceInput<R extends ResourceDefinition> = R['multiple'] extends true
  ? ReadonlyMap<number, ValueOf<R['type']>> | readonly ValueOf<R['type']>[]
  : ValueOf<R['type']>;

/**
 * A value as what Write carries.
 * @throws TypeError when it does not fit the resource's type; RangeError when a resource instance id is none
 */
export function nodeOfContent(resource: ResourceDefinition, value: unknown): ResourceNode {
  if (!resource.multiple) return singleResource(resource.id, resource.type, checkedOne(resource, value));
  const entries: Iterable<readonly [unknown, unknown]> | undefined = Array.isArray(value)
    ? value.entries()
    : value instanceof Map
      ? value.entries()
      : undefined;
  if (!entries) throw new TypeError(`${resource.name} takes a list or a Map of values`);
  const checked: [number, ResourceValue][] = [];
  for (const [id, single] of entries) {
    if (!isId(id)) throw new RangeError(`a resource instance id is 0 to 65534, not ${id}`);
    checked.push([id, checkedOne(resource, single)]);
  }
  return multipleResource(resource.id, resource.type, checked);
}

function checkedOne(resource: ResourceDefinition, value: unknown): ResourceValue {
  const checked = checkValue(resource.type, value);
  if (!checked.ok) throw new TypeError(`${resource.name}: ${checked.error.message}`);
  return checked.value;
}

/** What a Read or a notification brought, by the resource's definition; undefined when it is something else than that says. */
export function contentOfNode<R extends ResourceDefinition>(
  resource: R,
  node: Lwm2mNode,
): ResourceContent<R> | undefined {
  if (resource.multiple) {
    if (node.kind !== 'multiple-resource') return undefined;
    return fits(resource, node.values.values()) ? (node.values as unknown as ResourceContent<R>) : undefined;
  }
  if (node.kind !== 'resource' || !fits(resource, [node.value])) return undefined;
  return node.value as ResourceContent<R>;
}

function fits(resource: ResourceDefinition, values: Iterable<ResourceValue>): boolean {
  for (const value of values) if (!checkValue(resource.type, value).ok) return false;
  return true;
}
