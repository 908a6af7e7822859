import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came, and how it was answered. */
interface Received {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly status: number;
}

/** Takes what is signed with its secret; refuses all else with 401, and everything with 503 while it is down. */
export async function openReceiver() {
  const received: Received[] = [];
  const state = { secret: '', isDown: false };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given } = request.headers;
    const key = Buffer.from(state.secret.slice('whsec_'.length), 'base64');
    const right = `v1,${createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')}`;
    const isFresh = Math.abs(Date.now() / 1000 - Number(time)) < 300;
    const isSigned = isFresh && String(given).split(' ').includes(right);
    const status = state.isDown ? 503 : isSigned ? 204 : 401;
    const event = JSON.parse(body) as Omit<Received, 'status'>;
    assert.equal(event.id, id);
    received.push({ ...event, status });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return {
    ...{ received, state, url },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
