import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { type Duration, type Meter, seconds, type Timer, type Timers } from '@yaolian/kernel';

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

const resolution = 10;

/** How late the event loop is, in windows: the last whole one tells, so that two who look see the same. */
export class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution });
  readonly #timers: Timers;
  readonly #window: Duration;
  #timer: Timer | undefined;
  #p99 = 0;

  /** @param window default 10 s */
  constructor(timers: Timers, window: Duration = seconds(10)) {
    this.#timers = timers;
    this.#window = window;
    this.#histogram.enable();
    this.#schedule();
  }

  /** Seconds that 99 of 100 looks were late at most; the present window counts when it is worse than the last whole one. */
  get p99(): number {
    return Math.max(this.#p99, this.#read());
  }

  close(): void {
    this.#timer?.cancel();
    this.#histogram.disable();
  }

  #read(): number {
    // Node measures from one look to the next: the time between two that are not late is no delay.
    return Math.max(0, this.#histogram.percentile(99) / nanosecondsPerSecond - resolution / 1000);
  }

  #schedule(): void {
    this.#timer = this.#timers.schedule(this.#window, () => {
      this.#p99 = this.#read();
      this.#histogram.reset();
      this.#schedule();
    });
  }
}

/** Bytes: of the process, of its JavaScript heap, and what that may grow to. */
export function processMemory(): { readonly resident: number; readonly heap: number; readonly heapLimit: number } {
  const { rss, heapUsed } = process.memoryUsage();
  return { resident: rss, heap: heapUsed, heapLimit: getHeapStatistics().heap_size_limit };
}
