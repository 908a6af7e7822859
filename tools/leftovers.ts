/**
 * Loaded before the tests: a file of tests whose process goes on when its tests are over ends with an error that names what holds it. A server
 * that a failed test left open held a whole run until somebody ended it.
 */
import { after } from 'node:test';

/** Between the last test and the end of the process, in milliseconds: what is closing may need some of it. */
const grace = Number(process.env['TEST_LEFTOVERS_GRACE'] ?? 30_000);

// Only where the file has a process of its own.
if (process.env['NODE_TEST_CONTEXT'] === 'child-v8') {
  after(() => {
    setTimeout(() => {
      const held = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap');
      console.error(`\n${process.argv[1]}: the tests are over, and the process does not end: ${held.join(', ')}`);
      process.exit(1);
    }, grace).unref();
  });
}
