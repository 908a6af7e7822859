/**
 * The key under which attempts from a network address are counted: an IPv4 address itself, and of an IPv6 address its first
 * 64 bits, since whoever has one address of such a network has all of them. Other text is its own key.
 */
export function networkKey(host: string): string {
  const text = host.toLowerCase().replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (mapped) return mapped[1]!;
  if (!text.includes(':')) return text;
  const [head = '', tail] = text.split('::');
  const leading = head === '' ? [] : head.split(':');
  const trailing = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - leading.length - trailing.length);
  const groups = [...leading, ...new Array<string>(zeros).fill('0'), ...trailing];
  const network = groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}
