import { Code } from '@yaolian/coap';

/*
 * Results "are loosely based on the CoAP response codes" (OMA-TS-LightweightM2M_Transport 1.2 §8.5): 205 is 2.05.
 */

/** Those of tables 8.5-1 to 8.5-5. */
const results: ReadonlySet<number> = new Set([
  ...[201, 202, 204, 205],
  ...[400, 401, 403, 404, 405, 406, 408, 409, 412, 413, 415],
  ...[500, 501, 503],
]);

/** Codes without a result of their own, where the class alone says too little. */
const nearest: ReadonlyMap<number, number> = new Map([
  [Code.Valid, 205],
  [Code.TooManyRequests, 503],
  [Code.BadGateway, 503],
  [Code.GatewayTimeout, 503],
  [Code.ProxyingNotSupported, 501],
]);

/** Table 8.5-5: where none fits, one that says no more than its class. */
const generic: Readonly<Record<number, number>> = { 2: 204, 4: 400, 5: 500 };

export function resultOfCode(code: number): number {
  const result = (code >> 5) * 100 + (code & 31);
  return results.has(result) ? result : (nearest.get(code) ?? generic[code >> 5] ?? 500);
}

/** What has no form in CoAP is a failure of whoever answered so. */
export function codeOfResult(result: number): number {
  const codeClass = Math.floor(result / 100);
  const detail = result % 100;
  const isCode = (codeClass === 2 || codeClass === 4 || codeClass === 5) && detail < 32;
  return isCode ? (codeClass << 5) | detail : Code.InternalServerError;
}
