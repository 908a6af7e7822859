import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IdempotencyStore, KeyedRequest } from '@yaolian/directory';
import { hours, minutes, silentLog } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import Fastify from 'fastify';
import { answerWithProblems } from './failures.ts';
import { type IdempotencyOptions, takeIdempotencyKeys } from './idempotency.ts';
import { Refusal } from './refusal.ts';

class MemoryKeys implements IdempotencyStore {
  readonly rows = new Map<string, KeyedRequest>();
  isBroken = false;

  async find(id: Uint8Array) {
    return this.rows.get(String(id));
  }

  async begin(request: Omit<KeyedRequest, 'answer'>) {
    this.rows.set(String(request.id), { ...request, answer: undefined });
  }

  async finish(id: Uint8Array, answer: NonNullable<KeyedRequest['answer']>) {
    if (this.isBroken) throw new Error('the disk is full');
    this.rows.set(String(id), { ...this.rows.get(String(id))!, answer });
  }

  async release(id: Uint8Array) {
    this.rows.delete(String(id));
  }
}

async function open(options: Partial<IdempotencyOptions> = {}) {
  const time = new VirtualTime();
  const store = new MemoryKeys();
  const app = Fastify();
  answerWithProblems(app, silentLog);
  app.decorateRequest('actor', undefined);
  app.decorateRequest('user', undefined);
  takeIdempotencyKeys(app, { store, clock: time, log: silentLog, keep: hours(1), maxKeys: 10, ...options });
  const state = { done: 0, refuses: false };
  app.post('/work', { config: { takesKey: true } }, async () => {
    if (state.refuses) throw new Refusal('device-busy');
    return { done: ++state.done };
  });
  const ask = async (key: string) => {
    const { statusCode, json } = await app.inject({
      method: 'POST',
      url: '/work',
      headers: { 'idempotency-key': key },
    });
    const body = json() as { readonly done?: number; readonly code?: string };
    return [statusCode, body.done ?? body.code];
  };
  return { time, store, state, ask };
}

test('what was begun and has no answer is not done again: nobody knows what became of it', async () => {
  const { store, state, ask } = await open();
  store.isBroken = true;
  assert.deepEqual(await ask('a'), [200, 1], 'it was done, and that is said');
  store.isBroken = false;
  assert.deepEqual(await ask('a'), [409, 'idempotency-outcome-unknown']);
  assert.deepEqual([await ask('b'), state.done], [[200, 2], 2]);
});

test('an answer that is too long is not kept, and neither done again', async () => {
  const { ask } = await open({ maxAnswer: 5 });
  assert.deepEqual(await ask('a'), [200, 1]);
  assert.deepEqual(await ask('a'), [409, 'idempotency-outcome-unknown']);
});

test('after a refusal that did nothing the same key may try again', async () => {
  const { state, ask } = await open();
  state.refuses = true;
  assert.deepEqual(await ask('a'), [503, 'device-busy']);
  state.refuses = false;
  assert.deepEqual(await ask('a'), [200, 1]);
  assert.deepEqual(await ask('a'), [200, 1]);
});

test('a key is forgotten in its time', async () => {
  const { time, ask } = await open();
  assert.deepEqual(await ask('a'), [200, 1]);
  await time.advance(minutes(60));
  assert.deepEqual(await ask('a'), [200, 1]);
  await time.advance(minutes(1));
  assert.deepEqual(await ask('a'), [200, 2]);
});
