import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '@yaolian/kernel';
import type { RaService } from '../ra/ra-service.ts';
import { HomeCommands, type HomeCommandsOptions } from './home-commands.ts';

test('a late answer that cannot be judged any more is in the log, and ends nothing', async () => {
  const logged = Promise.withResolvers<readonly [string, unknown]>();
  const closed = new Error('the database is closed');
  let decisions = 0;
  const ra = {
    permissions: {
      decide: async () => {
        if (++decisions > 1) throw closed;
        return { allowed: true };
      },
    },
    terminals: {
      attempt: async () => ({
        answer: { kind: 'queued', id: '7', expiresAt: '2026-01-01T00:00:00Z' },
        later: Promise.resolve({ ok: true, value: { kind: 'done' } }),
      }),
    },
  } as unknown as RaService;
  const commands = new HomeCommands({
    ra,
    audit: { record: async () => {} } as unknown as HomeCommandsOptions['audit'],
    log: {
      error: (message: string, { error }: { error: unknown }) => logged.resolve([message, error]),
    } as unknown as Log,
    onLate: () => assert.fail('nobody may be told'),
  });
  const asked = await commands.ask('ann', 'lamp', { kind: 'read', path: '/3303/0/5700' });
  assert.equal(asked.state, 'queued');
  assert.deepEqual(await logged.promise, ['a late answer was not told', closed]);
});
