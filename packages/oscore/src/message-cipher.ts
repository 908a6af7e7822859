import { findOption, formatCoapUri, type Option, OptionNumber, parseCoapUri, textOption } from '@yaolian/coap';
import {
  decodeMessage,
  encodeContent,
  encodedSize,
  encodeMessage,
  type Message,
  OptionCursor,
  type OutgoingMessage,
  withOption,
} from '@yaolian/coap/messaging';
import { decodeUtf8, emptyBytes } from '@yaolian/kernel';
import { additionalData, aeadNonce } from './cose.ts';
import type { OscoreCrypto } from './crypto-port.ts';
import { encodeOscoreOption } from './oscore-option.ts';
import type { OuterWish } from './outer-blocks.ts';
import type { SecurityContext } from './security-context.ts';

/** What binds responses to a request (RFC 8613 §7.1): its `kid` and Partial IV. */
export interface RequestBinding {
  readonly kid: Uint8Array;
  readonly partialIv: Uint8Array;
  /** How a proxy wants responses to be cut. */
  readonly outer?: OuterWish;
  /** That the request was opened with; what is said to it later is sealed with it too. */
  readonly context?: SecurityContext;
}

/** An outer code: they say nothing about the inner ones (RFC 8613 §4.2), but whether Observe is used (§4.1.3.5). */
export const OuterCode = { Post: 0x02, Fetch: 0x05, Changed: 0x44, Content: 0x45 } as const;

/** RFC 8613 figure 5, RFC 8768 §5: options for proxies alone. All others are Class E. */
const classU: ReadonlySet<number> = new Set([
  OptionNumber.UriHost,
  OptionNumber.UriPort,
  OptionNumber.HopLimit,
  OptionNumber.ProxyUri,
  OptionNumber.ProxyScheme,
]);

/** Seals a request (RFC 8613 §8.1). @throws RangeError when it cannot be protected */
export function sealRequest(
  crypto: OscoreCrypto,
  { credentials, keys, kidContext }: SecurityContext,
  { code, token, options, payload }: OutgoingMessage,
  { kid, partialIv }: RequestBinding,
): OutgoingMessage {
  const { inner, outer } = splitRequestOptions(options);
  const nonce = aeadNonce(keys.commonIv, kid, partialIv);
  const aad = additionalData(credentials.aead, kid, partialIv);
  const header = requestHeader({ kidContext }, { kid, partialIv });
  return {
    code: findOption(inner, OptionNumber.Observe) === undefined ? OuterCode.Post : OuterCode.Fetch,
    token,
    options: withOption(outer, { number: OptionNumber.OSCORE, value: header }),
    payload: crypto.seal(keys.aead, keys.senderKey, nonce, aad, encodePlaintext(code, inner, payload)),
  };
}

/** The value of the OSCORE option of a request. */
export function requestHeader(
  { kidContext }: Pick<SecurityContext, 'kidContext'>,
  { kid, partialIv }: RequestBinding,
): Uint8Array {
  return encodeOscoreOption({ partialIv, kidContext, kid });
}

/**
 * Seals a response (RFC 8613 §8.3).
 * @param binding of its request
 * @param partialIv of its own; absent: the nonce of the request, which may be used for one response only
 * @param kidContext of response #1 of Appendix B.2
 */
export function sealResponse(
  crypto: OscoreCrypto,
  { credentials, keys }: Pick<SecurityContext, 'credentials' | 'keys'>,
  code: number,
  options: readonly Option[],
  payload: Uint8Array,
  binding: RequestBinding,
  partialIv?: Uint8Array,
  kidContext?: Uint8Array,
): { readonly code: number; readonly options: readonly Option[]; readonly payload: Uint8Array } {
  const observe = checkedInner(options);
  // §4.1.3.5.2: the Inner Observe of a notification is empty.
  const inner = observe ? withOption(options, { number: OptionNumber.Observe, value: emptyBytes }) : options;
  const nonce =
    partialIv === undefined
      ? aeadNonce(keys.commonIv, binding.kid, binding.partialIv)
      : aeadNonce(keys.commonIv, credentials.senderId, partialIv);
  const aad = additionalData(credentials.aead, binding.kid, binding.partialIv);
  const header = { number: OptionNumber.OSCORE, value: encodeOscoreOption({ partialIv, kidContext }) };
  return {
    code: observe ? OuterCode.Content : OuterCode.Changed,
    options: observe ? [observe, header] : [header],
    payload: crypto.seal(keys.aead, keys.senderKey, nonce, aad, encodePlaintext(code, inner, payload)),
  };
}

/** Opens a request (RFC 8613 §8.2): the plaintext, or undefined when it is not of who holds the context. */
export function openRequest(
  crypto: OscoreCrypto,
  aead: number,
  keys: Pick<SecurityContext['keys'], 'aead' | 'recipientKey' | 'commonIv'>,
  { kid, partialIv }: RequestBinding,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const nonce = aeadNonce(keys.commonIv, kid, partialIv);
  return crypto.open(keys.aead, keys.recipientKey, nonce, additionalData(aead, kid, partialIv), sealed);
}

