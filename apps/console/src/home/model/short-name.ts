/** `lamp` of `lamp@home.example`. */
export function shortName(address: string): string {
  return address.replace(/@[^@]*$/, '');
}
