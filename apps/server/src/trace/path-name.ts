import { type Message, OptionNumber } from '@yaolian/coap';
import { decodeUtf8, encodeHex } from '@yaolian/kernel';
import type { Lwm2mPath, ObjectModel } from '@yaolian/lwm2m';

/** `Device / 0 / Battery Level`; undefined when the object is not known. */
export function pathName(path: Lwm2mPath, model: ObjectModel): string | undefined {
  const { objectId, objectInstanceId, resourceId, resourceInstanceId } = path;
  const object = objectId === undefined ? undefined : model.object(objectId);
  if (object === undefined) return undefined;
  const resource =
    resourceId === undefined ? undefined : (object.resources.get(resourceId)?.name ?? String(resourceId));
  return [object.name, objectInstanceId, resource, resourceInstanceId].filter((part) => part !== undefined).join(' / ');
}

/** The segments of Uri-Path. */
export function pathOf(message: Message): string[] {
  return message.options
    .filter(({ number }) => number === OptionNumber.UriPath)
    .map(({ value }) => decodeUtf8(value) ?? `0x${encodeHex(value)}`);
}
