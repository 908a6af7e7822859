import { formatDuration, milliseconds } from '@yaolian/kernel';
import type { LatencySummary } from './latencies.ts';
import type { FailureCounts, FleetProgress, FleetSummary } from './statistics.ts';

/** `1,234,567` */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** One line about a run, with a bar of the registered terminals. */
export function progressLine(progress: FleetProgress, barWidth = 20): string {
  const { count, registered, rates, failures } = progress;
  const filled = Math.floor((registered / count) * barWidth);
  const parts = [
    `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${grouped(registered)}/${grouped(count)} registered`,
    `${grouped(rates.registrations)} reg/s`,
    `${grouped(rates.updates)} upd/s`,
  ];
  if (progress.notifications > 0) parts.push(`${grouped(rates.notifications)} ntf/s`);
  const latency = progress.updates > 0 ? progress.updateLatency : progress.registrationLatency;
  parts.push(`p50 ${shortLatency(latency.p50)} p99 ${shortLatency(latency.p99)}`);
  const failed = failureText(failures);
  if (failed !== '') parts.push(`failed ${failed}`);
  parts.push(`${progress.phase} ${formatDuration(milliseconds(Math.floor(progress.elapsed / 1000) * 1000)) || '0s'}`);
  return parts.join('  ');
}

/** A run as a table for people. */
export function fleetTable(summary: FleetSummary): string {
  const { registrations, updates, deregistrations, bootstraps, memory, cpu } = summary;
  const megabytes = (bytes: number) => `${grouped(bytes / 1e6)} MB`;
  const rows: [string, string][] = [
    ['server', summary.server],
    ['terminals', `${grouped(summary.count)} (seed ${summary.seed}, sockets: ${summary.sockets})`],
    ['duration', formatDuration(milliseconds(summary.duration))],
    ['registered', grouped(summary.registered)],
  ];
  if (bootstraps.succeeded > 0 || Object.keys(bootstraps.failures).length > 0) {
    rows.push(['bootstraps', withFailures(bootstraps.succeeded, bootstraps.failures)]);
  }
  const rate = registrations.perSecond === undefined ? '' : `, ${grouped(registrations.perSecond)}/s`;
  rows.push(
    ['registrations', withFailures(registrations.succeeded, registrations.failures) + rate],
    ['', latencyText(registrations.latency)],
    ['updates', withFailures(updates.succeeded, updates.failures)],
    ['', latencyText(updates.latency)],
    ['de-registrations', withFailures(deregistrations.succeeded, deregistrations.failures)],
    ['notifications', grouped(summary.notifications)],
    ['operations', failureText(summary.operations) || '0'],
    ['memory', `${megabytes(memory.residentBytes)}, ${grouped(memory.perTerminalBytes / 1000)} KB a terminal`],
    ['CPU', `${formatDuration(milliseconds(cpu.user))} user, ${formatDuration(milliseconds(cpu.system))} system`],
  );
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function withFailures(succeeded: number, failures: FailureCounts): string {
  const failed = failureText(failures);
  return failed === '' ? grouped(succeeded) : `${grouped(succeeded)}, failed ${failed}`;
}

function failureText(counts: FailureCounts): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${reason} × ${grouped(count)}`)
    .join(', ');
}

function latencyText({ p50, p95, p99, maximum }: LatencySummary): string {
  return `p50 ${shortLatency(p50)}  p95 ${shortLatency(p95)}  p99 ${shortLatency(p99)}  max ${shortLatency(maximum)}`;
}

function shortLatency(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`;
  return value >= 10 ? `${Math.round(value)} ms` : `${value.toFixed(1)} ms`;
}
