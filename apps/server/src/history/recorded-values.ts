import type { DeviceFacts, HistoryValue, RecordedValue } from '@yaolian/directory';
import { formatPath, type ResourceValue, resolveContentTime } from '@yaolian/lwm2m';
import type { TakenValues } from '@yaolian/lwm2m/server';

/** A device whose clock is further ahead than this is not believed: the time of reception counts. */
const mostAhead = 86_400_000;

/** What devices reported, value by value. */
export function recordedValues({ time, registration, values }: TakenValues): RecordedValue[] {
  const recorded: RecordedValue[] = [];
  const device = registration.deviceKey;
  for (const { path, value, time: own } of values) {
    const measured = timeOf(resolveContentTime(own, time), time);
    recorded.push({ kind: 'value', device, path: formatPath(path), time: measured, value: historyValue(value) });
  }
  return recorded;
}

function timeOf(measured: number, received: number): number {
  return measured >= 0 && measured <= received + mostAhead ? Math.floor(measured) : received;
}

/** A value as history keeps it. */
export function historyValue(value: ResourceValue): HistoryValue {
  const isLink = typeof value === 'object' && !(value instanceof Uint8Array) && !(value instanceof Date);
  return isLink ? `${value.objectId}:${value.instanceId}` : value;
}

const factNames: Readonly<Record<number, keyof DeviceFacts>> = { 0: 'vendor', 1: 'model', 3: 'version' };

/** What a device says of itself in its object 3; undefined when it says nothing of that. */
export function factsIn({ values }: TakenValues): DeviceFacts | undefined {
  let facts: DeviceFacts | undefined;
  for (const { path, value } of values) {
    const name = path.objectId === 3 && path.objectInstanceId === 0 ? factNames[path.resourceId ?? -1] : undefined;
    if (name !== undefined && typeof value === 'string' && value !== '') facts = { ...facts, [name]: value };
  }
  return facts;
}
