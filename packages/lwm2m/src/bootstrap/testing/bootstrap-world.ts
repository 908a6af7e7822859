import { type CoapEndpoint, createCoapEndpoint, ResourceTree } from '@yaolian/coap';
import { failure, seconds, success } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { type NetworkConditions, SeededRandom, SimulatedNetwork, VirtualTime } from '@yaolian/testkit';
import type { EnrolmentProfile } from '../../server/enrolment.ts';
import { ScriptedTerminal } from '../../server/testing/scripted-terminal.ts';
import { serverAddress } from '../../server/testing/world.ts';
import { BootstrapServer } from '../bootstrap-server.ts';
import { type BootstrapConfig, type BootstrapConfigStore, MemoryBootstrapConfigStore } from '../config.ts';
import type { BootstrapEvent, BootstrapFinishedEvent } from '../events.ts';
import type { BootstrapBehaviour, BootstrapLimits, BootstrapPreparation } from '../options.ts';

export interface BootstrapWorldOptions {
  readonly config?: BootstrapConfig;
  readonly configs?: BootstrapConfigStore;
  readonly profile?: Pick<EnrolmentProfile, 'enrol'>;
  readonly prepare?: BootstrapPreparation;
  readonly conditions?: NetworkConditions;
  readonly limits?: Partial<BootstrapLimits>;
  readonly behaviour?: Partial<BootstrapBehaviour>;
  readonly seed?: number;
}

/** Everybody but those whose names start with `bad`; the device is what stands before the first `;`. */
const profile: Pick<EnrolmentProfile, 'enrol'> = {
  enrol: ({ endpoint }) =>
    endpoint.startsWith('bad')
      ? failure({ code: 0x83, reason: 'not on the allow-list' })
      : success({ deviceKey: endpoint.split(';')[0]! }),
};

/** A bootstrap server and its terminals on a simulated network, in virtual time. */
export class BootstrapWorld {
  readonly time = new VirtualTime();
  readonly random: SeededRandom;
  readonly network: SimulatedNetwork;
  readonly configs: BootstrapConfigStore;
  readonly server: BootstrapServer;
  readonly endpoint: CoapEndpoint;
  readonly events: BootstrapEvent[] = [];
  #terminals = 0;

  constructor(options: BootstrapWorldOptions = {}) {
    const { time } = this;
    this.random = new SeededRandom(options.seed ?? 1);
    const { random } = this;
    this.network = new SimulatedNetwork({ timers: time, random, conditions: options.conditions ?? {} });
    this.configs = options.configs ?? new MemoryBootstrapConfigStore();
    if (options.config) void this.configs.put(undefined, options.config);
    const port = this.network.port(serverAddress.host, serverAddress.port);
    this.endpoint = createCoapEndpoint({ port, clock: time, timers: time, random });
    this.server = new BootstrapServer({
      configs: this.configs,
      profile: options.profile ?? profile,
      ...(options.prepare && { prepare: options.prepare }),
      model: omaObjects,
      clock: time,
      timers: time,
      limits: options.limits ?? {},
      behaviour: options.behaviour ?? {},
    });
    this.server.events.onAny((event) => void this.events.push(event));
    const tree = new ResourceTree();
    for (const { path, handler } of this.server.mounts(this.endpoint)) tree.mount(path, handler);
    this.endpoint.handle(tree.handle);
  }

  terminal(): ScriptedTerminal {
    const { time, random } = this;
    const port = this.network.port(`198.51.100.${++this.#terminals}`, 56_830);
    return new ScriptedTerminal(createCoapEndpoint({ port, clock: time, timers: time, random }), serverAddress);
  }

  /** What became of the sessions so far. */
  get finished(): readonly BootstrapFinishedEvent[] {
    return this.events.filter((event) => event.type === 'bootstrap-finished');
  }

  async until<T>(promise: Promise<T>): Promise<T> {
    return this.time.until(promise, seconds(600));
  }

  async settle(): Promise<void> {
    await this.time.advance(seconds(5));
  }
}
