/** Where a reader of the event stream is. */
export interface EventId {
  /** When the platform started that gave it: milliseconds since the epoch. */
  readonly run: number;
  /** Counts up within the run. */
  readonly number: number;
  /** Of the event: milliseconds since the epoch. */
  readonly time: number;
}

export function formatEventId({ run, number, time }: EventId): string {
  return `${run.toString(36)}-${number}-${time.toString(36)}`;
}

/** Undefined for what {@link formatEventId} did not make. */
export function parseEventId(text: string): EventId | undefined {
  const match = /^([0-9a-z]{1,10})-(\d{1,15})-([0-9a-z]{1,10})$/.exec(text);
  if (!match) return undefined;
  const [, run, number, time] = match;
  return { run: Number.parseInt(run!, 36), number: Number(number), time: Number.parseInt(time!, 36) };
}
