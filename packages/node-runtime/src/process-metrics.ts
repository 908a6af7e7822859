import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Meter } from '@yaolian/kernel';

const nanosecondsPerSecond = 1e9;

/** Adds what an operator asks of any process: memory, CPU, how late the event loop is, since when it runs. */
export function measureProcess(meter: Meter): void {
  meter.gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss());
  meter.gauge('nodejs_heap_used_bytes', 'JavaScript heap in use', () => process.memoryUsage().heapUsed);
  meter.gauge(
    'nodejs_external_memory_bytes',
    'Memory of buffers outside of the heap',
    () => process.memoryUsage().external,
  );
  meter.gauge('process_cpu_seconds', 'CPU time used, user and system', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  meter.gauge('process_start_time_seconds', 'When the process started, since 1970', () => {
    return Math.round(Date.now() / 1000 - process.uptime());
  });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  meter.gauge('nodejs_eventloop_delay_p99_seconds', 'Delay of the event loop since it was last read', () => {
    const seconds = delay.percentile(99) / nanosecondsPerSecond;
    delay.reset();
    return seconds;
  });
}
