import type { DeclaredObject, DeclaredResource, Operations } from './define-object.ts';
import type { DefinitionType, ObjectDefinition, ResourceDefinition } from './definition.ts';
import { omaObjects } from './oma.ts';

/*
 * What the generated references are made of. A resource is written as in the table of `table.ts`, so that the compiler reads
 * from the same few letters what the program does: `'5700 Rf! Cel'` is id, flags, units.
 */

/** The letters of types in a resource's flags. */
interface LetterTypes {
  readonly s: 'string';
  readonly i: 'integer';
  readonly u: 'unsigned';
  readonly f: 'float';
  readonly b: 'boolean';
  readonly o: 'opaque';
  readonly t: 'time';
  readonly l: 'objlnk';
  readonly c: 'corelnk';
}

type OperationsOf<Flags extends string> = Flags extends `RW${string}`
  ? 'RW'
  : Flags extends `R${string}`
    ? 'R'
    : Flags extends `W${string}`
      ? 'W'
      : Flags extends `E${string}`
        ? 'E'
        : '';

type TypeOf<Flags extends string> =
  Flags extends `${OperationsOf<Flags>}${infer Letter extends keyof LetterTypes}${string}`
    ? LetterTypes[Letter]
    : 'string';

type IsMultiple<Flags extends string> = Flags extends `${string}m${string}` ? true : false;

/** The declaration that a text such as `5700 Rf Cel` stands for. */
interface DeclarationOf<Id extends number, Flags extends string> {
  readonly id: Id;
  readonly operations: OperationsOf<Flags>;
  readonly type: TypeOf<Flags>;
  readonly multiple: IsMultiple<Flags>;
}

/** A resource of an object in OMA's registry, whose operations, type, multiplicity and unit the compiler knows. */
export type ResourceReference<
  O extends Operations = Operations,
  T extends DefinitionType = DefinitionType,
  M extends boolean = boolean,
  U extends string = string,
> = ResourceDefinition & {
  readonly objectId: number;
  /** The version of the object whose definition this is of. */
  readonly objectVersion: string;
  /** What a server may do with it. */
  readonly operations: O;
  readonly type: T;
  readonly multiple: M;
  readonly units: U;
};

type ReferenceOf<Text> = Text extends `${infer Id extends number} ${infer Flags} ${infer Units}`
  ? Reference<Id, Flags, Units>
  : Text extends `${infer Id extends number} ${infer Flags}`
    ? Reference<Id, Flags, ''>
    : never;

type Reference<Id extends number, Flags extends string, Units extends string> = DeclaredResource<
  DeclarationOf<Id, Flags>
> &
  ResourceReference<
    OperationsOf<Flags>,
    OperationsOf<Flags> extends 'E' ? 'none' : TypeOf<Flags>,
    IsMultiple<Flags>,
    Units
  >;

type DeclarationOfText<Text> = Text extends `${infer Id extends number} ${infer Flags} ${string}`
  ? DeclarationOf<Id, Flags>
  : Text extends `${infer Id extends number} ${infer Flags}`
    ? DeclarationOf<Id, Flags>
    : never;

/** Resources by their names in the registry, as one word. */
export type ResourceTexts = Readonly<Record<string, string>>;

/**
 * An object of OMA's registry: a declared object whose resources are named as in the registry, once with a capital for paths
 * (`Temperature.SensorValue`), once without for the values of an instance (`{ sensorValue: 21.5 }`).
 */
export type ObjectReference<Id extends number = number, Texts extends ResourceTexts = ResourceTexts> = DeclaredObject<{
  readonly id: Id;
  readonly name: string;
  readonly resources: { readonly [N in keyof Texts & string as Uncapitalize<N>]: DeclarationOfText<Texts[N]> };
}> & { readonly [N in keyof Texts]: ReferenceOf<Texts[N]> };

/** A resource's definition, looked up when somebody asks for more than the compiler had to know. */
class RegistryResource implements ResourceReference {
  readonly objectId: number;
  readonly objectVersion: string;
  readonly id: number;

