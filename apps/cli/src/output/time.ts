import { formatDuration, milliseconds } from '@yaolian/kernel';

/** `2026-01-31 09:15:30`, in the time zone of this machine. */
export function localTime(iso: string): string {
  const time = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** `09:15:30` */
export function localClock(iso: string): string {
  return localTime(iso).slice(11);
}

/** `3m12s ago`, `in 23h59m`, `now`. */
export function relativeTime(iso: string, now: number): string {
  const distance = Math.round((Date.parse(iso) - now) / 1000) * 1000;
  if (distance === 0) return 'now';
  const length = formatDuration(milliseconds(Math.abs(distance)));
  return distance < 0 ? `${length} ago` : `in ${length}`;
}
