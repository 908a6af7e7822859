import type { JsonHomeOutcome } from '@yaolian/contract';
import type { AuditTrail } from '@yaolian/directory';
import { type DataAnswer, type DataRequest, featureOfPath, type RaValue } from '@yaolian/igrs';
import type { LateAnswer } from '@yaolian/igrs/server';
import { type JsonResourceValue, type ResourceType, valueFromText, valueToJson } from '@yaolian/lwm2m';
import { timeToJson } from '../api/times.ts';
import { Refusal } from '../http/refusal.ts';
import { refusalText } from '../ra/home-news.ts';
import type { RaService } from '../ra/ra-service.ts';

export interface HomeCommandsOptions {
  readonly ra: RaService;
  readonly audit: AuditTrail;
}

/** What users ask of devices through their pages: the directory decides, the trail has it, and the terminal answers. */
export class HomeCommands {
  readonly #options: HomeCommandsOptions;
  readonly #closing = new AbortController();

  constructor(options: HomeCommandsOptions) {
    this.#options = options;
  }

  /** @throws Refusal `access-denied` and whatever a device may be asked in vain for */
  async ask(user: string, device: string, request: DataRequest): Promise<JsonHomeOutcome> {
    const { ra, audit } = this.#options;
    const record = (outcome: string) =>
      audit.record({ door: 'https', actor: user, action: request.kind, device, subject: request.path, outcome });
    const operation = request.kind === 'cancel' ? 'observe' : request.kind;
    const asked = { account: user, feature: featureOfPath(request.path), operation };
    if (!(await ra.permissions.decide(device, asked)).allowed) {
      await record('forbidden');
      throw new Refusal('access-denied');
    }
    try {
      const by = { account: user, told: { door: 'https', resource: undefined } } as const;
      const answer = await ra.terminals.attempt(device, request, by, this.#closing.signal);
      await record(answer.kind === 'queued' ? 'queued' : 'done');
      return outcomeToJson(answer);
    } catch (error) {
      await record(error instanceof Refusal ? error.problem.code : 'internal-error');
      throw error;
    }
  }

  /** Gives up what is asked just now. */
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

export function lateToJson({ id, outcome }: Pick<LateAnswer, 'id' | 'outcome'>, now: number) {
  if (!outcome.ok) return { id, refusal: refusalText(outcome.error) };
  const { value } = outcome;
  return value.kind === 'values' ? { id, values: valuesToJson(value.values, timeToJson(now)) } : { id };
}
