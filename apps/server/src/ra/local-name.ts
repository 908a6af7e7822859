import { prepareLocal } from '@yaolian/xmpp';

/** `ann` and `ann@home.example` alike. */
export function localName(text: string, domain: string): string {
  return text.endsWith(`@${domain}`) ? text.slice(0, -domain.length - 1) : text;
}

/** The name of an account as it is kept (RFC 7622 §3.3), whatever capitals it was typed with; undefined where nobody can have it. */
export function accountName(text: string, domain: string): string | undefined {
  const typed = text.trim();
  const at = typed.lastIndexOf('@');
  return prepareLocal(at >= 0 && typed.slice(at + 1).toLowerCase() === domain ? typed.slice(0, at) : typed);
}
