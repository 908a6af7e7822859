import { type AskOnce, type CoapUri, Code, fetchBlock, isFetchedBlock, parseCoapUri } from '@yaolian/coap';
import { encodeHex, seconds } from '@yaolian/kernel';
import type { Connection, Connector, ServerAccess } from '../connection.ts';
import { SecurityMode } from '../objects/security.ts';
import type { FetchOutcome, FetchRequest, PackageFetcher } from './ports.ts';

/**
 * Fetches packages with Block2 (RFC 7959 §2.4), block by block into the store, and resumes at the block where it stopped while
 * the ETag is the same.
 * @param connector the way to the URIs
 * @param accounts with what the terminal proves itself to its servers, `client.accounts` say: over `coaps` and its kin the one of
 *   the same host is used, else the first; over others the security context of OSCORE of the very server that the URI leads to
 */
export function coapFetcher(connector: Connector, accounts: () => readonly ServerAccess[] = () => []): PackageFetcher {
  return {
    async fetch(request) {
      const uri = parseCoapUri(request.uri);
      if (!uri.ok) return 'invalid-uri';
      let connection: Connection | undefined;
      try {
        connection = await connector.connect(accessTo(request.uri, uri.value, accounts()), request.signal);
        return await fetchBlocks(connection, uri.value, request);
      } catch {
        return request.signal.aborted ? 'stopped' : 'connection-lost';
      } finally {
        await connection?.release?.();
      }
    },
  };
}

const nothing = new Uint8Array(0);
const noCredentials = {
  securityMode: SecurityMode.NoSec,
  publicKeyOrIdentity: nothing,
  serverPublicKey: nothing,
  secretKey: nothing,
} as const;

function accessTo(uri: string, { scheme, host, port }: CoapUri, accounts: readonly ServerAccess[]): ServerAccess {
  if (!scheme.startsWith('coaps')) {
    // At any other address the context would be of another server, and there is no telling whether it has it.
    const own = accounts.find((account) => {
      const parsed = account.oscore && parseCoapUri(account.uri);
      return parsed?.ok && parsed.value.scheme === scheme && parsed.value.host === host && parsed.value.port === port;
    });
    return { ...(own ?? noCredentials), uri };
  }
  const secure = accounts.filter(({ securityMode }) => securityMode !== SecurityMode.NoSec);
  const same = secure.find((account) => {
    const parsed = parseCoapUri(account.uri);
    return parsed.ok && parsed.value.host === host;
  });
  return { ...(same ?? secure[0] ?? noCredentials), uri };
}

const blockSize = 1024;

async function fetchBlocks(
  { endpoint, peer }: Connection,
  uri: { readonly path: readonly string[]; readonly query: readonly string[] },
  request: FetchRequest,
): Promise<FetchOutcome> {
  const control = { signal: request.signal, timeout: seconds(93) };
  const ask: AskOnce = (one) => endpoint.request(peer, one, control);
  const asked = { method: Code.GET, path: uri.path, query: uri.query };
  // Blocks count from the start: a resumed transfer takes the block again that it has a part of.
  let offset = request.offset - (request.offset % blockSize);
  let skip = request.offset - offset;
  let etag = offset > 0 || skip > 0 ? request.etag : undefined;
  let started = false;
  for (;;) {
    const block = await fetchBlock(ask, asked, offset, blockSize);
    const came = isFetchedBlock(block);
    if (!came && (started || offset === 0)) {
      // 5.xx and 4.29 pass; so does what is no answer to the question.
      const passes = block.code < 0x80 || block.code >= 0xa0 || block.code === Code.TooManyRequests;
      return passes ? 'connection-lost' : 'invalid-uri';
    }
    const found = came && block.etag ? encodeHex(block.etag) : undefined;
    if (!came || ((offset > 0 || skip > 0) && (etag === undefined || found !== etag))) {
      // RFC 7959 §2.4: blocks of different representations do not belong together. From the start, once.
      if (started) return 'connection-lost';
      const again = offset > 0;
      offset = 0;
      skip = 0;
      if (!came || again) continue;
    }
    if (!started && !(await request.onStart(offset + skip, found, block.size))) return 'stopped';
    started = true;
    etag = found;
    if (!(await request.onBytes(block.bytes.slice(skip)))) return 'stopped';
    if (!block.more) return 'complete';
    offset += block.bytes.length;
    skip = 0;
  }
}
