import type { DeclaredObject, DefinitionType, ResourceDefinition } from '@yaolian/lwm2m-objects';
import type { ObjectLink } from '../value.ts';

/** The program's type for a resource type. */
export type ValueOfType<T extends DefinitionType> = T extends 'string' | 'corelnk'
  ? string
  : T extends 'integer' | 'unsigned'
    ? number | bigint
    : T extends 'float'
      ? number
      : T extends 'boolean'
        ? boolean
        : T extends 'opaque'
          ? Uint8Array
          : T extends 'time'
            ? Date
            : T extends 'objlnk'
              ? ObjectLink
              : never;

/** What a declared resource holds: one value, or values by resource instance id. */
export type ValueOf<R extends ResourceDefinition> = R['multiple'] extends true
  ? ReadonlyMap<number, ValueOfType<R['type']>>
  : ValueOfType<R['type']>;

/** What a declared resource can be set to: resource instances by id, or in a row from 0. */
export type InputOf<R extends ResourceDefinition> = R['multiple'] extends true
  ? ReadonlyMap<number, ValueOfType<R['type']>> | readonly ValueOfType<R['type']>[]
  : ValueOfType<R['type']>;

type Names<D extends DeclaredObject> = keyof D['named'] & string;

/** The names of an object's resources that hold values. */
export type ValueName<D extends DeclaredObject> = {
  [N in Names<D>]: D['named'][N]['type'] extends 'none' ? never : N;
}[Names<D>];

/** The names of an object's resources that are executed. */
export type ExecutableName<D extends DeclaredObject> = {
  [N in Names<D>]: D['named'][N]['type'] extends 'none' ? N : never;
}[Names<D>];

/** Values of an instance by resource name; what is left out is not there. */
export type InstanceValues<D extends DeclaredObject> = {
  readonly [N in ValueName<D>]?: InputOf<D['named'][N]> | undefined;
};
