import { type TimedValue, timedValues } from '../formats/index.ts';
import type { SentValues } from './events.ts';
import type { Registration } from './registration.ts';

/** Values on their way to whoever keeps them. */
export interface TakenValues {
  /** How they came: in notifications, in a Send, or in answers to Read and Observe and their composites. */
  readonly source: 'notified' | 'sent' | 'read';
  /** Milliseconds since the epoch: when they came. */
  readonly time: number;
  readonly registration: Registration;
  readonly values: readonly TimedValue[];
}

/** The values of nodes, one by one. */
export function valuesOf(nodes: readonly SentValues[]): TimedValue[] {
  const all: TimedValue[] = [];
  for (const { path, values } of nodes) for (const value of timedValues(path, values)) all.push(value);
  return all;
}

/** Keeps values. Once it has resolved, a Send is answered, a notification is told of and a Read gives its answer. */
export type TakeValues = (taken: TakenValues) => Promise<void> | void;
