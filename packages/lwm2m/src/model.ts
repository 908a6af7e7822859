import type { ObjectDefinition } from '@yaolian/lwm2m-objects';
import type { ObjectLinks } from './object-links.ts';

/** Finds object definitions. Unknown objects and resources are legal on the wire: callers fall back on opaque and text. */
export interface ObjectModel {
  /**
   * The definition of exactly this version; the newest with the same major version when there is none such (`1` asks for the
   * newest 1.x); the newest known otherwise, or when `version` is absent.
   */
  object(objectId: number, version?: string): ObjectDefinition | undefined;
}

/**
 * The model as it holds for one terminal: objects that it registered are looked up in the version it said. A terminal that
 * says none means 1.0 or the version its LwM2M release requires (OMA-TS-LightweightM2M_Core 1.1 §7.2.2), so: the newest 1.x.
 */
export function registeredModel(model: ObjectModel, links: ObjectLinks): ObjectModel {
  return {
    object: (objectId, version) => model.object(objectId, version ?? links.objects.get(objectId)?.version ?? '1'),
  };
}
