/** Lists that grow with use, page by page, over REST. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { openPlatform, withCode } from './support/platform.ts';
import { openTerminal } from './support/terminal.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** Every page of two, and that the whole is the same. */
async function inPages<T>(ask: (query: { readonly cursor?: string; readonly limit?: number }) => Promise<Page<T>>) {
  const pages: Page<T>[] = [await ask({ limit: 2 })];
  for (let next = pages[0]!.next; next !== undefined; next = pages.at(-1)!.next) {
    pages.push(await ask({ limit: 2, cursor: next }));
  }
  const whole = await ask({});
  assert.equal(whole.next, undefined);
  assert.deepEqual(
    pages.flatMap(({ items }) => items),
    whole.items,
  );
  await assert.rejects(ask({ cursor: '!' }), withCode('invalid-cursor'));
  return pages.map(({ items }) => items.length);
}

test('packages, groups, operators and bulk jobs come in pages; who asks for no page has all as before', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  await using terminal = await openTerminal({ endpointName: 'one', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  for (const name of ['c', 'a', 'b']) {
    await admin.call(routes.addGroup, { body: { name } });
    await admin.call(routes.addOperator, { body: { name, role: 'viewer', password: 'correct horse battery' } });
    await admin.call(routes.uploadFirmware, { query: { name }, body: new Uint8Array([1, 2, 3]) });
    const operation = { kind: 'add-to-group', group: name } as const;
    await admin.call(routes.createBulkJob, { body: { operation, devices: { keys: ['one'] } } });
  }
  // How many members a group has changes while the jobs run, and what a job says until it is over.
  const groups = async (query: object) => {
    const { items, ...next } = await admin.call(routes.listGroups, { query });
    return { items: items.map(({ name }) => name), ...next };
  };
  assert.deepEqual(await inPages(groups), [2, 1]);
  assert.deepEqual(await inPages((query) => admin.call(routes.listOperators, { query })), [2, 2], 'with admin');
  assert.deepEqual(await inPages((query) => admin.call(routes.listFirmware, { query })), [2, 1]);
  const ids = async (query: object) => {
    const { items, ...next } = await admin.call(routes.listBulkJobs, { query });
    return { items: items.map(({ id }) => id), ...next };
  };
  assert.deepEqual(await inPages(ids), [2, 1]);
});
