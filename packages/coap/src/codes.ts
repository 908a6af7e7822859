/** CoAP codes as they stand on the wire: class * 32 + detail (RFC 7252 §3, §12.1; RFC 7959; RFC 8132; RFC 8516). */
export const Code = {
  Empty: 0x00,
  GET: 0x01,
  POST: 0x02,
  PUT: 0x03,
  DELETE: 0x04,
  FETCH: 0x05,
  PATCH: 0x06,
  iPATCH: 0x07,
  Created: 0x41,
  Deleted: 0x42,
  Valid: 0x43,
  Changed: 0x44,
  Content: 0x45,
  Continue: 0x5f,
  BadRequest: 0x80,
  Unauthorized: 0x81,
  BadOption: 0x82,
  Forbidden: 0x83,
  NotFound: 0x84,
  MethodNotAllowed: 0x85,
  NotAcceptable: 0x86,
  RequestEntityIncomplete: 0x88,
  Conflict: 0x89,
  PreconditionFailed: 0x8c,
  RequestEntityTooLarge: 0x8d,
  UnsupportedContentFormat: 0x8f,
  UnprocessableEntity: 0x96,
  TooManyRequests: 0x9d,
  InternalServerError: 0xa0,
  NotImplemented: 0xa1,
  BadGateway: 0xa2,
  ServiceUnavailable: 0xa3,
  GatewayTimeout: 0xa4,
  ProxyingNotSupported: 0xa5,
} as const;

/** A request method: 0.01 to 0.31. The named ones are in {@link Code}. */
export type Method = number;
/** A response code: 2.xx, 4.xx or 5.xx. The named ones are in {@link Code}. */
export type ResponseCode = number;

/** `4.04` for 0x84. */
export function formatCode(code: number): string {
  return `${code >> 5}.${String(code & 0x1f).padStart(2, '0')}`;
}

export function isRequestCode(code: number): boolean {
  return code > 0 && code < 0x20;
}

export function isResponseCode(code: number): boolean {
  const codeClass = code >> 5;
  return codeClass === 2 || codeClass === 4 || codeClass === 5;
}

export function isSuccess(code: number): boolean {
  return code >> 5 === 2;
}

const codeNames = new Map<number, string>(Object.entries(Code).map(([name, code]) => [code, name]));

/** `4.04 NotFound`, or just `4.31` for a code without a name. */
export function describeCode(code: number): string {
  const name = codeNames.get(code);
  return name === undefined ? formatCode(code) : `${formatCode(code)} ${name}`;
}
