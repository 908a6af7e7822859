import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { after, test } from 'node:test';
import type { Log } from '@yaolian/kernel';
import { openUdpPort } from './open-udp-port.ts';
import { type UdpPortOptions, udpAdapterVariable } from './udp-port.ts';

let koffiIsInstalled = true;
const hooks = registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'koffi' && !koffiIsInstalled) throw new Error("Cannot find package 'koffi'");
    return next(specifier, context);
  },
});
after(() => hooks.deregister());

function recorded(): { log: Log; lines: [string, unknown][] } {
  const lines: [string, unknown][] = [];
  const write = (message: string, fields: unknown) => lines.push([message, fields]);
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  return { log, lines };
}

async function adapterOf(options: Partial<UdpPortOptions> = {}): Promise<string> {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, ...options });
  await port.close();
  return port.adapter;
}

async function pretending(property: 'platform' | 'arch', value: string, run: () => Promise<void>): Promise<void> {
  const real = Object.getOwnPropertyDescriptor(process, property)!;
  Object.defineProperty(process, property, { ...real, value });
  try {
    await run();
  } finally {
    Object.defineProperty(process, property, real);
  }
}

// Before the tests that load it: a module once loaded stays loaded.
test('where koffi is not installed the choice falls on the portable adapter, and the log says why', async () => {
  koffiIsInstalled = false;
  try {
    const { log, lines } = recorded();
    assert.equal(await adapterOf({ log, adapter: 'auto' }), 'portable');
    if (process.platform === 'linux') assert.match(JSON.stringify(lines), /koffi does not load: Cannot find package/);
    await assert.rejects(adapterOf({ adapter: 'batched' }), { code: 'UDP_BATCHED_UNAVAILABLE' });
  } finally {
    koffiIsInstalled = true;
  }
});

test('on Linux the choice falls on the batched adapter, unless told otherwise', async () => {
  const known = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
  assert.equal(await adapterOf({ adapter: 'auto' }), known ? 'batched' : 'portable');
  assert.equal(await adapterOf({ adapter: 'portable' }), 'portable');
});

test('elsewhere it is the portable one', async () => {
  for (const [property, value] of [
    ['platform', 'darwin'],
    ['arch', 's390x'],
  ] as const) {
    await pretending(property, value, async () => {
      const { log, lines } = recorded();
      assert.equal(await adapterOf({ adapter: 'auto', log }), 'portable');
      assert.match(JSON.stringify(lines), new RegExp(`portable adapter.*${value}`));
      await assert.rejects(adapterOf({ adapter: 'batched' }), { code: 'UDP_BATCHED_UNAVAILABLE' });
    });
  }
});

test('the environment chooses where the option does not', async (t) => {
  const before = process.env[udpAdapterVariable];
  t.after(() => {
    if (before === undefined) delete process.env[udpAdapterVariable];
    else process.env[udpAdapterVariable] = before;
  });
  process.env[udpAdapterVariable] = 'portable';
  assert.equal(await adapterOf(), 'portable');
  process.env[udpAdapterVariable] = 'fast';
  await assert.rejects(adapterOf(), { name: 'RangeError', message: /auto, batched or portable, not "fast"/ });
  assert.equal(await adapterOf({ adapter: 'portable' }), 'portable');
});

test('options out of their range are refused', async () => {
  const wrong: Partial<UdpPortOptions>[] = [
    { host: 'localhost' },
    { port: 65_536 },
    { receiveBufferBytes: 0 },
    { sendBufferBytes: 1.5 },
    { sendQueueBytes: 2 ** 31 },
    { rememberedPeers: -1 },
    { adapter: 'quick' as 'auto' },
  ];
  for (const options of wrong) await assert.rejects(adapterOf(options), RangeError, JSON.stringify(options));
});
