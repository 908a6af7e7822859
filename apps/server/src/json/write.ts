import {
  type FieldMistake,
  type JsonCreateBody,
  type JsonValue,
  type JsonWriteBody,
  mistakeAt,
} from '@yaolian/contract';
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
  type ValueError,
  valueFromJson,
} from '@yaolian/lwm2m';

type Values = Readonly<Record<string, JsonValue>>;

/** What a body wants to be written at `path`. */
export function nodeFromWriteBody(
  path: Lwm2mPath,
  body: JsonWriteBody,
  model: ObjectModel,
): Result<Lwm2mNode, FieldMistake> {
  const given = (['value', 'values', 'resources'] as const).filter((name) => body[name] !== undefined);
  const fitting = membersOf(path);
  if (fitting.length === 0) {
    const message = `${formatPath(path)} is not written as a whole; write its instances`;
    return failure(mistakeAt('path', message, 'not-written-whole', { path: formatPath(path) }));
  }
  const [member] = given;
  if (member === undefined || given.length > 1 || !fitting.includes(member)) {
    const found = given.length === 0 ? 'nothing of it' : given.join(' and ');
    const message = `${formatPath(path)} takes ${fitting.join(' or ')}, and there is ${found}`;
    const params = { path: formatPath(path), members: fitting.join(', ') };
    return failure(mistakeAt('body', message, 'member-unfit', params));
  }
  if (member === 'resources') return instanceFrom(path, path.objectInstanceId!, body, model);
  const type = typeOf(path, path.resourceId!, body.type, model) ?? guessType(firstValue(body));
  if (member === 'values') return resourceFrom(path.resourceId!, type, body.values as Values, 'body/values');
  const value = valueFromJson(type, body.value!);
  if (!value.ok) return noValue('body/value', value.error);
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
): Result<ObjectInstanceNode, FieldMistake> {
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
): Result<ObjectInstanceNode, FieldMistake> {
  const resources: ResourceNode[] = [];
  for (const [key, json] of Object.entries(body.resources ?? {})) {
    const where = `body/resources/${key}`;
    const resourceId = idOf(key);
    if (resourceId === undefined) return notAnId(where, key);
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
): Result<ResourceNode, FieldMistake> {
  if (typeof json !== 'object') {
    const value = valueFromJson(type, json);
    return value.ok ? success(singleResource(id, type, value.value)) : noValue(where, value.error);
  }
  const values: [number, ResourceValue][] = [];
  for (const [key, item] of Object.entries(json)) {
    const instanceId = idOf(key);
    if (instanceId === undefined) return notAnId(`${where}/${key}`, key);
    const value = valueFromJson(type, item);
    if (!value.ok) return noValue(`${where}/${key}`, value.error);
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

type Failure = { ok: false; error: FieldMistake };

function notAnId(where: string, key: string): Failure {
  const message = `an id is a whole number from 0 to 65534, not "${key.slice(0, 20)}"`;
  return failure(mistakeAt(where, message, 'no-id'));
}

function noValue(where: string, { code, message }: ValueError): Failure {
  return failure(mistakeAt(where, message, code === 'out-of-range' ? 'value-out-of-range' : 'value-malformed'));
}
