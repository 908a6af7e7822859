import assert from 'node:assert/strict';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { inTime, until } from '@yaolian/testkit';
import { HttpBench } from '../testing/http-bench.ts';

let taken = 0;
const bench = await new HttpBench({ 'http.request-timeout': seconds(30) }).open({
  mount: (app) => {
    app.put('/file', { config: { takesFile: true } }, async (request) => {
      for await (const chunk of request.body as AsyncIterable<Uint8Array>) taken += chunk.length;
      return { taken };
    });
  },
});
after(() => bench.close());
await bench.app.listen({ host: '127.0.0.1', port: 0 });
const { port } = bench.app.server.address() as AddressInfo;
const authorization = `authorization: Bearer ${await bench.token('admin')}`;

/** A request whose body does not come by itself. */
class Slow {
  readonly socket: Socket;
  readonly ended: Promise<void>;
  said = '';

  constructor(line: string, ...headers: string[]) {
    this.socket = connect(port, '127.0.0.1');
    this.socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        this.said += String(bytes);
      });
    this.ended = new Promise((resolve) => void this.socket.once('close', resolve));
    this.socket.write([`${line} HTTP/1.1`, 'host: a', ...headers, '', ''].join('\r\n'));
  }

  static file(...headers: string[]): Slow {
    return new Slow('PUT /file', 'content-type: application/octet-stream', 'content-length: 200000', ...headers);
  }
}

/** So many waits for bodies are under way. */
const waits = (count: number) => until(() => bench.time.pending === count, `${count} bodies on their way`);

test('a body that does not come in time is given up with 408, and says so', async () => {
  const slow = new Slow('PUT /api/v1/enrolment', authorization, 'content-type: application/json', 'content-length: 90');
  await waits(1);
  slow.socket.write('{"mode":');
  await bench.time.advance(seconds(29));
  assert.equal(slow.said, '');
  await bench.time.advance(seconds(1));
  await inTime(slow.ended, 'the end of the connection');
  assert.match(slow.said, /^HTTP\/1\.1 408 .*application\/problem\+json.*"code":"request-timeout"/s);
});

test('a file may take longer while it comes on, and no longer', async () => {
  const slow = Slow.file(authorization);
  await waits(1);
  taken = 0;
  for (let part = 1; part <= 2; part++) {
    slow.socket.write(Buffer.alloc(70_000));
    await until(() => taken === part * 70_000, 'the next part');
    await bench.time.advance(seconds(30));
    assert.equal(slow.said, '', `part ${part}`);
  }
  slow.socket.write('x');
  await until(() => taken === 140_001, 'one byte');
  await bench.time.advance(seconds(30));
  await inTime(slow.ended, 'the end of the connection');
  assert.match(slow.said, /^HTTP\/1\.1 408 /);
});

test('what is refused before it came is not waited for, and what came costs no timer', async () => {
  const refused = new Slow('PUT /api/v1/enrolment', 'content-type: application/json', 'content-length: 90');
  await until(() => refused.said.startsWith('HTTP/1.1 401 '), 'the refusal');
  await bench.time.advance(seconds(30));
  await inTime(refused.ended, 'the end of the connection');
  const quick = new Slow(
    'PUT /api/v1/enrolment',
    authorization,
    'content-type: application/json',
    'content-length: 15',
  );
  quick.socket.write('{"mode":"open"}');
  await until(() => quick.said.startsWith('HTTP/1.1 200 '), 'the answer');
  await waits(0);
  quick.socket.destroy();
});
