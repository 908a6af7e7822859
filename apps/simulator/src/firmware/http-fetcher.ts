import type { FetchOutcome, FetchRequest, PackageFetcher } from '@yaolian/lwm2m/client';
import type { TlsClientOptions } from '@yaolian/node-runtime';
import { trustingFetch } from './trusting-fetch.ts';

/**
 * Fetches packages over HTTP and HTTPS; resumes with Range while the ETag is the same (RFC 9110 §13.1.5, §14).
 * @param tls whom it trusts over HTTPS. Absent, or without a word of that: whom Node trusts
 */
export function httpFetcher(tls: TlsClientOptions = {}): PackageFetcher {
  const fetcher = tls.authorities === undefined && !tls.insecure ? fetch : trustingFetch(tls);
  return {
    async fetch(request) {
      if (!URL.canParse(request.uri)) return 'invalid-uri';
      try {
        return await download(request, fetcher);
      } catch {
        return request.signal.aborted ? 'stopped' : 'connection-lost';
      }
    },
  };
}

async function download(request: FetchRequest, fetcher: typeof fetch): Promise<FetchOutcome> {
  const { uri, offset, etag, signal } = request;
  // RFC 9110 §13.1.5: a weak ETag does not say that bytes are the same.
  const isResumed = offset > 0 && etag !== undefined && !etag.startsWith('W/');
  // §14: ranges are of the bytes that are sent; with a coding on the way they would not be those of the package. With a Range,
  // fetch asks for no coding by itself.
  const headers = isResumed ? { range: `bytes=${offset}-`, 'if-range': etag } : { 'accept-encoding': 'identity' };
  const response = await fetcher(uri, { headers, signal });
  const start = response.status === 206 ? firstByte(response.headers.get('content-range')) : 0;
  if (isResumed && (response.status === 416 || (start !== 0 && start !== offset))) {
    await response.body?.cancel();
    return download({ ...request, offset: 0, etag: undefined }, fetcher);
  }
  if (!response.ok || start === undefined) {
    await response.body?.cancel();
    const passes = response.ok || response.status >= 500 || response.status === 429;
    return passes ? 'connection-lost' : 'invalid-uri';
  }
  const found = response.headers.get('etag') ?? undefined;
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const size = Number.isNaN(length) ? undefined : start + length;
  const goOn = await request.onStart(start, found, size);
  if (!goOn || !response.body) {
    await response.body?.cancel();
    return goOn ? 'complete' : 'stopped';
  }
  for await (const chunk of response.body) {
    if (!(await request.onBytes(chunk as Uint8Array))) return 'stopped';
  }
  return 'complete';
}

/** Where the part of a 206 begins; undefined when that is not said, as in several parts at once. */
function firstByte(contentRange: string | null): number | undefined {
  const first = /^bytes (\d{1,15})-/.exec(contentRange ?? '')?.[1];
  return first === undefined ? undefined : Number(first);
}
