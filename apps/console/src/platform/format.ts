import { language, localeOf, translate } from './text.ts';

/** 12:34:56, of today; otherwise with the date. */
export function formatTime(time: string | number | Date): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(localeOf(language.value), {
    // In words where 04/12 is another day in another country.
    ...(isToday ? {} : { year: 'numeric', month: language.value === 'zh' ? '2-digit' : 'short', day: '2-digit' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}

/** The whole of it, for titles and details. */
export function formatFullTime(time: string | number | Date): string {
  return new Date(time).toLocaleString(localeOf(language.value), {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
}

const steps = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "3 minutes ago", "in 2 hours". */
export function formatRelative(time: string | number | Date, now = Date.now()): string {
  const distance = (new Date(time).getTime() - now) / 1000;
  const [unit, length] = steps.find((step) => Math.abs(distance) >= step[1]) ?? steps[3];
  const format = new Intl.RelativeTimeFormat(localeOf(language.value), { numeric: 'auto' });
  return format.format(Math.trunc(distance / length), unit);
}

/** Seconds as "1 d 2 h", at most two units. */
export function formatSeconds(total: number): string {
  const parts: string[] = [];
  let rest = Math.floor(total);
  for (const [unit, length] of steps) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(translate(`unit.${unit}`, { count }));
  }
  return parts.length === 0 ? translate('unit.second', { count: 0 }) : parts.slice(0, 2).join(' ');
}

export function formatNumber(value: number): string {
  return value.toLocaleString(localeOf(language.value), { maximumFractionDigits: 6 });
}

/** How many a second: "0", "0.4", "12", "3,400". */
export function formatRate(value: number): string {
  return value.toLocaleString(localeOf(language.value), { maximumFractionDigits: value < 10 ? 1 : 0 });
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB'];

export function formatBytes(count: number): string {
  const step = Math.min(byteUnits.length - 1, Math.floor(Math.log2(Math.max(count, 1)) / 10));
  const value = count / 1024 ** step;
  return `${value.toLocaleString(localeOf(language.value), { maximumFractionDigits: value < 10 && step > 0 ? 1 : 0 })} ${byteUnits[step]}`;
}