  constructor(objectId: number, objectVersion: string, id: number) {
    this.objectId = objectId;
    this.objectVersion = objectVersion;
    this.id = id;
  }

  get #definition(): ResourceDefinition {
    return omaObjects.object(this.objectId, this.objectVersion)!.resources.get(this.id)!;
  }

  get name(): string {
    return this.#definition.name;
  }

  get readable(): boolean {
    return this.#definition.readable;
  }

  get writable(): boolean {
    return this.#definition.writable;
  }

  get executable(): boolean {
    return this.#definition.executable;
  }

  get operations(): Operations {
    const { readable, writable, executable } = this.#definition;
    if (executable) return 'E';
    return `${readable ? 'R' : ''}${writable ? 'W' : ''}`;
  }

  get multiple(): boolean {
    return this.#definition.multiple;
  }

  get mandatory(): boolean {
    return this.#definition.mandatory;
  }

  get type(): DefinitionType {
    return this.#definition.type;
  }

  get range(): string {
    return this.#definition.range;
  }

  get units(): string {
    return this.#definition.units;
  }
}

/** An object's definition, looked up when somebody asks. Resources are made from their names at once. */
class RegistryObject implements ObjectDefinition {
  readonly id: number;
  readonly version: string;
  readonly named: Readonly<Record<string, ResourceDefinition>>;
  readonly #texts: ResourceTexts;

  constructor(id: number, version: string, texts: ResourceTexts) {
    this.id = id;
    this.version = version;
    this.#texts = texts;
    const named: Record<string, ResourceDefinition> = {};
    for (const [name, text] of Object.entries(texts)) {
      const resource = new RegistryResource(id, version, Number.parseInt(text, 10));
      named[name.charAt(0).toLowerCase() + name.slice(1)] = resource;
      Object.defineProperty(this, name, { value: resource, enumerable: true });
    }
    this.named = named;
  }

  get #definition(): ObjectDefinition {
    return omaObjects.object(this.id, this.version)!;
  }

  get name(): string {
    return this.#definition.name;
  }

  get lwm2mVersion(): string {
    return this.#definition.lwm2mVersion;
  }

  get urn(): string {
    return this.#definition.urn;
  }

  get multiple(): boolean {
    return this.#definition.multiple;
  }

  get mandatory(): boolean {
    return this.#definition.mandatory;
  }

  get resources(): ReadonlyMap<number, ResourceDefinition> {
    return this.#definition.resources;
  }

  /** The same object in another version: of the resources those that it has there. */
  in(version: string): RegistryObject {
    const { resources } = omaObjects.object(this.id, version)!;
    const texts = Object.entries(this.#texts).filter(([, text]) => resources.has(Number.parseInt(text, 10)));
    return new RegistryObject(this.id, version, Object.fromEntries(texts));
  }
}

/** Makes a reference; the generated module calls it once for each object of the registry. */
export function objectReference<const Id extends number, const Texts extends ResourceTexts>(
  id: Id,
  version: string,
  texts: Texts,
): ObjectReference<Id, Texts> {
  return new RegistryObject(id, version, texts) as unknown as ObjectReference<Id, Texts>;
}

const otherVersions = new Map<string, RegistryObject>();

/**
 * An object of the registry in an older version than the newest, which references are to: `inVersion(EventLog, '1.0')`.
 * Resources that it does not have there are not there, though the compiler knows them.
 * @throws RangeError when the registry does not have the version, or the object is none of the registry's
 */
export function inVersion<D extends DeclaredObject>(reference: D, version: string): D {
  if (reference.version === version) return reference;
  if (!(reference instanceof RegistryObject)) throw new RangeError(`${reference.name} is no object of OMA's registry`);
  const object: RegistryObject = reference;
  const key = `${object.id} ${version}`;
  let other = otherVersions.get(key);
  if (!other) {
    if (omaObjects.object(object.id, version)?.version !== version)
      throw new RangeError(`OMA's registry has no version ${version} of ${object.name} (${object.id})`);
    other = object.in(version);
    otherVersions.set(key, other);
  }
  return other as unknown as D;
}
