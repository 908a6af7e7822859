import { type Duration, seconds } from '@yaolian/kernel';
import type { FetchOutcome, FetchRequest, PackageFetcher } from '@yaolian/lwm2m/client';
import type { TlsClientOptions } from '@yaolian/node-runtime';
import { trustingFetch } from './trusting-fetch.ts';

export interface HttpFetcherOptions {
  /** How long a server may say nothing, before its answer and in the middle of it. Default 60 s. */
  readonly patience?: Duration;
  /** The certificate of the server at this URI is not trusted, or is another's. */
  readonly onUntrusted?: ((uri: string) => void) | undefined;
}

/** Codes of Node for certificates that do not prove what they should. */
const untrustedCodes: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_SIGNATURE_FAILURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What a terminal says of that. */
export function untrustedText(uri: string): string {
  return `the certificate of ${URL.parse(uri)?.host} is not trusted: no package comes from there; trust it with --ca FILE`;
}

/** What `fetch` throws has the reason below it, what `node:https` emits is it. */
function isUntrusted(error: unknown): boolean {
  const { code, cause } = error as { readonly code?: string; readonly cause?: { readonly code?: string } };
  return untrustedCodes.has(code ?? '') || untrustedCodes.has(cause?.code ?? '');
}

/**
 * Fetches packages over HTTP and HTTPS; resumes with Range while the ETag is the same (RFC 9110 §13.1.5, §14). Follows five redirects
 * at most, none of them out of HTTPS (§15.4).
 * @param tls whom it trusts over HTTPS. Absent, or without a word of that: whom Node trusts
 */
export function httpFetcher(
  tls: TlsClientOptions = {},
  { patience = seconds(60), onUntrusted }: HttpFetcherOptions = {},
): PackageFetcher {
  const fetcher = tls.authorities === undefined && !tls.insecure ? fetch : trustingFetch(tls);
  return {
    async fetch(request) {
      if (!URL.canParse(request.uri)) return 'invalid-uri';
      const silence = new AbortController();
      const timer = setTimeout(() => silence.abort(), patience);
      const heard = () => void timer.refresh();
      const signal = AbortSignal.any([request.signal, silence.signal]);
      try {
        return await download({ ...request, signal }, fetcher, heard);
      } catch (error) {
        if (request.signal.aborted) return 'stopped';
        if (!isUntrusted(error)) return 'connection-lost';
        // It will not be another one by asking again: OMA has no result of its own for that.
        onUntrusted?.(request.uri);
        return 'invalid-uri';
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

const mostRedirects = 5;
/** Those that say where the same thing is (RFC 9110 §15.4): neither 300, 304 nor what 305 and 306 once were. */
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** @returns undefined when redirects lead to nothing that may be asked */
async function ask(uri: string, init: RequestInit, fetcher: typeof fetch): Promise<Response | undefined> {
  let url = new URL(uri);
  for (let hops = 0; url.protocol === 'http:' || url.protocol === 'https:'; hops++) {
    const response = await fetcher(url, { ...init, redirect: 'manual' });
    if (!redirects.has(response.status)) return response;
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (location === null || hops === mostRedirects || !URL.canParse(location, url)) return undefined;
    const next = new URL(location, url);
    // Who was told to ask a server that proves itself is not to be sent to one that anybody can play.
    if (url.protocol === 'https:' && next.protocol !== 'https:') return undefined;
    url = next;
  }
  return undefined;
}

async function download(request: FetchRequest, fetcher: typeof fetch, heard: () => void): Promise<FetchOutcome> {
  const { uri, offset, etag, signal } = request;
  // RFC 9110 §13.1.5: a weak ETag does not say that bytes are the same.
  const isResumed = offset > 0 && etag !== undefined && !etag.startsWith('W/');
  // §14: ranges are of the bytes that are sent; with a coding on the way they would not be those of the package. With a Range,
  // fetch asks for no coding by itself.
  const headers = isResumed ? { range: `bytes=${offset}-`, 'if-range': etag } : { 'accept-encoding': 'identity' };
  const response = await ask(uri, { headers, signal }, fetcher);
  if (response === undefined) return 'invalid-uri';
  heard();
  const start = response.status === 206 ? firstByte(response.headers.get('content-range')) : 0;
  if (isResumed && (response.status === 416 || (start !== 0 && start !== offset))) {
    await response.body?.cancel();
    return download({ ...request, offset: 0, etag: undefined }, fetcher, heard);
  }
  // A part that nobody asked for is not where a package begins.
  if (!response.ok || start === undefined || (!isResumed && start !== 0)) {
    await response.body?.cancel();
    const passes = response.ok || response.status >= 500 || response.status === 429;
    return passes ? 'connection-lost' : 'invalid-uri';
  }
  // No content is no package, whatever the success.
  if (response.body === null) return 'invalid-uri';
  const found = response.headers.get('etag') ?? undefined;
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const size = Number.isNaN(length) ? undefined : start + length;
  const goOn = await request.onStart(start, found, size);
  if (!goOn) {
    await response.body.cancel();
    return 'stopped';
  }
  for await (const chunk of response.body) {
    if (!(await request.onBytes(chunk as Uint8Array))) return 'stopped';
    heard();
  }
  return 'complete';
}

/** Where the part of a 206 begins; undefined when that is not said, as in several parts at once. */
function firstByte(contentRange: string | null): number | undefined {
  const first = /^bytes (\d{1,15})-/.exec(contentRange ?? '')?.[1];
  return first === undefined ? undefined : Number(first);
}
