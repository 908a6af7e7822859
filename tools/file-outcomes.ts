/**
 * A reporter of `node --test`, for `run-tests.ts`: one line for each file in which a test failed (`failed FILE`) and for each that ran in a
 * process of its own (`took SECONDS FILE`), and `.` when all tests had run.
 */
import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

export default async function* fileOutcomes(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const failed = new Set<string>();
  for await (const { type, data } of events) {
    if (type === 'test:summary' && data.file !== undefined) {
      yield `took ${(data.duration_ms / 1000).toFixed(1)} ${relative(process.cwd(), data.file)}\n`;
    }
    if (type !== 'test:fail' || data.file === undefined || failed.has(data.file)) continue;
    failed.add(data.file);
    yield `failed ${relative(process.cwd(), data.file)}\n`;
  }
  yield '.\n';
}
