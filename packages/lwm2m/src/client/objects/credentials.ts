/** What accounts of the Security object lead to: OSCORE, COSE, MQTT Server. */
export const linkedObjects: readonly number[] = [21, 23, 24];

/** Objects that hold credentials: Bootstrap-Servers write them, and servers see nothing of them. */
export function isCredentialsObject(objectId: number): boolean {
  return objectId === 0 || linkedObjects.includes(objectId);
}
