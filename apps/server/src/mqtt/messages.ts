import type { EventData, JsonNode, JsonValue } from '@yaolian/contract';
import { timeToJson } from '../api/times.ts';
import type { PlatformEvent } from '../events/event-hub.ts';
import type { Topics } from './topics.ts';
import type { Message } from './waiting-messages.ts';

/** What an event is published as: the values that it carries, each on its own topic, or itself. */
export function messagesOf(event: PlatformEvent, topics: Topics): readonly Message[] {
  const { type, device, endpoint } = event;
  // It is for the webhook behind a push service (XEP-0357).
  if (type === 'message.waiting') return [];
  const time = timeToJson(event.time);
  if (type === 'observation.notified' && device !== undefined) {
    const { node } = event.data() as EventData<typeof type>;
    return valuesIn(node).map((value) => messageOf(topics, device, time, value));
  }
  if (type === 'device.sent' && device !== undefined) {
    const { values } = event.data() as EventData<typeof type>;
    return values.flatMap(({ time: own, node }) =>
      valuesIn(node).map((value) => messageOf(topics, device, own ?? time, value)),
    );
  }
  const body = JSON.stringify({ type, time, device, endpoint, data: event.data() });
  return [{ topic: topics.event(device, type), body }];
}

interface Value {
  readonly path: string;
  readonly name: string | undefined;
  readonly units: string | undefined;
  readonly value: JsonValue;
}

function messageOf(topics: Topics, device: string, time: string, { path, name, units, value }: Value): Message {
  return { topic: topics.value(device, path), body: JSON.stringify({ time, value, units, name }) };
}

/** Every value in a node, with the path of its resource or resource instance. */
function valuesIn(node: JsonNode): readonly Value[] {
  switch (node.kind) {
    case 'object':
      return node.instances.flatMap(valuesIn);
    case 'object-instance':
      return node.resources.flatMap(valuesIn);
    case 'multiple-resource':
      return Object.entries(node.values).map(([id, value]) => valueAt(`${node.path}/${id}`, node, value));
    default:
      return [valueAt(node.path, node, node.value)];
  }
}

function valueAt(path: string, { name, units }: { name?: string; units?: string }, value: JsonValue): Value {
  return { path, name, units, value };
}
