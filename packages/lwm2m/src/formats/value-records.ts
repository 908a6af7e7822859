import { type Result, success } from '@yaolian/kernel';
import { formatPath, type Lwm2mPath, parsePath, unassignedId } from '../path.ts';
import {
  checkValue,
  type ObjectLink,
  type ResourceType,
  type ResourceValue,
  secondsToTime,
  wholeNumber,
} from '../value.ts';
import type { ContentError, ContentTime } from './content.ts';
import { type Refused, refuse } from './refusal.ts';

/*
 * OMA JSON and SenML are lists of records, each with a name that is a path and a value that carries its own kind. Here
 * records become nodes.
 */

/** A value as a format that carries kinds says it. */
export type RecordValue =
  | {
      readonly kind: 'number';
      readonly value: number | bigint;
      /** The format says that it is a float, though it may be a whole number. */
      readonly isFloat?: boolean;
      /** The format says that it is a time, in seconds since 1970. */
      readonly isTime?: boolean;
    }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'link'; readonly value: ObjectLink }
  /** What the path names is to be removed: only where something is changed, and never a value. */
  | { readonly kind: 'removal'; readonly value?: undefined };

export const removal: RecordValue = Object.freeze({ kind: 'removal' });

export interface ValueRecord {
  /** Of a resource or a resource instance. */
  readonly path: Lwm2mPath;
  readonly value: RecordValue;
  readonly time: ContentTime | undefined;
}

/** Where records go one by one, in their order. Gives what is wrong with one, if something is. */
export interface RecordSink {
  put(path: Lwm2mPath, value: RecordValue, time: ContentTime | undefined): Refused | undefined;
}

/** Keeps them. */
export class ValueRecords implements RecordSink {
  readonly records: ValueRecord[] = [];

  put(path: Lwm2mPath, value: RecordValue, time: ContentTime | undefined): undefined {
    this.records.push({ path, value, time });
  }
}

/**
 * The path that a record's name and base name make: of a resource or a resource instance.
 * @param create the instance may be without an id: /16/65535/0
 */
export function recordPath(name: string, create = false): Result<Lwm2mPath, ContentError> {
  if (create && unassigned.test(name)) {
    const path = recordPath(name.replace(unassigned, '$1/0/'));
    return path.ok ? success({ ...path.value, objectInstanceId: unassignedId }) : path;
  }
  const parsed = parsePath(name);
  if (parsed.ok && parsed.value.resourceId !== undefined && name.charCodeAt(0) === 0x2f) return parsed;
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return refuse('malformed', `"${shown}" is not the path of a resource or resource instance, such as /3/0/13`);
}

const unassigned = new RegExp(`^((?:/[^/]+)?/\\d+)/${unassignedId}/`);

/** The value in the form of a type; undefined when it does not fit. Without a type it is what its kind is. */
export function typedValue(value: RecordValue, type: ResourceType): ResourceValue | undefined {
  switch (type) {
    case 'string':
    case 'corelnk':
      return value.kind === 'text' ? value.value : undefined;
    case 'integer':
    case 'unsigned':
      return value.kind === 'number' ? exactInteger(type, value.value) : undefined;
    case 'float':
      return value.kind === 'number' ? Number(value.value) : undefined;
    case 'time':
      return value.kind === 'number' ? secondsToTime(value.value) : undefined;
    default:
      return value.kind === kindOf[type] ? value.value : undefined;
  }
}

const kindOf: Readonly<Record<'boolean' | 'opaque' | 'objlnk' | 'none', RecordValue['kind']>> = {
  boolean: 'boolean',
  opaque: 'bytes',
  objlnk: 'link',
  none: 'bytes',
};

function exactInteger(type: 'integer' | 'unsigned', value: number | bigint): ResourceValue | undefined {
  const checked = checkValue(type, value);
  return checked.ok ? checked.value : undefined;
}

/** The type that a value has by its kind alone. */
export function typeOf(value: RecordValue): ResourceType {
  switch (value.kind) {
    case 'text':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'bytes':
      return 'opaque';
    case 'link':
      return 'objlnk';
    case 'removal':
      return 'none';
    default:
      return numberType(value);
  }
}

function numberType({ value, isFloat, isTime }: RecordValue & { readonly kind: 'number' }): ResourceType {
  if (isTime) return 'time';
  if (isFloat) return 'float';
  if (checkValue('integer', value).ok) return 'integer';
  return checkValue('unsigned', value).ok ? 'unsigned' : 'float';
}

export function refuseRepeated(path: Lwm2mPath): Refused {
  return refuse('malformed', `${formatPath(path)} is there twice`);
}

/** A number as records carry it. */
export function numberValue(value: number | bigint): RecordValue {
  return { kind: 'number', value: typeof value === 'bigint' ? wholeNumber(value) : value };
}

export function floatValue(value: number): RecordValue {
  return { kind: 'number', value, isFloat: true };
}
