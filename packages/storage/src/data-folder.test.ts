import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { silentLog } from '@yaolian/kernel';
import { DataFolder } from './data-folder.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('the data folder', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('is made for its owner alone, parents included, and its files too', () => {
    const path = join(folder.path, 'a', 'b');
    const opened = DataFolder.open(path);
    const file = opened.file('x.db');
    opened.close();
    assert.equal(modeOf(path), 0o700);
    assert.equal(modeOf(file), 0o600);
    assert.equal(modeOf(join(path, 'lock')), 0o600);
    assert.equal(modeOf(join(path, 'lock.owner')), 0o600);
  });

  it('closes files that were open to others, and warns of a folder that is', () => {
    const path = join(folder.path, 'shared');
    mkdirSync(path);
    chmodSync(path, 0o755);
    writeFileSync(join(path, 'x.db'), '');
    chmodSync(join(path, 'x.db'), 0o644);
    const warnings: unknown[] = [];
    const opened = DataFolder.open(path, { ...silentLog, warn: (message, fields) => warnings.push([message, fields]) });
    assert.equal(modeOf(opened.file('x.db')), 0o600);
    opened.close();
    assert.equal(modeOf(path), 0o755);
    assert.deepEqual(warnings, [['the data folder is open to other users', { folder: path, mode: '755' }]]);
  });

  it('belongs to one at a time', () => {
    const opened = DataFolder.open(folder.path);
    assert.throws(() => DataFolder.open(folder.path), {
      code: 'DATA_FOLDER_IN_USE',
      message: `the data folder ${folder.path} is in use by process ${process.pid}; stop that one first, or choose another folder`,
    });
    opened.close();
    opened.close();
    DataFolder.open(folder.path).close();
  });

  it('belongs to one process at a time, and is free after kill -9', async () => {
    const script = `
      const { DataFolder } = await import(${JSON.stringify(import.meta.resolve('./data-folder.ts'))});
      globalThis.held = DataFolder.open(${JSON.stringify(folder.path)});
      process.stdout.write('held');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    assert.throws(() => DataFolder.open(folder.path), {
      code: 'DATA_FOLDER_IN_USE',
      message: new RegExp(`in use by process ${child.pid};`),
    });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    DataFolder.open(folder.path).close();
  });

  it('says what is wrong when it cannot be used', () => {
    const path = join(folder.path, 'file');
    writeFileSync(path, 'not a folder');
    assert.throws(() => DataFolder.open(path), {
      code: 'DATA_FOLDER_UNUSABLE',
      message: /: there is a file in its path, not a folder \((?:EEXIST|ENOTDIR)\); choose another$/,
    });
    assert.throws(() => DataFolder.open(join(path, 'below')), { code: 'DATA_FOLDER_UNUSABLE', message: /ENOTDIR/ });
  });
});

it('a folder that cannot be made is refused, also where the system says that its parent is missing', () => {
  assert.throws(() => DataFolder.open('/proc/yaolian'), {
    code: 'DATA_FOLDER_UNUSABLE',
    message: /choose another folder$/,
  });
});
