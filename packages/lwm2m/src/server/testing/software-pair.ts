import { blockOption, Code, createCoapEndpoint, OptionNumber, requestedBlock } from '@yaolian/coap';
import { seconds } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import {
  coapFetcher,
  MemoryPackageStore,
  type MemoryPackageStoreOptions,
  plainConnector,
  SoftwareComponent,
  type SoftwareComponentOptions,
  softwareComponents,
} from '../../client/index.ts';
import { nodeValues } from '../../index.ts';
import { at } from './firmware-pair.ts';
import { Pair, reference } from './pair.ts';

export interface SoftwareTestOptions {
  readonly store?: MemoryPackageStoreOptions;
  readonly outcome?: 'installed' | 'failed';
  readonly component?: Partial<SoftwareComponentOptions>;
}

/** A pair whose terminal has object 9 with no instance yet but those that are added, and a file server beside them. */
export class SoftwarePair {
  readonly pair: Pair;
  readonly components: SoftwareComponent[] = [];
  readonly done: string[] = [];
  readonly seen: string[] = [];
  /** What the file server has; undefined: it is silent. */
  file: Uint8Array | undefined;
  /** The numbers of the blocks that were asked for. */
  readonly blocks: number[] = [];
  /** From this block on the file server is silent. */
  silentFrom = Number.POSITIVE_INFINITY;
  readonly #options: SoftwareTestOptions;

  private constructor(pair: Pair, options: SoftwareTestOptions) {
    this.pair = pair;
    this.#options = options;
    const { time, network } = pair.world;
    const port = network.port('203.0.113.9', 5683);
    const files = createCoapEndpoint({ port, clock: time, timers: time, random: new SeededRandom(5) });
    files.handle((request) => {
      const { file } = this;
      const block = requestedBlock(request)!;
      this.blocks.push(block.number);
      if (!file || block.number >= this.silentFrom) return new Promise(() => {});
      const start = block.number * block.size;
      const more = start + block.size < file.length;
      const options = [blockOption(OptionNumber.Block2, { ...block, more })] as const;
      const payload = file.subarray(start, start + block.size);
      return { code: Code.Content, etag: Uint8Array.of(1), options, payload };
    });
  }

  static async open(options: SoftwareTestOptions = {}): Promise<SoftwarePair> {
    const self = new SoftwarePair(await Pair.open(), options);
    self.pair.client.add(softwareComponents((id) => self.component({ id }), { maximumInstances: 2 }));
    await self.pair.world.settle();
    return self;
  }

  /** A component of the terminal; hand its instance to the client. */
  component(more: Partial<SoftwareComponentOptions> = {}): SoftwareComponent {
    const { time } = this.pair.world;
    const later = <T>(value: T) => new Promise<T>((resolve) => time.schedule(seconds(5), () => resolve(value)));
    const component = new SoftwareComponent({
      store: new MemoryPackageStore({ verify: () => ({ name: 'app', version: '2.0' }), ...this.#options.store }),
      fetchers: { coap: coapFetcher(plainConnector(this.pair.terminalEndpoint)) },
      timers: time,
      resumptions: 1,
      installer: {
        install: (resumed) => {
          this.done.push(resumed ? 'install again' : 'install');
          return later(this.#options.outcome ?? 'installed');
        },
        uninstall: (forUpdate) => {
          this.done.push(forUpdate ? 'uninstall for an update' : 'uninstall');
          return later('uninstalled');
        },
        activate: (active) => {
          this.done.push(active ? 'activate' : 'deactivate');
          return true;
        },
      },
      onState: (state, result) => this.seen.push(`${state}/${result}`),
      ...this.#options.component,
      ...more,
    });
    this.components.push(component);
    return component;
  }

  /** Name, version, state, result and activation of an instance, as the server reads them. */
  async look(path = '/9/0'): Promise<readonly unknown[]> {
    const answer = await this.pair.until(this.pair.server.read(reference, at(path)));
    if (!answer.ok) return [answer.error.code];
    const values = new Map([...nodeValues(at(path), answer.value.node)].map((one) => [one.path.resourceId, one.value]));
    return [0, 1, 7, 9, 12].map((id) => values.get(id));
  }
}
