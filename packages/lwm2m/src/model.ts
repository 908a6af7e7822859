import type { ObjectDefinition } from '@yaolian/lwm2m-objects';
import type { ObjectLinks } from './object-links.ts';
import type { Lwm2mPath } from './path.ts';

/** Finds object definitions. Unknown objects and resources are legal on the wire: callers fall back on opaque and text. */
export interface ObjectModel {
  /**
   * The definition of exactly this version; the newest with the same major version when there is none such (`1` asks for the
   * newest 1.x); the newest known otherwise, or when `version` is absent.
   */
  object(objectId: number, version?: string): ObjectDefinition | undefined;
  /** The model of a device behind the gateway that this one is of; undefined where nothing is known of it. */
  behind?(prefix: string): ObjectModel | undefined;
}

/** The definition of the object that a path is in, of the device that it is of. */
export function objectAt(model: ObjectModel, path: Lwm2mPath): ObjectDefinition | undefined {
  const own = path.prefix === undefined ? model : (model.behind?.(path.prefix) ?? model);
  return own.object(path.objectId!);
}

/**
 * The model as it holds for one terminal: objects that it registered are looked up in the version it said. A terminal that
 * says none means 1.0 or the version its LwM2M release requires (OMA-TS-LightweightM2M_Core 1.1 §7.2.2), so: the newest 1.x.
 */
export function registeredModel(
  model: ObjectModel,
  links: Pick<ObjectLinks, 'objects'>,
  endDevices?: ReadonlyMap<string, Pick<ObjectLinks, 'objects'>>,
): ObjectModel {
  const own: ObjectModel = {
    object: (objectId, version) => model.object(objectId, version ?? links.objects.get(objectId)?.version ?? '1'),
  };
  if (!links.objects.has(gatewayObject)) return own;
  // Of a device whose list was not read yet, what holds for one that registers without versions.
  return { ...own, behind: (prefix) => registeredModel(model, endDevices?.get(prefix) ?? noLinks) };
}

/** The LwM2M Gateway object: a terminal that has it may have devices behind it. */
export const gatewayObject = 25;

const noLinks: Pick<ObjectLinks, 'objects'> = { objects: new Map() };
