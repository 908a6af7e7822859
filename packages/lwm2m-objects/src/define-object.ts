import type { DefinitionType, ObjectDefinition, ResourceDefinition } from './definition.ts';

/** What a server may do with a resource; empty: nothing, it is between terminal and Bootstrap-Server. */
export type Operations = '' | 'R' | 'W' | 'RW' | 'E';

/** A resource as a program declares it. What is left out: one value, optional, no range, no unit, named like its key. */
export interface ResourceDeclaration {
  readonly id: number;
  readonly operations: Operations;
  /** Every resource but an executable one has a type. */
  readonly type?: Exclude<DefinitionType, 'none'>;
  readonly name?: string;
  readonly multiple?: boolean;
  readonly mandatory?: boolean;
  readonly range?: string;
  readonly units?: string;
}

/** An object as a program declares it. What is left out: version 1.0, one instance, optional. */
export interface ObjectDeclaration {
  readonly id: number;
  readonly name: string;
  readonly version?: string;
  readonly lwm2mVersion?: string;
  /** Absent: a private object's, `urn:oma:lwm2m:x:ID`. */
  readonly urn?: string;
  readonly multiple?: boolean;
  readonly mandatory?: boolean;
  /** By the name the program uses: `{ sensorValue: { id: 5700, operations: 'R', type: 'float' } }`. */
  readonly resources: Readonly<Record<string, ResourceDeclaration>>;
}

/** A declared resource: a definition whose operations, type and multiplicity the compiler knows, and where it belongs. */
export type DeclaredResource<D extends ResourceDeclaration> = ResourceDefinition & {
  readonly id: D['id'];
  readonly objectId: number;
  /** The version of the object whose definition this is of. */
  readonly objectVersion: string;
  /** What a server may do with it. */
  readonly operations: D['operations'];
  readonly type: D['operations'] extends 'E' ? 'none' : D['type'] extends DefinitionType ? D['type'] : DefinitionType;
  // Of a declaration that the compiler does not see it may be either.
  readonly multiple: D['multiple'] extends true ? true : ResourceDeclaration extends D ? boolean : false;
};

/** A declared object: a definition, and its resources by the declaration's own names. */
export interface DeclaredObject<D extends ObjectDeclaration = ObjectDeclaration> extends ObjectDefinition {
  readonly id: D['id'];
  readonly named: { readonly [Name in keyof D['resources']]: DeclaredResource<D['resources'][Name]> };
}

/**
 * Declares an object:
 *
 *     const thermostat = defineObject({
 *       id: 33000, name: 'Thermostat', multiple: true,
 *       resources: {
 *         target: { id: 0, operations: 'RW', type: 'float', units: 'Cel', range: '5..30', mandatory: true },
 *         boost: { id: 1, operations: 'E' },
 *       },
 *     });
 *
 * Its resources are references: `server.device(name).resource(thermostat.named.target)` of `@yaolian/lwm2m/server`.
 *
 * @throws RangeError when an id is not in 0..65534, is there twice, or a resource that is no executable has no type
 */
export function defineObject<const D extends ObjectDeclaration>(declaration: D): DeclaredObject<D> {
  const { id, name, version = '1.0' } = declaration;
  checkId(id, `object ${name}`);
  const named: Record<string, ResourceDefinition> = {};
  const definitions: ResourceDefinition[] = [];
  for (const [key, resource] of Object.entries(declaration.resources)) {
    const definition = { objectId: id, objectVersion: version, ...defineResource(key, resource, `object ${name}`) };
    named[key] = definition;
    definitions.push(definition);
  }
  definitions.sort((a, b) => a.id - b.id);
  const resources = new Map(definitions.map((resource) => [resource.id, resource]));
  if (resources.size !== definitions.length) throw new RangeError(`object ${name} declares a resource id twice`);
  return {
    id,
    name,
    version,
    lwm2mVersion: declaration.lwm2mVersion ?? '1.0',
    urn: declaration.urn ?? `urn:oma:lwm2m:x:${id}${version === '1.0' ? '' : `:${version}`}`,
    multiple: declaration.multiple ?? false,
    mandatory: declaration.mandatory ?? false,
    resources,
    named: named as DeclaredObject<D>['named'],
  };
}

function defineResource(key: string, resource: ResourceDeclaration, owner: string) {
  const { id, operations, type } = resource;
  checkId(id, `${key} of ${owner}`);
  if (type === undefined && operations !== 'E') throw new RangeError(`${key} of ${owner} has no type`);
  return {
    id,
    name: resource.name ?? key,
    operations,
    readable: operations === 'R' || operations === 'RW',
    writable: operations === 'W' || operations === 'RW',
    executable: operations === 'E',
    multiple: resource.multiple ?? false,
    mandatory: resource.mandatory ?? false,
    type: operations === 'E' ? ('none' as const) : type!,
    range: resource.range ?? '',
    units: resource.units ?? '',
  };
}

function checkId(id: number, owner: string): void {
  if (!Number.isInteger(id) || id < 0 || id > 65_534)
    throw new RangeError(`the id of ${owner} is 0 to 65534, not ${id}`);
}
