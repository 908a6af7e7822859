import {
  because,
  type FieldMistake,
  type JsonObjectDefinition,
  type JsonObjectSummary,
  mistakeAt,
  routes,
} from '@yaolian/contract';
import type { DefinitionError, ObjectDefinition, ResourceDefinition } from '@yaolian/lwm2m-objects';
import { decodeCursor, pageFrom } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import type { AddedObjects, AddResult } from '../model/added-objects.ts';
import { differencesOf } from '../model/differences.ts';
import type { LiveObjectModel } from '../model/live-object-model.ts';

/** The object model: what the registry and operators define. */
export function addObjectRoutes(table: RouteTable, model: LiveObjectModel, added: AddedObjects): void {
  table.add(routes.listObjects, ({ query: { search, source, cursor, limit = 100 } }) => {
    const after = positionFrom(cursor);
    const found = allVersions(model)
      .filter((one) => matches(one, search) && one.source === (source ?? one.source) && isAfter(one, after))
      .slice(0, limit + 1);
    return pageFrom(found, limit, positionOf, (one) => one);
  });
  table.add(routes.showObject, ({ params, query }) => definitionToJson(find(model, params.id, query.version), model));
  table.add(routes.addObject, async ({ query, body }) => {
    const result = query.dryRun ? added.check(body) : await added.add(body);
    if (!result.ok) throw refusalOf(result);
    return definitionToJson(result.definition, model, 'user');
  });
  table.add(routes.removeObject, async ({ params, query }) => {
    if (await added.remove(params.id, query.version)) return;
    find(model, params.id, query.version);
    throw new Refusal('conflict', because('object-of-registry'));
  });
}

function find(model: LiveObjectModel, id: number, version: string | undefined): ObjectDefinition {
  const definition = model.object(id, version);
  // A model gives the nearest version when it does not have the one asked for; an API says so.
  if (definition && (version === undefined || definition.version === version)) return definition;
  const detail = definition
    ? `Object ${id} has no version ${version}.`
    : `Object ${id} is unknown; add its definition.`;
  throw new Refusal('not-found', { detail });
}

function* versionsOf(model: LiveObjectModel): Generator<JsonObjectSummary> {
  for (const { id, versions } of model.objects()) {
    for (const version of versions) {
      const { name, urn } = model.object(id, version)!;
      yield { id, name, version, urn, source: sourceOf(model, id, version) };
    }
  }
}

function allVersions(model: LiveObjectModel): JsonObjectSummary[] {
  return [...versionsOf(model)];
}

function sourceOf(model: LiveObjectModel, id: number, version: string): 'user' | 'registry' {
  return model.isAdded(id, version) ? 'user' : 'registry';
}

function matches(one: JsonObjectSummary, search: string | undefined): boolean {
  if (search === undefined) return true;
  const wanted = search.toLowerCase();
  return String(one.id) === wanted || `${one.name} ${one.urn}`.toLowerCase().includes(wanted);
}

/** Sorts as text in the order of ids, then of versions. */
function positionOf(one: JsonObjectSummary): string {
  const numbers = [one.id, ...one.version.split('.').map(Number)];
  return numbers.map((number) => String(number).padStart(5, '0')).join('.');
}

function positionFrom(cursor: string | undefined): string {
  const position = decodeCursor(cursor) ?? '';
  if (position === '' || /^\d{5}(?:\.\d{5}){1,3}$/.test(position)) return position;
  throw new Refusal('invalid-cursor');
}

function isAfter(one: JsonObjectSummary, position: string): boolean {
  return positionOf(one) > position;
}

/** @param source said of a definition that is not in the model yet */
function definitionToJson(
  definition: ObjectDefinition,
  model: LiveObjectModel,
  source = sourceOf(model, definition.id, definition.version),
): JsonObjectDefinition {
  const { id, name, version, urn, lwm2mVersion, multiple, mandatory } = definition;
  const original = source === 'user' ? model.ofRegistry(id, version) : undefined;
  const summary = [...model.objects()].find((one) => one.id === id);
  return {
    id,
    name,
    version,
    urn,
    source,
    lwm2mVersion,
    multiple,
    mandatory,
    versions: [...(summary?.versions ?? [version])],
    ...(original && { replaces: { name: original.name, differences: [...differencesOf(original, definition)] } }),
    resources: [...definition.resources.values()].map(resourceToJson),
  };
}

function resourceToJson(resource: ResourceDefinition): JsonObjectDefinition['resources'][number] {
  const { id, name, readable, writable, executable, type, multiple, mandatory, range, units } = resource;
  return {
    id,
    name,
    operations: `${readable ? 'R' : ''}${writable ? 'W' : ''}${executable ? 'E' : ''}`,
    type,
    multiple,
    mandatory,
    ...(range === '' ? {} : { range }),
    ...(units === '' ? {} : { units }),
  };
}

function refusalOf(result: AddResult & { readonly ok: false }): Refusal {
  if (result.reason === 'full') {
    return new Refusal('conflict', because('objects-full', { maximum: result.maximum }));
  }
  const mistake =
    result.reason === 'several'
      ? mistakeAt('body', `the file has ${result.count} objects; add one at a time`, 'ddf-several', {
          count: result.count,
        })
      : mistakeOf(result.error);
  return new Refusal('invalid-object-definition', { detail: `${mistake.message}.`, errors: [mistake] });
}

function mistakeOf({ message, line, element, fault, params }: DefinitionError): FieldMistake {
  return {
    ...{ where: line === undefined ? 'body' : `line ${line}`, message, reason: `ddf-${fault}` },
    params: { ...params, ...(element !== undefined && { element }) },
  };
}
