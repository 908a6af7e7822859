import type { DeviceStore } from '@yaolian/directory';
import { type Log, type Meter, YaolianError } from '@yaolian/kernel';
import { lwm2mPath } from '@yaolian/lwm2m';
import type { Lwm2mServer, Registration } from '@yaolian/lwm2m/server';

export interface ModelReaderOptions {
  readonly server: Pick<Lwm2mServer, 'events' | 'registration' | 'objectLinks' | 'read'>;
  readonly store: Pick<DeviceStore, 'device'>;
  readonly log: Log;
  readonly meter: Meter;
  /** Terminals that are asked at once. */
  readonly atOnce: number;
  /** Terminals that may wait for their turn; of more the model is not read until they register again. */
  readonly maximumWaiting: number;
}

const deviceObject = 3;

/**
 * Reads object 3 of terminals that registered and have not said yet what model they are, so that lists and the overview know
 * vendor, model and firmware version of every device (OMA LwM2M Core §E.4). What comes back is kept as of any read. A terminal
 * that does not answer is asked again when it registers again.
 */
export class ModelReader {
  readonly #options: ModelReaderOptions;
  readonly #waiting = new Set<string>();
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #unlisten: () => void = () => {};

  constructor(options: ModelReaderOptions) {
    this.#options = options;
    options.meter.gauge('lwm2m_models_waiting', 'Terminals whose object 3 is to be read', () => this.waiting);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  start(): void {
    this.#unlisten = this.#options.server.events.on('registered', ({ registration }) => this.#ask(registration));
  }

  async close(): Promise<void> {
    this.#unlisten();
    this.#waiting.clear();
    this.#abort.abort();
    await Promise.all(this.#running);
  }

  #ask({ deviceKey }: Registration): void {
    if (this.#waiting.size >= this.#options.maximumWaiting) return;
    this.#waiting.add(deviceKey);
    this.#next();
  }

  #next(): void {
    for (const deviceKey of this.#waiting) {
      if (this.#running.size >= this.#options.atOnce) return;
      this.#waiting.delete(deviceKey);
      const running = this.#read(deviceKey).finally(() => {
        this.#running.delete(running);
        this.#next();
      });
      this.#running.add(running);
    }
  }

  async #read(deviceKey: string): Promise<void> {
    const { server, store, log } = this.#options;
    try {
      if ((await store.device(deviceKey))?.facts?.model !== undefined) return;
      const registration = server.registration({ deviceKey });
      if (!registration || server.objectLinks(registration)?.objects.has(deviceObject) !== true) return;
      await server.read(registration, lwm2mPath(deviceObject, 0), { signal: this.#abort.signal });
    } catch (error) {
      if (!(error instanceof YaolianError)) throw error;
      log.debug('the model of a terminal was not read', { device: deviceKey, error });
    }
  }
}
