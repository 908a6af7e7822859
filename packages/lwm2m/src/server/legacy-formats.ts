/**
 * Content-Format numbers of drafts of LwM2M 1.0, which terminals in the field still send: 1541 stood for text, and some put
 * it on link-format; 1542 for TLV, 1543 for JSON, 1544 for opaque.
 */
export const legacyLinkFormat = 1541;
export const legacyTlvFormat = 1542;
export const legacyJsonFormat = 1543;

/** True for a label that says little about what is in the payload. */
export function isLegacyFormat(contentFormat: number): boolean {
  return contentFormat >= 1541 && contentFormat <= 1544;
}
