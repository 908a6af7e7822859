import type { JsonObjectDefinition, JsonResource, JsonValue } from '@yaolian/contract';
import type { KnownValue } from './live-values.ts';
import type { ResourceType } from './value-input.ts';

/** A resource of an instance, as its row and its dialogs know it. */
export interface ResourceFacts {
  readonly path: string;
  readonly id: number;
  /** Its name, or its number where the object model does not know it. */
  readonly label: string;
  readonly type: ResourceType;
  readonly operations: string;
  readonly isMultiple: boolean;
  readonly isMandatory: boolean;
  readonly units?: string | undefined;
  readonly range?: string | undefined;
  /** The object model has it. */
  readonly isKnown: boolean;
}

type Definition = JsonObjectDefinition['resources'][number];

export function factsOf(instance: string, { id, name, ...rest }: Definition): ResourceFacts {
  const { type, operations, multiple, mandatory, units, range } = rest;
  const path = `${instance}/${id}`;
  const shape = { isMultiple: multiple, isMandatory: mandatory, units, range, isKnown: true };
  return { path, id, label: name, type, operations, ...shape };
}

/** Of a resource of which is only known what was heard of it before. */
export function heardFacts(path: string, { value, isMultiple }: KnownValue): ResourceFacts {
  const id = Number(path.split('/').at(-1));
  const sample = isMultiple ? Object.values(value as Readonly<Record<string, JsonValue>>)[0] : value;
  const type = typeof sample === 'boolean' ? 'boolean' : typeof sample === 'number' ? 'float' : 'string';
  return { path, id, label: String(id), type, operations: 'RW', isMultiple, isMandatory: false, isKnown: false };
}

/** Of a resource that the device has and the object model does not: anything may be tried. */
export function unknownFacts(resource: JsonResource): ResourceFacts {
  const { path, id, name, type, units, kind } = resource;
  const shape = { isMultiple: kind === 'multiple-resource', isMandatory: false, isKnown: name !== undefined };
  return { path, id, label: name ?? String(id), type, operations: 'RW', units, ...shape };
}