/** Opens a response (RFC 8613 §8.4). @param partialIv of the response itself, if it has one */
export function openResponse(
  crypto: OscoreCrypto,
  { credentials, keys }: Pick<SecurityContext, 'credentials' | 'keys'>,
  binding: RequestBinding,
  partialIv: Uint8Array | undefined,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const nonce =
    partialIv === undefined
      ? aeadNonce(keys.commonIv, binding.kid, binding.partialIv)
      : aeadNonce(keys.commonIv, credentials.recipientId, partialIv);
  const aad = additionalData(credentials.aead, binding.kid, binding.partialIv);
  return crypto.open(keys.aead, keys.recipientKey, nonce, aad, sealed);
}

/**
 * The message that was protected: the header of `outer`, code, options and payload of the plaintext (RFC 8613 §5.3), and of the
 * Outer options those that are not for the other end but for proxies. Undefined when the plaintext is no message.
 */
export function decryptedMessage(outer: Message, plaintext: Uint8Array, maximumOptions: number): Message | undefined {
  if (plaintext.length === 0) return undefined;
  const head = 4 + outer.tokenLength;
  const bytes = new Uint8Array(head + plaintext.length - 1);
  bytes.set(outer.bytes.subarray(1, head), 1);
  // Over streams (RFC 8323) the first byte has no version.
  bytes[0] = 0x40 | (outer.type << 4) | outer.tokenLength;
  bytes[1] = plaintext[0]!;
  bytes.set(plaintext.subarray(1), head);
  const decoded = decodeMessage(bytes, maximumOptions);
  // §4.1.3.7: OSCORE within OSCORE is not supported.
  if (!decoded.ok || decoded.value.code === 0 || hasOption(decoded.value, OptionNumber.OSCORE)) return undefined;
  return decoded.value;
}

/** The request with the Outer options of `outer` that are Class U, unless it has its own. */
export function withOuterOptions(inner: Message, outer: Message, maximumOptions: number): Message | undefined {
  const cursor = new OptionCursor();
  let options: readonly Option[] | undefined;
  cursor.reset(outer);
  while (cursor.next()) {
    const { number, start, end } = cursor;
    if (!classU.has(number) || hasOption(inner, number)) continue;
    options = [...(options ?? inner.options), { number, value: outer.bytes.subarray(start, end) }];
  }
  if (options === undefined) return inner;
  return rewritten(
    inner,
    options.toSorted((a, b) => a.number - b.number),
    maximumOptions,
  );
}

/** A message with other options. */
export function rewritten(message: Message, options: readonly Option[], maximumOptions: number): Message | undefined {
  const { type, code, messageId, token, payload } = message;
  const decoded = decodeMessage(encodeMessage({ type, code, messageId, token, options, payload }), maximumOptions);
  return decoded.ok ? decoded.value : undefined;
}

const none: readonly Option[] = [];
const scan = new OptionCursor();

/** The value of the first option with `number`, without making them all. */
export function optionOf(message: Message, number: number): Uint8Array | undefined {
  scan.reset(message);
  while (scan.next() && scan.number <= number) {
    if (scan.number === number) return message.bytes.subarray(scan.start, scan.end);
  }
  return undefined;
}

function hasOption(message: Message, number: number): boolean {
  return optionOf(message, number) !== undefined;
}

function encodePlaintext(code: number, options: readonly Option[], payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(encodedSize(0, options, payload) - 3);
  bytes[0] = code;
  encodeContent(bytes, 1, options, payload);
  return bytes;
}

/** @throws RangeError when a request with these options cannot be protected */
export function checkRequest(options: readonly Option[]): void {
  splitRequestOptions(options);
}

/** @throws RangeError when a response with these options cannot be protected @returns the Observe option, if there is one */
export function checkedInner(options: readonly Option[]): Option | undefined {
  // §4.1.3.7: nested use of OSCORE is not supported.
  if (findOption(options, OptionNumber.OSCORE) !== undefined) {
    throw new RangeError('a message that is to be protected has no OSCORE option of its own');
  }
  return findOption(options, OptionNumber.Observe);
}

function splitRequestOptions(options: readonly Option[]): { inner: readonly Option[]; outer: readonly Option[] } {
  const observe = checkedInner(options);
  const visible = options.some(({ number }) => classU.has(number))
    ? options.filter(({ number }) => classU.has(number))
    : none;
  // §4.1.3.5.1: Observe goes both ways, with the same value.
  const outer = observe === undefined ? visible : withOption(visible, observe);
  if (visible.length === 0) return { inner: options, outer };
  const inner = options.filter(({ number }) => !classU.has(number));
  const proxyUri = findOption(outer, OptionNumber.ProxyUri);
  return proxyUri === undefined ? { inner, outer } : splitProxyUri(proxyUri, inner, outer);
}

/** RFC 8613 §4.1.3.3: the proxy sees where to, the server alone sees what. */
function splitProxyUri(proxyUri: Option, inner: readonly Option[], outer: readonly Option[]) {
  const uri = parseCoapUri(decodeUtf8(proxyUri.value) ?? '');
  if (!uri.ok) throw new RangeError(uri.error);
  const { scheme, host, port, path, query } = uri.value;
  const visible = textOption(
    OptionNumber.ProxyUri,
    formatCoapUri({ scheme, host, port, path: [], query: [] }).replace(/\/$/, ''),
  );
  const hidden = [
    ...path.map((segment) => textOption(OptionNumber.UriPath, segment)),
    ...query.map((parameter) => textOption(OptionNumber.UriQuery, parameter)),
  ];
  return {
    inner: [...inner, ...hidden].toSorted((a, b) => a.number - b.number),
    outer: withOption(outer, visible),
  };
}
