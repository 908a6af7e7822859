import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env as environment } from 'node:process';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Storage } from './storage.ts';
import { actionOf, checkedTerminals, lastRegister, versionsPerRound } from './testing/checked-workload.ts';
import { sampleRegistration } from './testing/sample-registration.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const env: { readonly CRASH_ROUNDS?: string } = environment;

/** How often the process is killed. More by hand: CRASH_ROUNDS=100 */
const rounds = Number(env.CRASH_ROUNDS ?? 4);

describe('after a crash', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  it(`everything that was acknowledged is there, in ${rounds} kills -9`, async () => {
    let firstVersion = 0;
    for (let round = 0; round < rounds; round++) {
      const acknowledged = await runAndKill(folder.path, firstVersion, 20 + ((round * 389) % 700));
      const newest = await judge(folder.path, acknowledged);
      // Every terminal begins the next round with a Register.
      firstVersion = (Math.floor(newest / versionsPerRound) + 1) * versionsPerRound;
    }
  });

  it('a torn tail of the log costs only what it held, and nothing else', async () => {
    const commits = 30;
    const source = await crashedWith(folder, commits);
    const log = readFileSync(`${source}-wal`);
    for (let cut = 0; cut < 40; cut++) {
      const length = Math.floor((log.length * cut) / 40) + ((cut * 31) % 97);
      const torn = log.subarray(0, length);
      assert.equal(await commitsIn(folder, source, torn), await commitsIn(folder, source, torn), 'opening twice');
    }
    assert.equal(await commitsIn(folder, source, log), commits);
  });

  it('a damaged frame in the log ends what can be trusted there', async () => {
    const commits = 30;
    const source = await crashedWith(folder, commits);
    const log = readFileSync(`${source}-wal`);
    let before = -1;
    for (let place = 0; place < 20; place++) {
      const damaged = Buffer.from(log);
      damaged[32 + Math.floor(((log.length - 32) * place) / 20)]! ^= 0x10;
      const kept = await commitsIn(folder, source, damaged);
      assert.ok(kept < commits && kept >= before, `${kept} commits, ${before} with damage further ahead`);
      before = kept;
    }
  });
});

/** Lets a process write until it has told `lines` lines, kills it, and gives back the last acknowledged version per terminal. */
async function runAndKill(folder: string, firstVersion: number, lines: number): Promise<Map<number, number>> {
  const script = fileURLToPath(new URL('./testing/checked-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder, String(firstVersion)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let told = '';
  let seen = 0;
  for await (const chunk of child.stdout) {
    told += chunk;
    seen += String(chunk).split('\n').length - 1;
    if (seen >= lines) child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  assert.equal(signal, 'SIGKILL', 'it lived until it was killed');
  const acknowledged = new Map<number, number>();
  for (const line of told.slice(0, told.lastIndexOf('\n')).split('\n')) {
    const [terminal, version] = line.split(' ').map(Number);
    acknowledged.set(terminal!, version!);
  }
  return acknowledged;
}

/** Compares what is stored with what was acknowledged: the last acknowledged version, or the one that was under way. */
async function judge(folder: string, acknowledged: ReadonlyMap<number, number>): Promise<number> {
  await using storage = Storage.open({ folder });
  assert.deepEqual(storage.integrityProblems(), []);
  const stored = new Map([...(await storage.registrations.load()).registrations].map((r) => [r.endpoint, r]));
  let newest = 0;
  for (let terminal = 0; terminal < checkedTerminals; terminal++) {
    const last = acknowledged.get(terminal);
    if (last === undefined) continue;
    newest = Math.max(newest, last + 1);
    const registration = stored.get(`e${terminal}`);
    const device = await storage.devices.device(`k${terminal}`);
    assert.equal(device?.activatedAt, 1, 'the activation is the first of all Registers');
    if (registration === undefined) {
      assert.ok(
        [last, last + 1].some((version) => actionOf(version) === 'remove'),
        `terminal ${terminal} is lost`,
      );
      continue;
    }
    const version = registration.lifetime - 1;
    assert.ok(
      version === last || version === last + 1,
      `terminal ${terminal} is at ${version}, acknowledged was ${last}`,
    );
    assert.equal(registration.id, `t${terminal}v${lastRegister(version)}`);
    assert.equal(device?.lastRegisteredAt, lastRegister(version) + 1, 'device and registration are of one transaction');
  }
  return newest;
}

/** A database whose log holds `commits` transactions, copied as a crash would leave it. Transaction i registers `r<i>` twice over. */
async function crashedWith(folder: ReturnType<typeof temporaryFolder>, commits: number): Promise<string> {
  const storage = Storage.open({ folder: join(folder.path, 'live') });
  const source = join(folder.path, 'crashed.db');
  copyFileSync(storage.file, source);
  for (let i = 0; i < commits; i++) {
    const registration = sampleRegistration(`r${i}`);
    await Promise.all([
      storage.registrations.register(registration, undefined),
      storage.settings.setSetting('last', i),
    ]);
  }
  copyFileSync(storage.file, source);
  copyFileSync(`${storage.file}-wal`, `${source}-wal`);
  await storage.close();
  return source;
}

/** How many whole transactions are there with this log. */
async function commitsIn(folder: ReturnType<typeof temporaryFolder>, source: string, log: Uint8Array): Promise<number> {
  const place = join(folder.path, 'torn');
  await Storage.open({ folder: place }).close();
  const file = join(place, 'yaolian.db');
  copyFileSync(source, file);
  truncateSync(file, readFileSync(source).length);
  copyFileSync(join(folder.path, 'live', 'secrets.key'), join(place, 'secrets.key'));
  writeFileSync(`${file}-wal`, log);
  await using storage = Storage.open({ folder: place });
  assert.deepEqual(storage.integrityProblems(), []);
  const ids = [...(await storage.registrations.load()).registrations].map(({ id }) => id);
  const last = (await storage.settings.setting('last')) ?? -1;
  assert.deepEqual(
    ids,
    Array.from({ length: ids.length }, (_, i) => `r${i}`),
    'a prefix of what was committed',
  );
  assert.equal(last, ids.length - 1, 'whole transactions');
  return ids.length;
}
