import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { type LogOptions, pinoLog } from './log.ts';

function written(options: Omit<LogOptions, 'destination'>, isTTY = false) {
  const lines: string[] = [];
  const log = pinoLog({ ...options, destination: { write: (line: string) => lines.push(line), isTTY } });
  return { log, lines, first: () => JSON.parse(lines[0]!) as Record<string, unknown> };
}

test('a line is a JSON object with level, time, message and fields', () => {
  const { log, first } = written({ fields: { node: 'a' } });
  log.child({ peer: '192.0.2.1:5683' }).warn('refused', { code: 132, flags: ['x'] });
  const { time, ...rest } = first();
  assert.deepEqual(rest, { level: 'warn', msg: 'refused', node: 'a', peer: '192.0.2.1:5683', code: 132, flags: ['x'] });
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('what is below the level is not written', () => {
  const { log, lines } = written({ level: 'warn' });
  for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](level);
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).level),
    ['warn', 'error'],
  );
  const silent = written({ level: 'silent' });
  silent.log.error('nobody hears this');
  assert.equal(silent.lines.length, 0);
});

test('errors, bytes, big integers and long texts come out readable and bounded', () => {
  const { log, first, lines } = written({});
  const cause = new Error('inner');
  log.error('failed', {
    error: Object.assign(new Error('outer', { cause }), { code: 'COAP_TIMEOUT' }),
    token: Uint8Array.of(0xab, 0x01),
    datagram: new Uint8Array(1000),
    count: 2n ** 64n,
    path: 'x'.repeat(100_000),
  });
  const line = first() as Record<string, string & Record<string, unknown>>;
  assert.equal(line['error']?.['code'], 'COAP_TIMEOUT');
  assert.match(String(line['error']?.['message']), /outer.*inner/);
  assert.match(String(line['error']?.['stack']), /log\.test\.ts/);
  assert.equal(line['token'], 'ab01');
  assert.equal(line['datagram'], `${'00'.repeat(64)}… (1000 bytes)`);
  assert.equal(line['count'], '18446744073709551616');
  assert.ok(lines[0]!.length < 10_000);
});

test('a field cannot pass itself off as the level, the time or the message', () => {
  const { log, first } = written({});
  log.child({ msg: 'other' }).info('real', { level: 'error', time: 'never' });
  const line = first();
  assert.deepEqual([line['msg'], line['level']], ['real', 'info']);
  assert.deepEqual([line['msg_'], line['level_'], line['time_']], ['other', 'error', 'never']);
});

test('cyclic fields do not throw', () => {
  const { log, lines } = written({});
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  log.info('cyclic', { cyclic });
  assert.equal(lines.length, 1);
});

test('a terminal gets lines for people, with colours', () => {
  const plain = written({ format: 'pretty' });
  plain.log.info('registered', { endpoint: 'a b', lifetime: 86400, links: ['</3/0>'] });
  assert.match(
    plain.lines[0]!,
    /^\d\d:\d\d:\d\d\.\d{3} INFO {2}registered endpoint="a b" lifetime=86400 links=\[ '<\/3\/0>' \]\n$/,
  );
  const terminal = written({}, true);
  terminal.log.warn('careful');
  assert.equal(terminal.lines[0]!.includes('\u001b[33m'), process.env['NO_COLOR'] === undefined);
  assert.throws(() => JSON.parse(terminal.lines[0]!));
});

test('an error in a pretty line is followed by its stack', () => {
  const { log, lines } = written({ format: 'pretty' });
  log.error('failed', { error: new Error('why') });
  assert.match(lines[0]!, /ERROR failed error=why\n {4}Error: why\n {8}at .*log\.test\.ts/);
});

test('what a stranger sent cannot steer the terminal', () => {
  const { log, lines } = written({ format: 'pretty' });
  log.info('got \u001b[2J', { ep: 'a\u009b31mb\r\nINFO forged', ['k\u001b']: ['\u202e'] });
  assert.equal(lines.length, 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.doesNotMatch(lines[0]!.slice(0, -1), /[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('a disk that is full under the log does not end the program', () => {
  const full = openSync('/dev/full', 'w');
  const program = `
    const { pinoLog } = await import(${JSON.stringify(new URL('./log.ts', import.meta.url).href)});
    const log = pinoLog({ format: 'json' });
    for (let i = 0; i < 1000; i++) log.error('not stored', { text: 'x'.repeat(1000) });
    await new Promise(setImmediate);
    console.log('alive');`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', full],
    encoding: 'utf8',
  });
  closeSync(full);
  assert.deepEqual([ended.status, ended.stdout], [0, 'alive\n']);
});
