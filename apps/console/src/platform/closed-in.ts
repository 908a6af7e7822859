/** Letters that are written from right to left, and marks that turn the direction (UAX #9). */
const turning = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;
const overrides = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * What a device calls itself, so that it turns nothing around that stands beside it: marks that could are shown, as U+FFFD, and letters from
 * right to left are isolated. Without, `\u202egnp.exe` reads `exe.png`, and so does the sentence that it stands in.
 */
export function closedIn(text: string): string {
  return turning.test(text) ? `\u2068${text.replace(overrides, '\ufffd')}\u2069` : text;
}
