import type { JsonStatus } from '@yaolian/contract';
import { useRef } from 'preact/hooks';

export interface Rates {
  /** Both a second. */
  readonly registrations: number;
  readonly messages: number;
}

interface Sample {
  readonly uptime: number;
  readonly registrations: number;
  readonly messages: number;
}

/** What happens now, a second: between the last two answers that the platform gave. Undefined until there are two. */
export function useRates(status: JsonStatus): Rates | undefined {
  const last = useRef<{ readonly status: JsonStatus; readonly sample: Sample; readonly rates?: Rates }>(undefined);
  if (last.current?.status !== status) {
    const sample = sampleOf(status);
    const rates = last.current && ratesBetween(last.current.sample, sample);
    last.current = { status, sample, ...(rates && { rates }) };
  }
  return last.current.rates;
}

/** Everything that devices said, and every request that they were asked. */
function sampleOf({ uptime, counters }: JsonStatus): Sample {
  const messages = Object.entries(counters)
    .filter(([name]) => /^(messages|operations|refused)\./.test(name))
    .reduce((sum, [, count]) => sum + count, 0);
  return { uptime, registrations: counters['messages.registered'] ?? 0, messages };
}

/** Undefined where the platform has restarted between them, or too little time passed. */
function ratesBetween(before: Sample, now: Sample): Rates | undefined {
  const passed = now.uptime - before.uptime;
  if (passed <= 0) return undefined;
  return {
    registrations: Math.max(0, now.registrations - before.registrations) / passed,
    messages: Math.max(0, now.messages - before.messages) / passed,
  };
}
