import { decodeBase64 } from '@yaolian/kernel';

/** Bytes of one message of SCRAM at most. */
export const maxScramMessage = 4096;

/** What the client says about channel binding (RFC 5802 §6): none, none offered by the server, or which. */
export type Gs2Binding = 'n' | 'y' | { readonly type: string };

export interface ClientFirst {
  readonly binding: Gs2Binding;
  /** As it was sent, with both commas: it comes again in the final message. */
  readonly header: string;
  readonly authorizationId: string | undefined;
  /** Not prepared. */
  readonly username: string;
  readonly nonce: string;
  /** Everything after the header: part of what is signed. */
  readonly bare: string;
}

// RFC 5802 §7: printable ASCII but the comma.
const nonceText = /^[!-+\--~]+$/;

/** `client-first-message` of RFC 5802 §7. Extensions, of which there are none, are passed over. */
export function decodeClientFirst(text: string): ClientFirst | undefined {
  const parts = /^(n|y|p=([A-Za-z0-9.-]+)),(?:a=([^,]+))?,(n=([^,]+),r=([^,]+)(?:,[A-Za-z]=[^,]*)*)$/s.exec(text);
  if (parts === null) return undefined;
  const [, flag, type, authorization, bare, name, nonce] = parts;
  const username = unescapeName(name!);
  const authorizationId = authorization === undefined ? undefined : unescapeName(authorization);
  if (username === undefined || !nonceText.test(nonce!)) return undefined;
  if (authorization !== undefined && authorizationId === undefined) return undefined;
  return {
    binding: type === undefined ? (flag as 'n' | 'y') : { type },
    header: text.slice(0, text.length - bare!.length),
    authorizationId,
    username,
    nonce: nonce!,
    bare: bare!,
  };
}

export interface ClientFinal {
  /** GS2 header and data of the channel, as the client saw them. */
  readonly binding: Uint8Array;
  readonly nonce: string;
  readonly proof: Uint8Array;
  readonly withoutProof: string;
}

/** `client-final-message` of RFC 5802 §7. */
export function decodeClientFinal(text: string): ClientFinal | undefined {
  const parts = /^(c=([^,]+),r=([^,]+)(?:,[A-Za-z]=[^,]*)*),p=([^,]+)$/s.exec(text);
  if (parts === null) return undefined;
  const binding = decodeBase64(parts[2]!);
  const proof = decodeBase64(parts[4]!);
  if (binding === undefined || proof === undefined) return undefined;
  return { binding, nonce: parts[3]!, proof, withoutProof: parts[1]! };
}

export interface ServerFirst {
  readonly nonce: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** XEP-0474: hash over mechanisms and channel binding types that the server offered. */
  readonly offered: Uint8Array | undefined;
}

/** `server-first-message` of RFC 5802 §7. A mandatory extension (`m=`) makes it unreadable. */
export function decodeServerFirst(text: string): ServerFirst | undefined {
  const parts = /^r=([^,]+),s=([^,]+),i=([1-9][0-9]{0,9})((?:,[A-Za-z]=[^,]*)*)$/s.exec(text);
  if (parts === null) return undefined;
  const salt = decodeBase64(parts[2]!);
  if (salt === undefined || !nonceText.test(parts[1]!)) return undefined;
  const hash = /,h=([^,]*)/.exec(parts[4]!)?.[1];
  const offered = hash === undefined ? undefined : decodeBase64(hash);
  if (hash !== undefined && offered === undefined) return undefined;
  return { nonce: parts[1]!, salt, iterations: Number(parts[3]), offered };
}

/** `saslname` of RFC 5802 §7. */
export function escapeName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

function unescapeName(text: string): string | undefined {
  if (/=(?!2C|3D)/.test(text)) return undefined;
  return text.replaceAll('=2C', ',').replaceAll('=3D', '=');
}

/** What XEP-0474 §6.1 (version 0.5.0) hashes: sorted lists, items parted by 0x1e, the lists by 0x1f. */
export function offeredText(mechanisms: readonly string[], types: readonly string[]): string {
  const list = (items: readonly string[]) => [...items].sort().join('\x1e');
  return types.length === 0 ? list(mechanisms) : `${list(mechanisms)}\x1f${list(types)}`;
}
