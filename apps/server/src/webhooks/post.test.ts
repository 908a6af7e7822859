import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { minutes } from '@yaolian/kernel';
import { inTime } from '@yaolian/testkit';
import { failureSentence, post } from './post.ts';

test('a name with several addresses, none of which answers, fails with a sentence', () => {
  const failures = [new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 127.0.0.1:1')];
  assert.equal(failureSentence(new AggregateError(failures)), 'connect ECONNREFUSED ::1:1');
  assert.equal(failureSentence(new AggregateError([], 'none')), 'none');
  assert.equal(failureSentence(new Error('no answer in time')), 'no answer in time');
});

test('an answer that does not end is not read: its status is all that is asked', async (t) => {
  const gone = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    response.writeHead(200).on('close', gone.resolve);
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', more);
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { signal } = new AbortController();
  const asked = { url, headers: {}, body: '{}', timeout: minutes(1), allowsPrivate: true, signal };
  assert.equal(await inTime(post(asked), 'the status'), 200);
  await inTime(gone.promise, 'the end of the connection');
});
