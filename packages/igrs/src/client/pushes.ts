import type { XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { type DataAnswer, decodeDataAnswer, type ObservationEndReason, observationEndReasons } from '../wire/data.ts';
import { decodeFirmwareProgress, type FirmwareProgress } from '../wire/firmware.ts';
import { Refused } from './refused.ts';

/** What the server pushes about the data of devices (docs/igrs-ra.md). */
export type DataPush =
  /** New values of what is observed. */
  | { readonly kind: 'values'; readonly device: string; readonly answer: DataAnswer }
  /** What came of the request that waited as `id`. */
  | { readonly kind: 'late'; readonly device: string; readonly id: string; readonly outcome: DataAnswer | Refused }
  /** No more values of the path come: the right to observe it is gone, or somebody else ended it. */
  | { readonly kind: 'ended'; readonly device: string; readonly path: string; readonly reason: ObservationEndReason };

/**
 * The push that a message is. Undefined when it is none, and when somebody else than the domain sent it.
 * @param domain that of the user
 */
export function decodeDataPush(message: XmlElement, domain: string): DataPush | undefined {
  const type = message.attribute('type');
  // Values are headlines; what came of a request waits for who is away.
  if (message.attribute('from') !== domain || (type !== 'headline' && type !== undefined)) return undefined;
  const [payload] = message.elements();
  const device = payload?.attribute('device');
  if (payload === undefined || device === undefined || payload.namespace !== raNamespaces.data) return undefined;
  if (payload.name === 'ended') return endIn(payload, device);
  if (payload.name !== 'result') {
    const answer = decodeDataAnswer(payload);
    return answer?.kind === 'values' ? { kind: 'values', device, answer } : undefined;
  }
  const id = payload.attribute('id');
  const [content] = payload.elements();
  const outcome = content?.is('refused', raNamespaces.data) ? refusedBy(content) : decodeDataAnswer(content);
  return id === undefined || outcome === undefined ? undefined : { kind: 'late', device, id, outcome };
}

/** A step of an update of the firmware of a device. Undefined when the message is none, and when somebody else than the domain sent it. */
export function decodeFirmwarePush(
  message: XmlElement,
  domain: string,
): (FirmwareProgress & { readonly device: string }) | undefined {
  const type = message.attribute('type');
  if (message.attribute('from') !== domain || (type !== 'headline' && type !== undefined)) return undefined;
  const [payload] = message.elements();
  const device = payload?.attribute('device');
  const progress = decodeFirmwareProgress(payload);
  return device === undefined || progress === undefined ? undefined : { device, ...progress };
}

function endIn(payload: XmlElement, device: string): DataPush | undefined {
  const path = payload.attribute('path');
  const reason = observationEndReasons.find((one) => one === payload.attribute('reason')) ?? 'cancelled';
  return path === undefined ? undefined : { kind: 'ended', device, path, reason };
}

function refusedBy(content: XmlElement): Refused {
  return new Refused(content.attribute('condition') ?? 'undefined-condition', content.text() || undefined);
}
