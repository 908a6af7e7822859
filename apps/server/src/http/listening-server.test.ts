import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { test } from 'node:test';
import { minutes } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { outliveLostConnections, RequestsInHand } from './listening-server.ts';

test('a server that may open no more files goes on, and says so once a minute', async () => {
  const time = new VirtualTime();
  const said: unknown[] = [];
  const log = { error: (message: string, fields: object) => said.push([message, fields]) };
  const server = createServer();
  outliveLostConnections(server, { place: 'http://here', clock: time, log: log as never });
  const error = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' });
  for (let i = 0; i < 100; i++) server.emit('error', error);
  await time.advance(minutes(1));
  server.emit('error', error);
  const expected = ['connections could not be accepted', { place: 'http://here', error }];
  assert.deepEqual(said, [expected, expected]);
});

test('requests in hand are waited for, with patience', async () => {
  const requests = new RequestsInHand();
  const server = new EventEmitter();
  requests.watch(server as never);
  await requests.settled(3_600_000);
  const responses = [new EventEmitter(), new EventEmitter()];
  for (const response of responses) server.emit('request', {}, response as ServerResponse);
  let isSettled = false;
  const settled = requests.settled(3_600_000).then(() => {
    isSettled = true;
  });
  responses[0]!.emit('close');
  await new Promise(setImmediate);
  assert.equal(isSettled, false);
  responses[1]!.emit('close');
  await settled;
  server.emit('request', {}, new EventEmitter() as ServerResponse);
  await requests.settled(0);
});
