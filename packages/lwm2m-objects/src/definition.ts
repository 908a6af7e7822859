/** Types of the generated table: OMA's vocabulary, facts only (ids, names, operations, types, ranges, units). */
export type DefinitionType =
  | 'string'
  | 'integer'
  | 'unsigned'
  | 'float'
  | 'boolean'
  | 'opaque'
  | 'time'
  | 'objlnk'
  | 'corelnk'
  | 'none';

export interface ResourceDefinition {
  readonly id: number;
  readonly name: string;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
  readonly multiple: boolean;
  readonly mandatory: boolean;
  readonly type: DefinitionType;
  /** As the registry writes it: `0..255`, `1-64`, `en;fr`; empty when there is none. */
  readonly range: string;
  /** As the registry writes it: `Cel`, `s`, `%`; empty when there is none. */
  readonly units: string;
}

export interface ObjectDefinition {
  readonly id: number;
  readonly name: string;
  /** `1.0`, `1.1`, … */
  readonly version: string;
  readonly lwm2mVersion: string;
  readonly urn: string;
  readonly multiple: boolean;
  readonly mandatory: boolean;
  readonly resources: ReadonlyMap<number, ResourceDefinition>;
}
