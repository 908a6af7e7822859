import { type SettingName, settingNames } from './settings.ts';

/** Something in the configuration that is wrong, as one sentence for people. */
export interface ConfigMistake {
  /** `coap.port` in /etc/yaolian.yaml line 3, the variable YAOLIAN_COAP_PORT, the flag --coap-port. */
  readonly where: string;
  readonly message: string;
}

/** What one source sets: values read and checked, with the place that each came from. */
export interface Layer {
  readonly values: ReadonlyMap<SettingName, { readonly value: unknown; readonly from: string }>;
  readonly mistakes: readonly ConfigMistake[];
}

/** `"abc" is not good: it must be …`, with long values cut. */
export function describeWrong(value: unknown, right: string): string {
  const shown = JSON.stringify(value) ?? String(value);
  return `${shown.length > 60 ? `${shown.slice(0, 57)}…` : shown} is not right: it must be ${right}`;
}

/** The candidate closest to `word` when it is close enough to be a slip of the hand. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 4)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.slice(0, 64), candidate);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** `did you mean …?`, or where to look when nothing is near. */
export function suggestion(word: string, candidates: readonly string[], list: string): string {
  const near = nearest(word, candidates);
  return near === undefined ? list : `did you mean ${near}?`;
}

export function isSettingName(name: string): name is SettingName {
  return (settingNames as readonly string[]).includes(name);
}
