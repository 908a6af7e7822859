const base = 36;
const tMin = 1;
const tMax = 26;
const skew = 38;
const damp = 700;
const initialBias = 72;
const initialN = 0x80;

/** RFC 3492 §6.2. Undefined when `text` is not Punycode of lower-case digits. */
export function decodePunycode(text: string): string | undefined {
  const delimiter = text.lastIndexOf('-');
  const output = delimiter > 0 ? [...text.slice(0, delimiter)] : [];
  let position = delimiter > 0 ? delimiter + 1 : 0;
  let n = initialN;
  let i = 0;
  let bias = initialBias;
  while (position < text.length) {
    const start = i;
    let weight = 1;
    for (let k = base; ; k += base) {
      const digit = digitOf(text.charCodeAt(position++));
      if (digit === undefined) return undefined;
      i += digit * weight;
      const threshold = Math.min(tMax, Math.max(tMin, k - bias));
      if (digit < threshold) break;
      weight *= base - threshold;
      if (weight > 2 ** 31 || i > 2 ** 31) return undefined;
    }
    const count = output.length + 1;
    bias = adapt(i - start, count, start === 0);
    n += Math.floor(i / count);
    i %= count;
    if (n > 0x10ffff || (n >= 0xd800 && n <= 0xdfff)) return undefined;
    output.splice(i++, 0, String.fromCodePoint(n));
  }
  return output.join('');
}

function digitOf(code: number): number | undefined {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61;
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 26;
  return undefined;
}

/** RFC 3492 §6.1. */
function adapt(change: number, count: number, first: boolean): number {
  let delta = Math.floor(change / (first ? damp : 2));
  delta += Math.floor(delta / count);
  let k = 0;
  for (; delta > ((base - tMin) * tMax) / 2; k += base) delta = Math.floor(delta / (base - tMin));
  return k + Math.floor(((base - tMin + 1) * delta) / (delta + skew));
}
