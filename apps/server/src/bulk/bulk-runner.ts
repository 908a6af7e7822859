import { formatCode } from '@yaolian/coap';
import type { JsonBulkOperation } from '@yaolian/contract';
import type { Begun, Campaign, CampaignRunner, DeviceGroupStore, JobOutcome } from '@yaolian/directory';
import { encodeHex, type Random } from '@yaolian/kernel';
import { formatPath, type Lwm2mNode, nodeToJson, type ObjectModel } from '@yaolian/lwm2m';
import type { Answer, ClientReference, Lwm2mServer, QueuedOperation, QueuedRequest } from '@yaolian/lwm2m/server';
import { pathFrom } from '../api/asked.ts';
import { agreed } from '../api/device-failures.ts';
import { askOrQueue } from '../api/queueing.ts';
import type { DeviceRemoval } from '../fleet/device-removal.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { Accepted } from '../http/mount.ts';
import { Refusal, unfit } from '../http/refusal.ts';
import { nodeFromWriteBody } from '../json/write.ts';

export interface BulkRunnerOptions {
  readonly fleet: Fleet;
  readonly server: Lwm2mServer;
  readonly model: ObjectModel;
  readonly groups: DeviceGroupStore;
  readonly removal: DeviceRemoval;
  readonly random: Random;
}

/** What a campaign of a bulk job is told with each device. */
export interface BulkOptions {
  /** {@link JsonBulkOperation} as JSON. */
  readonly operation: string;
  readonly offline: 'skip' | 'wait';
}

const succeeded: JobOutcome = { state: 'succeeded', reason: undefined };

/** Does one thing with one device after the other: the same operations, and the same queue, as the routes for one device. */
export class BulkRunner implements CampaignRunner {
  readonly #options: BulkRunnerOptions;
  readonly #closing = new AbortController();
  /** Of jobs that ended within their turn, until it is asked for. */
  readonly #ended = new Map<string, JobOutcome>();

  constructor(options: BulkRunnerOptions) {
    this.#options = options;
  }

  /** {@link begin} decides: it knows what the job wants. */
  reachable(): boolean {
    return true;
  }

  async begin({ options }: Campaign, device: string): Promise<Begun> {
    const { operation: text, offline } = options as unknown as BulkOptions;
    const operation = JSON.parse(text) as JsonBulkOperation;
    const isAway = !isOurs(operation) && this.#options.fleet.registration(device) === undefined;
    if (isAway) return offline === 'wait' ? 'later' : { skipped: 'device-not-registered' };
    const job = `d-${encodeHex(this.#options.random.bytes(8))}`;
    try {
      const done = await this.#do(operation, device, this.#closing.signal);
      // What waits for a device that sleeps is durable in the queue, under its number.
      if (done instanceof Accepted) return { job: `q-${done.body.id}` };
      this.#ended.set(job, succeeded);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#ended.set(job, { state: 'failed', reason: reasonOf(error) });
    }
    return { job };
  }

  async outcome(job: string): Promise<JobOutcome | undefined> {
    const id = queuedId(job);
    if (id === undefined) {
      // What was asked when the platform stopped: nobody knows whether the device did it.
      const outcome = this.#ended.get(job) ?? { state: 'failed', reason: 'interrupted' };
      this.#ended.delete(job);
      return outcome;
    }
    const request = await this.#options.server.queue?.find(id);
    return request === undefined ? { state: 'failed', reason: 'device-timeout' } : outcomeOf(request);
  }

  async cancel(job: string): Promise<void> {
    const id = queuedId(job);
    if (id !== undefined) await this.#options.server.queue?.cancel(id);
  }

  close(): void {
    this.#closing.abort(new Error('the platform is closing'));
  }

  async #do(operation: JsonBulkOperation, device: string, signal: AbortSignal): Promise<'done' | Accepted> {
    const { groups, fleet, removal } = this.#options;
    switch (operation.kind) {
      case 'add-to-group':
        await groups.addMembers(operation.group, [device]);
        return 'done';
      case 'remove-from-group':
        await groups.removeMembers(operation.group, [device]);
        return 'done';
      case 'forget': {
        const found = await fleet.find(device);
        if (found) await removal.forget(found);
        return 'done';
      }
      default:
        return askOrQueue<'done'>(this.#options, {
          device,
          query: {},
          signal,
          operation: (model) => queuedOperation(operation, model),
          direct: async (client, model) => {
            await agreed(this.#ask(operation, client, model, signal));
            return 'done';
          },
          answer: () => 'done',
        });
    }
  }

  #ask(
    operation: Exclude<JsonBulkOperation, { readonly kind: OurKind }>,
    client: ClientReference,
    model: ObjectModel,
    signal: AbortSignal,
  ): Promise<Answer<unknown>> {
    const { server } = this.#options;
    const path = pathFrom(operation.kind === 'reboot' ? reboot : operation.path);
    switch (operation.kind) {
      case 'read':
        return server.read(client, path, { signal });
      case 'observe':
        return server.observe(client, path, { signal, standing: true });
      case 'write':
        return server.write(client, path, writtenNode(operation, model), { signal });
      case 'execute':
        return server.execute(client, path, operation.arguments ?? '', { signal });
      default:
        return server.execute(client, path, '', { signal });
    }
  }
}

const reboot = '/3/0/4';
const ourKinds = ['add-to-group', 'remove-from-group', 'forget'] as const;
type OurKind = (typeof ourKinds)[number];

/** Whether it is done here, without asking the device. */
function isOurs({ kind }: JsonBulkOperation): boolean {
  return (ourKinds as readonly string[]).includes(kind);
}

/** @throws Refusal `invalid-path`, `invalid-value` */
export function writtenNode(
  { path, value }: Extract<JsonBulkOperation, { readonly kind: 'write' }>,
  model: ObjectModel,
): Lwm2mNode {
  const node = nodeFromWriteBody(pathFrom(path), { value }, model);
  if (node.ok) return node.value;
  throw unfit('invalid-value', [node.error], `${node.error.message}.`);
}

function queuedOperation(
  operation: Exclude<JsonBulkOperation, { readonly kind: OurKind }>,
  model: ObjectModel,
): QueuedOperation {
  if (operation.kind === 'reboot') return { kind: 'execute', path: reboot };
  const path = formatPath(pathFrom(operation.path));
  switch (operation.kind) {
    case 'write':
      return { kind: 'write', path, node: nodeToJson(writtenNode(operation, model)) };
    case 'execute':
      return { kind: 'execute', path, ...(operation.arguments ? { arguments: operation.arguments } : {}) };
    case 'observe':
      return { kind: 'observe', path, standing: true };
    default:
      return { kind: operation.kind, path };
  }
}

function queuedId(job: string): number | undefined {
  return job.startsWith('q-') ? Number(job.slice(2)) : undefined;
}

/** Undefined while it waits. */
export function outcomeOf({ state, outcome }: QueuedRequest): JobOutcome | undefined {
  switch (state) {
    case 'done':
      return succeeded;
    case 'refused':
      return {
        state: 'failed',
        reason: outcome?.code === undefined ? 'device-refused' : formatCode(outcome.code),
      };
    case 'failed':
      return { state: 'failed', reason: outcome?.error ?? 'failed' };
    case 'expired':
      return { state: 'failed', reason: 'device-timeout' };
    case 'cancelled':
      return { state: 'cancelled', reason: undefined };
    default:
      return undefined;
  }
}

/** The code of the device where it said no, the problem otherwise. */
function reasonOf({ problem }: Refusal): string {
  return problem.coapCode ?? problem.code;
}
