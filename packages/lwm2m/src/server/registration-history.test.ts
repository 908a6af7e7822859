import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, isSuccess } from '@yaolian/coap';
import { decodeHex, milliseconds, seconds } from '@yaolian/kernel';
import fc from 'fast-check';
import { lwm2mPath } from '../index.ts';
import type { ScriptedTerminal } from './testing/scripted-terminal.ts';
import { keyedProfile, World } from './testing/world.ts';

/*
 * Any history of three devices, two of which share an endpoint name's device now and then: Registers under old and new names, Updates,
 * De-registers, moves, observations, lifetimes that end, all overlapping, with a store that fails now and then. Whatever happens, what
 * memory has is on disk, and after kill -9 it is there again.
 */

const names = ['a;1', 'a;2', 'b;1', 'c;1'];

const step = fc.record({
  action: fc.constantFrom('register', 'register', 'update', 'deregister', 'move', 'observe', 'cancel', 'fail', 'end'),
  name: fc.nat(names.length - 1),
  lifetime: fc.constantFrom(1, 3, 60, 86_400),
  /** Milliseconds until the next; commits take 2. */
  pause: fc.constantFrom(0, 0, 1, 2, 3, 40, 1_500),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

class History {
  readonly world: World;
  readonly terminals: ScriptedTerminal[] = [];
  readonly done: Promise<unknown>[] = [];
  readonly allowsFailures: boolean;
  #ports = 40_000;

  constructor(world: World, allowsFailures: boolean) {
    this.world = world;
    this.allowsFailures = allowsFailures;
    for (const [index] of names.entries()) this.terminals.push(this.#terminal(index));
  }

  #terminal(index: number): ScriptedTerminal {
    const terminal = this.world.terminalAt(`203.0.113.${index + 1}`, ++this.#ports);
    const payload = decodeHex('c1095f')!;
    return terminal.observable('GET /3/0/9', { code: Code.Content, contentFormat: 11_542, payload });
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const one of steps) {
      // What is refused or fails is part of history.
      this.done.push(Promise.resolve(this.#begin(one)).catch(() => undefined));
      await this.world.time.advance(milliseconds(one.pause));
    }
    await this.world.until(Promise.all(this.done), seconds(1_000));
    await this.world.time.advance(milliseconds(50));
  }

  #begin({ action, name, lifetime }: Step): Promise<unknown> | undefined {
    const terminal = this.terminals[name]!;
    const { server, store } = this.world;
    const endpoint = names[name]!;
    const level = lwm2mPath(3, 0, 9);
    switch (action) {
      case 'register':
        return terminal.register(`ep=${endpoint}&lt=${lifetime}`);
      case 'update':
        return terminal.location.length > 0 ? terminal.update(`lt=${lifetime}`) : undefined;
      case 'deregister':
        return terminal.location.length > 0 ? terminal.deregister() : undefined;
      case 'move': {
        const moved = this.#terminal(name);
        moved.location = terminal.location;
        this.terminals[name] = moved;
        return terminal.location.length > 0 ? moved.update() : undefined;
      }
      case 'observe':
        return server.observe({ endpoint }, level, { timeout: seconds(5) });
      case 'cancel':
        return server.cancelObservation({ endpoint }, level, { timeout: seconds(5), by: 'reset' });
      case 'end':
        return server.endRegistration({ endpoint });
      default:
        if (this.allowsFailures) store.failures = 1;
        return undefined;
    }
  }
}

function inMemory(world: World) {
  const registrations = [...world.server.registrations()];
  const observations = registrations.flatMap((registration) => world.server.observations(registration));
  return { registrations: registrations.toSorted(byId), observations };
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

for (const allowsFailures of [false, true]) {
  test(`any history${allowsFailures ? ' with a store that fails' : ''}: what memory has is on disk, and back after kill -9`, async () => {
    const histories = fc.array(step, { minLength: 3, maxLength: 24 });
    const property = fc.asyncProperty(histories, fc.nat(), async (steps, seed) => {
      const world = await World.open({ profile: keyedProfile, seed: seed % 1_000 });
      await new History(world, allowsFailures).play(steps);
      const { registrations, observations } = inMemory(world);
      const devices = registrations.map(({ deviceKey }) => deviceKey);
      assert.equal(new Set(devices).size, devices.length, 'one registration for each device');
      const stored = [...world.store.registrations.values()].toSorted(byId);
      const storedObservations = [...world.store.observations.values()];
      if (allowsFailures) {
        // What ended by itself while the disk failed stays there until the next start.
        for (const registration of registrations) assert.ok(stored.includes(registration), 'a registration is on disk');
        for (const record of observations) assert.ok(storedObservations.includes(record), 'an observation is on disk');
      } else {
        assert.deepEqual(stored, registrations);
        assert.deepEqual(new Set(storedObservations), new Set(observations));
      }
      await world.until(world.kill());
      await world.until(world.startServer());
      const again = inMemory(world);
      for (const registration of registrations) {
        assert.ok(
          again.registrations.some(({ id }) => id === registration.id) || hasEnded(world, registration),
          'a registration is back',
        );
      }
      await world.until(world.server.close());
      await world.until(world.endpoint.close());
    });
    await fc.assert(property, { numRuns: 60 });
  });
}

function hasEnded(world: World, registration: { readonly updatedAt: number; readonly lifetime: number }): boolean {
  return registration.updatedAt + registration.lifetime * 1_000 <= world.time.epoch() + 1;
}

test('an acknowledgement is of the last word', async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
    const world = await World.open({ profile: keyedProfile });
    await new History(world, true).play(steps);
    world.store.failures = 0;
    const terminal = world.terminal();
    assert.ok(isSuccess((await world.until(terminal.register('ep=a;9&lt=600'))).code));
    const registration = world.server.registration({ deviceKey: 'a' })!;
    assert.deepEqual([registration.endpoint, terminal.location[1]], ['a;9', registration.id]);
    assert.equal(world.store.registrations.get(registration.id), registration);
    assert.ok(isSuccess((await world.until(terminal.deregister())).code));
    assert.equal(world.server.registration({ deviceKey: 'a' }), undefined);
    assert.equal(world.store.registrations.has(registration.id), false);
    await world.until(world.server.close());
    await world.until(world.endpoint.close());
  });
  await fc.assert(property, { numRuns: 30 });
});
