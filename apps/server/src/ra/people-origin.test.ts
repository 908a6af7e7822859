import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PeopleOriginOptions, peopleOrigin } from './people-origin.ts';

const local = 'http://127.0.0.1:8080';
const options: PeopleOriginOptions = {
  publicUrl: undefined,
  asked: local,
  listening: [local],
  addresses: ['2001:db8::7', '192.0.2.7'],
};
const origin = (change: Partial<PeopleOriginOptions>) => peopleOrigin({ ...options, ...change });

test('a link for a phone has the address that was set, or by which the operator came', () => {
  const publicUrl = 'https://home.example/';
  assert.deepEqual(origin({ publicUrl }), { origin: 'https://home.example', isLocal: false });
  const asked = 'https://yaolian.lan:8443';
  assert.deepEqual(origin({ asked }), { origin: asked, isLocal: false });
  assert.equal(origin({ asked, publicUrl }).origin, 'https://home.example');
});

test('for an operator on the machine of the platform it is an address that others reach, by HTTPS first', () => {
  const both = ['http://0.0.0.0:8080', 'https://[::]:8443'];
  assert.deepEqual(origin({ listening: both }), { origin: 'https://192.0.2.7:8443', isLocal: false });
  assert.equal(origin({ listening: both, asked: 'http://localhost:8080' }).origin, 'https://192.0.2.7:8443');
  assert.equal(origin({ listening: both, asked: 'http://[::1]:8080' }).origin, 'https://192.0.2.7:8443');
  assert.equal(origin({ listening: both, addresses: ['2001:db8::7'] }).origin, 'https://[2001:db8::7]:8443');
  assert.equal(origin({ listening: ['http://192.0.2.9'] }).origin, 'http://192.0.2.9:80');
  assert.equal(origin({ listening: ['http://0.0.0.0:8080'] }).origin, 'http://192.0.2.7:8080');
});

test('where nothing listens for others, or the machine has no address, the link is said to be of this machine', () => {
  assert.deepEqual(origin({}), { origin: local, isLocal: true });
  assert.deepEqual(origin({ listening: ['https://[::]:8443'], addresses: [] }), { origin: local, isLocal: true });
  assert.equal(origin({ listening: ['http://0.0.0.0:8080'], addresses: ['2001:db8::7'] }).isLocal, true);
});

test('a Host header that names no host is as good as none: it neither fails a request nor stands in a link', () => {
  const listening = ['https://[::]:8443'];
  for (const host of ['', '[', '[::1', 'a b', '127.0.0.1:99999', 'http://x/', 'a@b', 'x/y', '%00', '?', 'x\\y']) {
    const asked = `http://${host}`;
    assert.deepEqual(origin({ asked, listening }), { origin: 'https://192.0.2.7:8443', isLocal: false }, host);
    assert.deepEqual(origin({ asked }), { origin: local, isLocal: true }, host);
  }
});
