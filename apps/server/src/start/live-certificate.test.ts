import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { seconds, silentLog } from '@yaolian/kernel';
import { until, VirtualTime } from '@yaolian/testkit';
import { defaultConfig } from '../config/settings.ts';
import { LiveCertificate } from './live-certificate.ts';

test('files that change are taken by all who serve them; what does not go together is looked at again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-certificate-'));
  t.after(() => rm(folder, { recursive: true }));
  const [certificate, key] = [join(folder, 'c.pem'), join(folder, 'k.pem')];
  await writeFile(certificate, 'first');
  await writeFile(key, 'key');
  const time = new VirtualTime();
  const config = { ...defaultConfig(), 'tls.certificate': certificate, 'tls.key': key };
  const refused: string[] = [];
  const log = {
    ...silentLog,
    warn: (text: string) => void refused.push(text),
    error: (text: string) => void refused.push(text),
  };
  const live = await LiveCertificate.open({ config, dataFolder: folder, clock: time, timers: time, log });
  const taken: string[] = [];
  const easy: string[] = [];
  live.onChange(({ certificate: one }) => easy.push(new TextDecoder().decode(one as Uint8Array)));
  live.onChange(({ certificate: one }) => {
    const text = new TextDecoder().decode(one as Uint8Array);
    // Also what is read while it is being written.
    if (!['second', 'third'].includes(text)) throw new Error('they do not go together');
    taken.push(text);
  });
  const later = async () => {
    await time.advance(seconds(10));
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate); // files are read
  };
  const comes = (isSo: () => boolean, what: string) => until(async () => later().then(isSo), what);
  await later();
  assert.deepEqual(taken, []);
  await writeFile(certificate, 'half');
  await comes(() => refused.length > 0, 'the refusal');
  assert.equal(new TextDecoder().decode(live.current.certificate as Uint8Array), 'first');
  assert.deepEqual(easy.slice(0, 2), ['half', 'first'], 'who took it gives it back');
  assert.equal(live.trouble, 'they do not go together');
  await later();
  await later();
  assert.equal(refused.length, 1, 'what is wrong is said once');
  await writeFile(certificate, 'other half');
  await comes(() => refused.length > 1, 'that it is still wrong, and otherwise');
  await writeFile(certificate, 'first');
  await comes(() => live.trouble === undefined, 'the first one again');
  await writeFile(certificate, 'half');
  await comes(() => refused.length > 2, 'the refusal anew');
  await writeFile(certificate, 'second');
  await comes(() => taken.length > 0, 'the second certificate');
  assert.deepEqual([taken, live.trouble], [['second'], undefined]);
  live.close();
  await writeFile(certificate, 'third');
  await later();
  assert.deepEqual(taken, ['second']);
});
