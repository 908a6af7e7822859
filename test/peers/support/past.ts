import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '@yaolian/server';
import { Storage } from '@yaolian/storage';
import { openPlatform, type TestPlatform } from '../../support/platform.ts';

/** What history has of a resource, or of the platform where there is no device: one value every so many minutes. */
export interface Past {
  readonly device?: string;
  readonly path: string;
  /** Minutes ago. */
  readonly from: number;
  readonly to: number;
  readonly every: number;
  readonly value: (minutesAgo: number) => number;
}

const minute = 60_000;

/** A platform that has run before. */
export async function openWithPast(past: readonly Past[], config: Partial<Config> = {}): Promise<TestPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-past-'));
  const storage = Storage.open({ folder });
  const now = Date.now();
  for (const { device, path, from, to, every, value } of past) {
    const values = [];
    for (let ago = from; ago > to; ago -= every) {
      const kind = device === undefined ? 'counter' : 'value';
      values.push({
        kind,
        device: device ?? '',
        path,
        time: now - Math.round(ago * minute),
        value: value(ago),
      } as const);
    }
    await storage.history.record(values);
  }
  await storage.close();
  return openPlatform({ 'data-dir': folder, ...config });
}
