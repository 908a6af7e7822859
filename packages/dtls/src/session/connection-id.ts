import type { Random } from '@yaolian/kernel';

/** Who knows which Connection IDs are in use. */
export interface ConnectionIdOwner {
  readonly settings: { readonly random: Random };
  isConnectionIdTaken(id: number): boolean;
}

/** A Connection ID that no session of ours has. @param length 1 to 6 */
export function newConnectionId(owner: ConnectionIdOwner, length: number): Uint8Array {
  for (;;) {
    const id = owner.settings.random.bytes(length);
    if (!owner.isConnectionIdTaken(connectionIdNumber(id, 0, length))) return id;
  }
}

/** A Connection ID of ours as a number, which tables find quickly: its bytes with a 1 in front. */
export function connectionIdNumber(bytes: Uint8Array, at: number, length: number): number {
  let id = 1;
  for (let i = 0; i < length; i++) id = id * 256 + bytes[at + i]!;
  return id;
}
