import type { JsonHomeOutcome } from '@yaolian/contract';
import type { AuditTrail } from '@yaolian/directory';
import { type DataAnswer, type DataRequest, featureOfPath, type RaRefusal, type RaValue } from '@yaolian/igrs';
import type { Log, Result } from '@yaolian/kernel';
import { type JsonResourceValue, type ResourceType, valueFromText, valueToJson } from '@yaolian/lwm2m';
import { timeToJson } from '../api/times.ts';
import { Refusal } from '../http/refusal.ts';
import type { RaService } from '../ra/ra-service.ts';

/** What came of a request that waited for a device. */
export type LateOutcome = Result<DataAnswer, RaRefusal>;

export interface HomeCommandsOptions {
  readonly ra: RaService;
  readonly audit: AuditTrail;
  readonly log: Log;
  /** Told when a request that waited is over. */
  readonly onLate: (user: string, device: string, id: string, outcome: LateOutcome, request: DataRequest) => void;
}

interface Waiting {
  readonly device: string;
  readonly asked: Parameters<RaService['permissions']['decide']>[1];
}

/** What users ask of devices through their pages: the directory decides, the trail has it, and the terminal answers. */
export class HomeCommands {
  readonly #options: HomeCommandsOptions;
  readonly #closing = new AbortController();
  /** By users and the numbers of their requests: what waits for a device that sleeps. */
  readonly #waiting = new Map<string, Map<string, Waiting>>();

  constructor(options: HomeCommandsOptions) {
    this.#options = options;
  }

  /** @throws Refusal `access-denied` and whatever a device may be asked in vain for */
  async ask(user: string, device: string, request: DataRequest): Promise<JsonHomeOutcome> {
    const { ra, audit, log, onLate } = this.#options;
    const record = (outcome: string) =>
      audit.record({ door: 'https', actor: user, action: request.kind, device, subject: request.path, outcome });
    const operation = request.kind === 'cancel' ? 'observe' : request.kind;
    const asked = { account: user, feature: featureOfPath(request.path), operation };
    if (!(await ra.permissions.decide(device, asked)).allowed) {
      await record('forbidden');
      throw new Refusal('access-denied');
    }
    try {
      const { answer, later } = await ra.terminals.attempt(device, request, { account: user }, this.#closing.signal);
      await record(answer.kind === 'queued' ? 'queued' : 'done');
      if (answer.kind === 'queued') {
        const tell = async (late: LateOutcome) => {
          // Who lost the right while the device slept is told nothing.
          if ((await ra.permissions.decide(device, asked)).allowed) onLate(user, device, answer.id, late, request);
        };
        this.#await(user, answer.id, { device, asked });
        later
          ?.finally(() => this.#awaitNoMore(user, answer.id))
          .then(tell)
          .catch((error: unknown) => log.error('a late answer was not told', { user, device, error }));
      }
      return outcomeToJson(answer);
    } catch (error) {
      await record(error instanceof Refusal ? error.problem.code : 'internal-error');
      throw error;
    }
  }

  /** A right of the user has ended: what it asked under it is not done when the device wakes. */
  async recheck(user: string): Promise<void> {
    const { permissions, terminals } = this.#options.ra;
    for (const [id, { device, asked }] of this.#waiting.get(user) ?? []) {
      if (!(await permissions.decide(device, asked)).allowed) await terminals.giveUp(id);
    }
  }

  #await(user: string, id: string, waiting: Waiting): void {
    const ofUser = this.#waiting.get(user) ?? new Map<string, Waiting>();
    this.#waiting.set(user, ofUser.set(id, waiting));
  }

  #awaitNoMore(user: string, id: string): void {
    const ofUser = this.#waiting.get(user);
    ofUser?.delete(id);
    if (ofUser?.size === 0) this.#waiting.delete(user);
  }

  /** Gives up what waits. */
  close(): void {
    this.#closing.abort(new Error('the server is closing'));
  }
}

function outcomeToJson(answer: DataAnswer): JsonHomeOutcome {
  switch (answer.kind) {
    case 'queued':
      return { state: 'queued', id: answer.id, expiresAt: answer.expiresAt };
    case 'values':
      return { state: 'done', values: valuesToJson(answer.values, answer.time) };
    default:
      return { state: 'done' };
  }
}

export function valuesToJson(values: readonly RaValue[], time: string) {
  return values.map(({ path, type, text }) => ({ path, value: jsonOf(type as ResourceType, text), time }));
}

function jsonOf(type: ResourceType, text: string): JsonResourceValue {
  const value = valueFromText(type, text);
  return value.ok ? valueToJson(type, value.value) : text;
}

export function lateToJson(id: string, outcome: LateOutcome, now: number) {
  if (!outcome.ok) return { id, refusal: outcome.error.text ?? outcome.error.condition };
  const { value } = outcome;
  return value.kind === 'values' ? { id, values: valuesToJson(value.values, timeToJson(now)) } : { id };
}
