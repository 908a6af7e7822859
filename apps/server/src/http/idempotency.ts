import { createHash } from 'node:crypto';
import { asProblem, mistakeAt, type ProblemCode } from '@yaolian/contract';
import type { IdempotencyStore, KeptAnswer } from '@yaolian/directory';
import { type Clock, type Duration, type Log, toMilliseconds } from '@yaolian/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, unfit } from './refusal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Requests may carry an Idempotency-Key. */
    takesKey?: boolean;
  }
  interface FastifyRequest {
    /** The request is remembered by its key: it is finished even if the caller goes away, who may ask for its answer again. */
    keyed: KeyedWork | undefined;
  }
}

export interface IdempotencyOptions {
  readonly store: IdempotencyStore;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a key is remembered. */
  readonly keep: Duration;
  /** Keys that are remembered; beyond, the oldest go. */
  readonly maxKeys: number;
  /** Characters of an answer that is remembered; of a longer one only that it was given. Default 262,144. */
  readonly maxAnswer?: number;
}

interface KeyedWork {
  readonly id: Buffer;
  readonly fingerprint: Buffer;
  /** What was answered, to those who ask the same while it is worked on. */
  readonly answered: PromiseWithResolvers<KeptAnswer>;
}

/** Refusals after which nothing was done: the same key may try again. */
const nothingDone: ReadonlySet<ProblemCode> = new Set([
  ...(['unavailable', 'too-many-attempts', 'too-many-streams', 'too-many-traces'] as const),
  ...(['device-busy', 'device-asleep', 'precondition-failed'] as const),
]);

const keptHeaders = ['content-type', 'location'] as const;

/**
 * Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): a request that comes again with the key of an earlier one is not
 * done again; it gets the same answer. That it began is on disk before it is worked on, and the answer before it is sent, so that
 * this holds over a crash: then nobody knows what became of it, and it is not done again either.
 */
export function takeIdempotencyKeys(app: FastifyInstance, options: IdempotencyOptions): void {
  const keys = new IdempotencyKeys(options);
  app.decorateRequest('keyed', undefined);
  // After the checks: what is refused by them is as if it had not come.
  app.addHook('preHandler', async (request, reply) => {
    if (!request.routeOptions.config.takesKey) return;
    const key = keyOf(request);
    if (key === undefined) return;
    const work = workOf(request, key);
    const answer = await keys.begin(work);
    if (answer === undefined) request.keyed = work;
    else return replay(reply, answer);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.keyed) await keys.finish(request.keyed, answerOf(reply, payload));
    return payload;
  });
}

/** The draft's form is a quoted string; without quotation marks is common. @throws Refusal `invalid-request` */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const given = headers['idempotency-key'];
  if (given === undefined) return undefined;
  const key = String(given).replace(/^"(.*)"$/, '$1');
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  const message = 'must be 1 to 255 visible characters of ASCII, such as a UUID';
  const wrong = mistakeAt('header/idempotency-key', message, 'idempotency-key-unfit');
  throw unfit('invalid-request', [wrong], `The Idempotency-Key ${message}.`);
}

function workOf({ actor, user, method, url, body }: FastifyRequest, key: string): KeyedWork {
  const who = user === undefined ? ['operator', actor?.operator] : ['user', user.account.name];
  const answered = Promise.withResolvers<KeptAnswer>();
  answered.promise.catch(() => undefined); // whoever waits sees it; that nobody does must not end the process
  return { id: digestOf([...who, key]), fingerprint: digestOf([method, url, body ?? null]), answered };
}

function digestOf(parts: readonly unknown[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

function answerOf(reply: FastifyReply, payload: unknown): KeptAnswer {
  const headers: Record<string, string> = {};
  for (const name of keptHeaders) {
    const value = reply.getHeader(name);
    if (value !== undefined) headers[name] = String(value);
  }
  return { status: reply.statusCode, headers, body: typeof payload === 'string' ? payload : '' };
}

function replay(reply: FastifyReply, { status, headers, body }: KeptAnswer): FastifyReply {
  return reply
    .code(status)
    .headers(headers)
    .header('idempotency-replayed', 'true')
    .send(body === '' ? undefined : body);
}

class IdempotencyKeys {
  readonly #options: Required<IdempotencyOptions>;
  readonly #working = new Map<string, KeyedWork>();

  constructor(options: IdempotencyOptions) {
    this.#options = { maxAnswer: 262_144, ...options };
  }

  /**
   * @returns what was answered before; undefined: it is to be done now
   * @throws Refusal `idempotency-key-reused`, `idempotency-outcome-unknown`
   */
  async begin(work: KeyedWork): Promise<KeptAnswer | undefined> {
    const name = work.id.toString('hex');
    const other = this.#working.get(name);
    if (other !== undefined) {
      requireSame(other.fingerprint, work.fingerprint);
      return other.answered.promise;
    }
    this.#working.set(name, work);
    try {
      const answer = await this.#beginAlone(work);
      if (answer === undefined) return undefined;
      this.#working.delete(name);
      work.answered.resolve(answer);
      return answer;
    } catch (error) {
      this.#working.delete(name);
      work.answered.reject(error);
      throw error;
    }
  }

  async #beginAlone({ id, fingerprint }: KeyedWork): Promise<KeptAnswer | undefined> {
    const { store, clock, keep, maxKeys } = this.#options;
    const now = clock.epoch();
    const since = now - toMilliseconds(keep);
    const known = await store.find(id);
    if (known !== undefined && known.createdAt >= since) {
      requireSame(known.fingerprint, fingerprint);
      if (known.answer === undefined) throw new Refusal('idempotency-outcome-unknown');
      return known.answer;
    }
    await store.begin({ id, fingerprint, createdAt: now }, { since, keep: maxKeys });
    return undefined;
  }

  async finish({ id, answered }: KeyedWork, answer: KeptAnswer): Promise<void> {
    const { store, log, maxAnswer } = this.#options;
    try {
      if (isNothingDone(answer)) await store.release(id);
      else if (answer.body.length <= maxAnswer) await store.finish(id, answer);
    } catch (error) {
      // It was done: that must be said now. Asked again, nobody knows.
      log.warn('the answer to a request with a key was not stored', { error });
    }
    this.#working.delete(id.toString('hex'));
    answered.resolve(answer);
  }
}

function requireSame(known: Uint8Array, given: Buffer): void {
  if (!given.equals(known)) throw new Refusal('idempotency-key-reused');
}

function isNothingDone({ status, body }: KeptAnswer): boolean {
  if (status < 400) return false;
  const code = asProblem(JSON.parse(body === '' ? 'null' : body))?.code;
  return code !== undefined && nothingDone.has(code);
}
