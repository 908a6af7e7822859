import type { ObjectModel } from '@yaolian/lwm2m';

/** What the object is called that a feature is (`urn:oma:lwm2m:ext:3303`). Undefined for other features, and for objects that the model does not know. */
export function featureNameOf(feature: string, model: ObjectModel): string | undefined {
  const [, id] = /^urn:oma:lwm2m:(?:oma|ext|x):(\d{1,5})$/.exec(feature) ?? [];
  return id === undefined ? undefined : model.object(Number(id))?.name;
}
