import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { type Log, minutes, seconds, silentLog } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { type DescriptorUse, DescriptorWatch, descriptorUse } from './descriptor-watch.ts';
import { PrometheusMeter } from './prometheus-meter.ts';

test('descriptors of this process are counted, and their limit is known', {
  skip: process.platform !== 'linux',
}, () => {
  const before = descriptorUse()!;
  assert.ok(before.used > 2 && before.used < before.limit);
  const files = Array.from({ length: 10 }, () => openSync('/dev/null', 'r'));
  const { used } = descriptorUse()!;
  for (const file of files) closeSync(file);
  assert.equal(used, before.used + 10);
});

/** A watch over what `use` says. */
function watchOver(use: () => DescriptorUse | undefined) {
  const time = new VirtualTime();
  const lines: string[] = [];
  const say = (message: string) => void lines.push(message);
  const log: Log = { ...silentLog, info: say, error: say };
  const meter = new PrometheusMeter();
  const watch = new DescriptorWatch({ timers: time, log, meter, look: use, every: seconds(2), window: minutes(1) });
  return { time, lines, meter, watch };
}

test('that descriptors are used up is said once, and once that there are some again', async () => {
  let used = 50;
  const { time, lines, meter, watch } = watchOver(() => ({ used, limit: 100 }));
  await time.advance(minutes(1));
  assert.deepEqual(lines, []);
  for (used of [100, 99, 100, 90, 100]) await time.advance(seconds(10));
  assert.deepEqual(lines, ['there are no file descriptors left: new connections are closed at once']);
  used = 89;
  await time.advance(seconds(10));
  assert.deepEqual(lines.slice(1), ['there are file descriptors again']);
  assert.match(meter.text(), /^process_open_fds 89$/m);
  assert.match(meter.text(), /^process_max_fds 100$/m);
  watch.close();
});

test('the most is remembered for a minute at least, and forgotten after two', async () => {
  let used = 50;
  const { time, watch } = watchOver(() => ({ used, limit: 100 }));
  used = 100;
  await time.advance(seconds(2));
  used = 50;
  await time.advance(minutes(1));
  assert.deepEqual(watch.most, { used: 100, limit: 100 });
  await time.advance(minutes(1));
  assert.deepEqual(watch.most, { used: 50, limit: 100 });
  watch.close();
});

test('where the system does not tell, nothing is said', async () => {
  const { time, lines, meter, watch } = watchOver(() => undefined);
  await time.advance(minutes(1));
  assert.equal(watch.most, undefined);
  assert.deepEqual(lines, []);
  assert.doesNotMatch(meter.text(), /_fds/);
});
