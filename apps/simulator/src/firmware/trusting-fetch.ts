import { request } from 'node:https';
import { Readable } from 'node:stream';
import type { TlsClientOptions } from '@yaolian/node-runtime';

/** Statuses that the fetch standard gives no body. */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A fetch that trusts, over HTTPS, whom these options say: that of Node knows the authorities that Node comes with and no others.
 * It sends headers and can be aborted; redirects it gives to the caller, and a body it does not send.
 */
export function trustingFetch(trust: Pick<TlsClientOptions, 'authorities' | 'insecure'>): typeof fetch {
  const authorities = trust.authorities === undefined ? [] : [trust.authorities].flat();
  const options = {
    ...(authorities.length > 0 && { ca: authorities.map((pem) => (typeof pem === 'string' ? pem : Buffer.from(pem))) }),
    rejectUnauthorized: trust.insecure !== true,
  };
  const ask = (url: URL, init: RequestInit): Promise<Response> => {
    if (url.protocol !== 'https:') return fetch(url, init);
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const headers = Object.fromEntries(new Headers(init.headers));
    const { signal } = init;
    const asked = request(url, { ...options, headers, ...(signal && { signal }) }, (response) => {
      const { statusCode: status = 0 } = response;
      const found = new Headers();
      for (const [name, values] of Object.entries(response.headersDistinct)) {
        for (const value of values ?? []) found.append(name, value);
      }
      if (status < 200 || status > 599) {
        // Node lets any three digits through, of which a Response cannot be made.
        response.destroy();
        reject(new Error(`the server answered with status ${status}, which means nothing (RFC 9110 §15)`));
        return;
      }
      const isEmpty = withoutBody.has(status);
      // What nobody reads holds the connection.
      if (isEmpty) response.resume();
      const body = isEmpty ? null : (Readable.toWeb(response) as unknown as ReadableStream<Uint8Array>);
      resolve(new Response(body, { status, headers: found }));
    });
    asked.on('error', reject).end();
    return promise;
  };
  return (input, init = {}) => ask(new URL(input instanceof Request ? input.url : input), init);
}
