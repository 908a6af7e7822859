import type { CredentialStore } from '@yaolian/directory';
import type { SocketAddress } from '@yaolian/kernel';
import type { Registration } from '@yaolian/lwm2m/server';

const pageSize = 1000;

/**
 * Whether a restored registration came over DTLS: it says so, or, stored by an earlier version, its endpoint has credentials and
 * it did not come over a stream.
 */
export async function provenRegistrations(
  credentials: CredentialStore,
): Promise<(address: SocketAddress, registration: Registration) => boolean> {
  const endpoints = new Set<string>();
  for (let after: { readonly endpoint: string; readonly id: string } | undefined; ; ) {
    const page = await credentials.credentials({ limit: pageSize, ...(after && { after }) });
    for (const { endpoint } of page) endpoints.add(endpoint);
    after = page.at(-1);
    if (page.length < pageSize) break;
  }
  return (_address, { endpoint, binding, peerKey }) =>
    peerKey?.startsWith('dtls:') ?? (!binding.includes('T') && endpoints.has(endpoint));
}
