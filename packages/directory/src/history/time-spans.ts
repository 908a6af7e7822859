const day = 86_400_000;

/** Begins of the spans of a length: that of the span that a time (milliseconds since the epoch) is in. */
export type SpanStart = (time: number) => number;

/**
 * Spans of `every` milliseconds since the epoch. In a zone of the IANA database they are whole days, which begin at midnight there:
 * where the clock is put forward or back such a day is shorter or longer.
 * @throws RangeError when the spans are shorter than 1 ms, the zone is unknown, or `every` is not whole days in a zone
 */
export function spanStarts(every: number, zone?: string): SpanStart {
  if (!(every >= 1)) throw new RangeError(`a span has at least 1 ms, not ${every}`);
  if (zone === undefined) return (time) => Math.floor(time / every) * every;
  if (every % day !== 0) throw new RangeError(`spans in a time zone are whole days, not ${every} ms`);
  return daysIn(zone, every / day);
}

export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/** Spans of some days; days are counted from 1970-01-01 there. */
function daysIn(zone: string, days: number): SpanStart {
  const offsetAt = zoneOffset(zone);
  // Points come in order: most are in the span of the one before.
  let start = 0;
  let end = 0;
  return (time) => {
    if (time >= start && time < end) return start;
    const number = Math.floor((time + offsetAt(time)) / (days * day)) * days;
    start = beginOfDay(number, offsetAt);
    end = beginOfDay(number + days, offsetAt);
    return start;
  };
}

/** When day `number` since 1970-01-01 begins; where a clock skips midnight, when it is later for the first time. */
function beginOfDay(number: number, offsetAt: (time: number) => number): number {
  const local = number * day;
  // The clock may be put between midnight and where a first guess looks: the offsets on both sides are candidates.
  const candidates = [offsetAt(local - day), offsetAt(local + day)].map((offset) => local - offset);
  const exact = candidates.filter((time) => time + offsetAt(time) === local);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}

/** How far the clocks of a zone are ahead of UTC at a time, in milliseconds. @throws RangeError for a zone that is none */
export function zoneOffset(zone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', era: 'short' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  return (time) => {
    const told = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const number = (type: string) => Number(told[type]);
    const local = new Date(0);
    local.setUTCFullYear(
      told['era'] === 'BC' ? 1 - number('year') : number('year'),
      number('month') - 1,
      number('day'),
    );
    local.setUTCHours(number('hour'), number('minute'), number('second'));
    return local.getTime() - Math.floor(time / 1000) * 1000;
  };
}
