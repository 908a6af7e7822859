import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBlockedPort } from './blocked-ports.ts';

/** The fetch of Node goes by the same list: it refuses before it connects. */
async function fetchRefuses(port: number): Promise<boolean> {
  const error: unknown = await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' }).then(
    () => undefined,
    (reason) => reason,
  );
  return error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port';
}

test('the ports that browsers refuse are those that fetch refuses', async () => {
  for (let port = 1; port <= 10_080; port++) {
    if (isBlockedPort(port)) assert.ok(await fetchRefuses(port), `${port}`);
  }
  for (const port of [2, 24, 80, 443, 5059, 5683, 6001, 6664, 6670, 6698, 8080, 8443, 10_079, 10_081]) {
    assert.equal(isBlockedPort(port), false, `${port}`);
  }
});
