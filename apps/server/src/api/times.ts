/** Milliseconds since the epoch as the API writes times. */
export function timeToJson(time: number): string {
  return new Date(time).toISOString();
}

/** `{ name: time }`, or nothing when there is no such time. */
export function optionalTime<N extends string>(name: N, time: number | undefined): { [P in N]?: string } {
  return (time === undefined ? {} : { [name]: timeToJson(time) }) as { [P in N]?: string };
}
