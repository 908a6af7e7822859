/**
 * The platform, which observes /3303/0/5700 of everybody who registers, with one reader of the events of one device.
 * Writes its HTTP address once that reader is there. `node observing-platform.ts PORT FOLDER`
 */
import assert from 'node:assert/strict';
import { lwm2mPath } from '@yaolian/lwm2m';
import { startPlatform } from '@yaolian/server';

const [port, folder] = process.argv.slice(2);
const platform = await startPlatform({
  'data-dir': folder!,
  'coap.host': '127.0.0.1',
  'coap.port': Number(port),
  'coap.tcp': false,
  'coap.tls': false,
  'coap.multicast': false,
  'http.port': 0,
  'http.public-metrics': true,
  'log.level': 'warn',
});
platform.server.events.on('registered', async ({ registration }) => {
  const answer = await platform.server.observe({ id: registration.id }, lwm2mPath(3303, 0, 5700));
  assert.ok(answer.ok);
});
const http = platform.listening.find(({ service }) => service === 'http')!.url;
const login = await fetch(`${http}/api/v1/login`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ password: platform.adminPassword }),
});
const { token } = (await login.json()) as { token: string };
const stream = await fetch(`${http}/api/v1/events?device=bench-0`, { headers: { authorization: `Bearer ${token}` } });
void (async () => {
  for await (const chunk of stream.body!) assert.ok(chunk.length > 0); // read, so that the platform goes on writing
})();
process.on('SIGTERM', () => process.exit()); // a profile is written then
console.log(http);
