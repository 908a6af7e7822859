declare const durationUnit: unique symbol;

/** A length of time. Build one with {@link milliseconds}, {@link seconds}, …; read one with {@link toMilliseconds}. */
export type Duration = number & { readonly [durationUnit]: 'milliseconds' };

export const zeroDuration = 0 as Duration;

export function milliseconds(count: number): Duration {
  if (!Number.isFinite(count) || count < 0) throw new RangeError(`a duration is a finite number >= 0, not ${count}`);
  return count as Duration;
}

export function seconds(count: number): Duration {
  return milliseconds(count * 1000);
}

export function minutes(count: number): Duration {
  return milliseconds(count * 60_000);
}

export function hours(count: number): Duration {
  return milliseconds(count * 3_600_000);
}

export function days(count: number): Duration {
  return milliseconds(count * 86_400_000);
}

export function toMilliseconds(duration: Duration): number {
  return duration;
}

export function toSeconds(duration: Duration): number {
  return duration / 1000;
}

const unitMilliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const durationText = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/**
 * Parses `250ms`, `30s`, `15m`, `24h`, `1h30m`.
 * @throws RangeError that says what is right when the text is anything else.
 */
export function parseDuration(text: string): Duration {
  if (!durationText.test(text)) {
    throw new RangeError(`"${text}" is not a duration; write a number with a unit, such as 250ms, 30s, 15m or 24h`);
  }
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(count) * unitMilliseconds[unit!]!;
  }
  return milliseconds(Math.round(total * 1000) / 1000); // 2.046s is 2046 ms, not 2045.9999999999998
}

/** The shortest text that {@link parseDuration} reads back, with at most two units: `1h30m`, `2.5s`, `0s`. */
export function formatDuration(duration: Duration): string {
  let rest = Math.round(duration);
  if (rest < 1000 && rest > 0) return `${rest}ms`;
  if (rest < 60_000) return `${rest / 1000}s`;
  const parts: string[] = [];
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const size = unitMilliseconds[unit]!;
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
    if (parts.length === 2) break;
  }
  return parts.join('');
}
