/** `ann` and `ann@home.example` alike. */
export function localName(text: string, domain: string): string {
  return text.endsWith(`@${domain}`) ? text.slice(0, -domain.length - 1) : text;
}
