import type { FetchOutcome, FetchRequest, PackageFetcher } from '@yaolian/lwm2m/client';

/** Fetches packages over HTTP and HTTPS; resumes with Range while the ETag is the same (RFC 9110 §13.1.5, §14). */
export function httpFetcher(fetcher: typeof fetch = fetch): PackageFetcher {
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
  const isResumed = offset > 0 && etag !== undefined;
  const headers = isResumed ? { range: `bytes=${offset}-`, 'if-range': etag } : {};
  const response = await fetcher(uri, { headers, signal });
  const found = response.headers.get('etag') ?? undefined;
  if (response.status === 416 && isResumed) {
    await response.body?.cancel();
    return download({ ...request, offset: 0, etag: undefined }, fetcher);
  }
  if (!response.ok) {
    await response.body?.cancel();
    return response.status >= 500 || response.status === 429 ? 'connection-lost' : 'invalid-uri';
  }
  const start = response.status === 206 ? offset : 0;
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
