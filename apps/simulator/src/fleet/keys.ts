import { createHmac } from 'node:crypto';
import { encodeHex } from '@yaolian/kernel';

/** What one terminal of a fleet proves itself with. */
export interface FleetKey {
  readonly identity: string;
  readonly key: Uint8Array;
}

/** The key of each terminal by its endpoint name; undefined: it has none. */
export type FleetKeys = (endpoint: string) => FleetKey | undefined;

/** Keys that come from one secret: 16 bytes of HMAC-SHA256 over the endpoint name, which is the identity too. */
export function derivedKeys(secret: Uint8Array): FleetKeys {
  return (endpoint) => {
    const key = createHmac('sha256', secret).update(endpoint, 'utf8').digest().subarray(0, 16);
    return { identity: endpoint, key: new Uint8Array(key) };
  };
}

/** The keys as a file that `yaolian credentials import` reads. */
export function keyFile(endpoints: Iterable<string>, keys: FleetKeys): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  let text = 'endpoint,kind,identity,key\n';
  for (const endpoint of endpoints) {
    const own = keys(endpoint);
    if (own) text += `${quoted(endpoint)},psk,${quoted(own.identity)},${encodeHex(own.key)}\n`;
  }
  return text;
}
