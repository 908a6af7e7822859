import type { JsonCreateBody, JsonValue, JsonWriteBody } from '@yaolian/contract';
import { failure, type Result, success } from '@yaolian/kernel';
import {
  formatPath,
  guessType,
  isId,
  type Lwm2mNode,
  type Lwm2mPath,
  multipleResource,
  type ObjectInstanceNode,
  type ObjectModel,
  objectAt,
  objectInstance,
  PathLevel,
  pathLevel,
  type ResourceNode,
  type ResourceType,
  type ResourceValue,
  resourceInstance,
  singleResource,
  valueFromJson,
} from '@yaolian/lwm2m';

/** Why a body is not right: where in it, and a sentence. */
export interface WriteMistake {
  readonly where: string;
  readonly message: string;
}

type Values = Readonly<Record<string, JsonValue>>;

/** What a body wants to be written at `path`. */
export function nodeFromWriteBody(
  path: Lwm2mPath,
  body: JsonWriteBody,
  model: ObjectModel,
): Result<Lwm2mNode, WriteMistake> {
  const given = (['value', 'values', 'resources'] as const).filter((name) => body[name] !== undefined);
  const fitting = membersOf(path);
  if (fitting.length === 0) return refuse('path', `${formatPath(path)} is not written as a whole; write its instances`);
  const [member] = given;
  if (member === undefined || given.length > 1 || !fitting.includes(member)) {
    const found = given.length === 0 ? 'nothing of it' : given.join(' and ');
    return refuse('body', `${formatPath(path)} takes ${fitting.join(' or ')}, and there is ${found}`);
  }
  if (member === 'resources') return instanceFrom(path, path.objectInstanceId!, body, model);
  const type = typeOf(path, path.resourceId!, body.type, model) ?? guessType(firstValue(body));
  if (member === 'values') return resourceFrom(path.resourceId!, type, body.values as Values, 'body/values');
  const value = valueFromJson(type, body.value!);
  if (!value.ok) return refuse('body/value', value.error.message);
  return success(
    path.resourceInstanceId === undefined
      ? singleResource(path.resourceId!, type, value.value)
      : resourceInstance(path.resourceInstanceId, type, value.value),
  );
}

/** The instance that a body wants to be created in the object at `path`. */
export function instanceFromCreateBody(
  path: Lwm2mPath,
  body: JsonCreateBody,
  model: ObjectModel,
): Result<ObjectInstanceNode, WriteMistake> {
  // The id counts only when the body names one; the caller knows.
  return instanceFrom(path, body.instanceId ?? 0, body, model);
}

function membersOf(path: Lwm2mPath): readonly ('value' | 'values' | 'resources')[] {
  switch (pathLevel(path)) {
    case PathLevel.ObjectInstance:
      return ['resources'];
    case PathLevel.Resource:
      return ['value', 'values'];
    case PathLevel.ResourceInstance:
      return ['value'];
    default:
      return [];
  }
}

function firstValue(body: JsonWriteBody): JsonValue {
  return body.value ?? Object.values((body.values ?? {}) as Values)[0] ?? '';
}

function instanceFrom(
  path: Lwm2mPath,
  id: number,
  body: Pick<JsonWriteBody, 'resources' | 'types'>,
  model: ObjectModel,
): Result<ObjectInstanceNode, WriteMistake> {
  const resources: ResourceNode[] = [];
  for (const [key, json] of Object.entries(body.resources ?? {})) {
    const where = `body/resources/${key}`;
    const resourceId = idOf(key);
    if (resourceId === undefined) return refuse(where, notAnId(key));
    const sample = typeof json === 'object' ? (Object.values(json)[0] ?? '') : json;
    const type = typeOf(path, resourceId, body.types?.[key], model) ?? guessType(sample);
    const resource = resourceFrom(resourceId, type, json, where);
    if (!resource.ok) return resource;
    resources.push(resource.value);
  }
  return success(objectInstance(id, resources));
}

function resourceFrom(
  id: number,
  type: ResourceType,
  json: JsonValue | Values,
  where: string,
): Result<ResourceNode, WriteMistake> {
  if (typeof json !== 'object') {
    const value = valueFromJson(type, json);
    return value.ok ? success(singleResource(id, type, value.value)) : refuse(where, value.error.message);
  }
  const values: [number, ResourceValue][] = [];
  for (const [key, item] of Object.entries(json)) {
    const instanceId = idOf(key);
    if (instanceId === undefined) return refuse(`${where}/${key}`, notAnId(key));
    const value = valueFromJson(type, item);
    if (!value.ok) return refuse(`${where}/${key}`, value.error.message);
    values.push([instanceId, value.value]);
  }
  return success(multipleResource(id, type, values));
}

/** The model knows best; a resource that it does not know has the type that the caller says. */
function typeOf(path: Lwm2mPath, resourceId: number, said: ResourceType | undefined, model: ObjectModel) {
  return objectAt(model, path)?.resources.get(resourceId)?.type ?? said;
}

function idOf(key: string): number | undefined {
  const id = /^\d{1,5}$/.test(key) ? Number(key) : undefined;
  return isId(id) ? id : undefined;
}

function notAnId(key: string): string {
  return `an id is a whole number from 0 to 65534, not "${key.slice(0, 20)}"`;
}

function refuse(where: string, message: string): { ok: false; error: WriteMistake } {
  return failure({ where, message });
}
