import { language, localeOf } from '../platform/text.ts';

const day = 86_400;

/** What stands below marks on a time axis, seconds since the epoch: the time of day, seconds only where marks are so close, the date where a day begins. */
export function timeMarks(splits: readonly number[]): string[] {
  const step = splits.length > 1 ? splits[1]! - splits[0]! : day;
  const locale = localeOf(language.value);
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: step < 60 ? 'medium' : 'short', hourCycle: 'h23' });
  const date = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
  return splits.map((split) => (step >= day || isMidnight(split) ? date : clock).format(split * 1000));
}

function isMidnight(split: number): boolean {
  const time = new Date(split * 1000);
  return time.getHours() === 0 && time.getMinutes() === 0 && time.getSeconds() === 0;
}
