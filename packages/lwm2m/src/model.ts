import type { ObjectDefinition } from '@yaolian/lwm2m-objects';

/** Finds object definitions. Unknown objects and resources are legal on the wire: callers fall back on opaque and text. */
export interface ObjectModel {
  /** The definition of exactly this version, or the newest known when `version` is absent or unknown. */
  object(objectId: number, version?: string): ObjectDefinition | undefined;
}
