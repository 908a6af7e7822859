/** The data types of OMA-TS-LightweightM2M_Core 1.2 appendix C. `none` is an executable resource's. */
export type ResourceType =
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

/** A reference to an object instance; 65535 in either field means "none". */
export interface ObjectLink {
  readonly objectId: number;
  readonly instanceId: number;
}

/**
 * A resource's value by type: string and corelnk are strings; integer and unsigned are numbers while those are safe
 * integers and bigints beyond; float is a number; boolean; opaque is bytes; time is a Date; objlnk is an ObjectLink.
 */
export type ResourceValue = string | number | bigint | boolean | Uint8Array | Date | ObjectLink;
