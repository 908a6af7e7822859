import assert from 'node:assert/strict';
import {
  blockOption,
  Code,
  createCoapEndpoint,
  formatCode,
  OptionNumber,
  type OutgoingResponse,
  requestedBlock,
} from '@yaolian/coap';
import { seconds } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import {
  coapFetcher,
  FirmwareUpdate,
  type FirmwareUpdateOptions,
  MemoryPackageStore,
  type MemoryPackageStoreOptions,
  plainConnector,
} from '../../client/index.ts';
import { nodeValues, parsePath, singleResource } from '../../index.ts';
import type { Answer, Done } from '../operation-types.ts';
import { Pair, type PairOptions, reference } from './pair.ts';

export const at = (text: string) => {
  const path = parsePath(text);
  assert.ok(path.ok);
  return path.value;
};

export const body = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
export const source = (bytes: Uint8Array) => ({
  length: bytes.length,
  read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
});

export interface TestOptions {
  readonly store?: MemoryPackageStoreOptions;
  readonly install?: 'installed' | 'failed';
  readonly firmware?: Partial<FirmwareUpdateOptions>;
  readonly pair?: PairOptions;
}

/** A pair whose terminal has object 5, and a file server beside them. */
export class FirmwarePair {
  readonly pair: Pair;
  readonly firmware: FirmwareUpdate;
  readonly store: MemoryPackageStore;
  /** What the file server answers; undefined: it is silent. */
  serve: (path: string, request: Parameters<typeof requestedBlock>[0]) => OutgoingResponse | undefined;
  asked = 0;
  readonly seen: string[] = [];

  private constructor(pair: Pair, options: TestOptions) {
    this.pair = pair;
    const { time, network } = pair.world;
    this.serve = () => ({ code: Code.NotFound });
    const port = network.port('203.0.113.9', 5683);
    const files = createCoapEndpoint({ port, clock: time, timers: time, random: new SeededRandom(5) });
    files.handle((request) => {
      this.asked++;
      return this.serve(request.path.join('/'), request) ?? new Promise(() => {});
    });
    this.store = new MemoryPackageStore(options.store);
    this.firmware = new FirmwareUpdate({
      store: this.store,
      fetchers: { coap: coapFetcher(plainConnector(pair.terminalEndpoint)) },
      clock: time,
      timers: time,
      installer: {
        install: () =>
          new Promise((resolve) => time.schedule(seconds(5), () => resolve(options.install ?? 'installed'))),
      },
      resumptions: 1,
      onState: (state, result) => this.seen.push(`${state}/${result}`),
      ...options.firmware,
    });
    pair.client.add(this.firmware.instance);
  }

  static async open(options: TestOptions = {}): Promise<FirmwarePair> {
    return new FirmwarePair(await Pair.open(options.pair), options);
  }

  async look(): Promise<readonly [state: unknown, result: unknown]> {
    const answer = await this.pair.until(this.pair.server.read(reference, at('/5/0')));
    assert.ok(answer.ok);
    const values = new Map(
      [...nodeValues(at('/5/0'), answer.value.node)].map((one) => [one.path.resourceId, one.value]),
    );
    return [values.get(3), values.get(5)];
  }

  push(bytes: Uint8Array): Promise<Answer<Done>> {
    return this.pair.until(this.pair.server.writeBody(reference, at('/5/0/0'), source(bytes)));
  }

  writeUri(uri: string): Promise<Answer<Done>> {
    const node = singleResource(1, 'string', uri);
    return this.pair.until(this.pair.server.write(reference, at('/5/0/1'), node));
  }

  execute(path: string): Promise<Answer<Done>> {
    return this.pair.until(this.pair.server.execute(reference, at(path)));
  }

  /** Serves `bytes` as a file. */
  serveFile(bytes: Uint8Array, etag = Uint8Array.of(1)): void {
    this.serve = (_, request) => {
      const block = requestedBlock(request)!;
      const start = block.number * block.size;
      const more = start + block.size < bytes.length;
      const options = [blockOption(OptionNumber.Block2, { ...block, more })] as const;
      return { code: Code.Content, etag, options, payload: bytes.subarray(start, start + block.size) };
    };
  }
}

export const code = (answer: Answer<Done>) => formatCode(answer.ok ? answer.value.code : answer.error.code);
export const uri = 'coap://203.0.113.9/fw/1';
