import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../host.ts';
import { connect, parseUrl } from './connection.ts';
import { loadSession, removeSession, saveSession, sessionFile } from './session-file.ts';

describe('the session file', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yaolian-cli-'));
  });
  after(() => rm(folder, { recursive: true }));

  const session = {
    url: 'http://127.0.0.1:8080',
    token: 'secret',
    operator: 'admin',
    expiresAt: '2026-01-01T00:00:00Z',
  };
  const host = (environment: Host['environment']) => ({ environment }) as Host;

  it('lies where XDG says', () => {
    assert.equal(sessionFile({ HOME: '/home/a' }), '/home/a/.config/yaolian/session.json');
    assert.equal(sessionFile({ HOME: '/home/a', XDG_CONFIG_HOME: '/x' }), '/x/yaolian/session.json');
    assert.equal(sessionFile({ HOME: '/home/a', XDG_CONFIG_HOME: 'relative' }), '/home/a/.config/yaolian/session.json');
  });

  it('is readable by its owner only, also when it replaces another', async () => {
    const environment = { XDG_CONFIG_HOME: folder };
    const file = await saveSession(environment, session);
    await rm(file);
    await writeFile(file, 'old', { mode: 0o644 });
    await saveSession(environment, session);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal((await stat(join(folder, 'yaolian'))).mode & 0o777, 0o700);
    assert.deepEqual(await loadSession(environment), session);
    await removeSession(environment);
    await removeSession(environment);
    assert.equal(await loadSession(environment), undefined);
  });

  it('is refused when it is damaged', async () => {
    const environment = { XDG_CONFIG_HOME: folder };
    for (const text of ['', '{', '[]', '{"url":1}', 'null']) {
      await writeFile(sessionFile(environment), text);
      await assert.rejects(loadSession(environment), /damaged; log in again/);
    }
    assert.equal(await readFile(sessionFile(environment), 'utf8'), 'null');
  });

  it('is used, but never against another platform', async () => {
    const environment = { XDG_CONFIG_HOME: folder };
    await saveSession(environment, session);
    assert.equal((await connect(host(environment))).url, session.url);
    await assert.rejects(
      connect(host({ ...environment, YAOLIAN_URL: 'https://other.example' })),
      /not to https:\/\/other.example/,
    );
    const withToken = { ...environment, YAOLIAN_URL: 'other.example', YAOLIAN_TOKEN: 't' };
    assert.equal((await connect(host(withToken))).url, 'http://other.example');
    assert.equal((await connect(host({ ...environment, YAOLIAN_TOKEN: 't' }))).url, 'http://127.0.0.1:8080');
    await removeSession(environment);
    await assert.rejects(connect(host(environment)), {
      code: 'CLI_USAGE',
      message: /not logged in; run "yaolian login/,
    });
  });
});

describe('parseUrl', () => {
  for (const [text, url] of [
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['localhost', 'http://localhost'],
    ['https://Platform.example/', 'https://platform.example'],
    ['https://platform.example/yaolian/', 'https://platform.example/yaolian'],
    ['[::1]:8080', 'http://[::1]:8080'],
  ] as const) {
    it(`reads ${text}`, () => assert.equal(parseUrl(text), url));
  }
  for (const text of ['', 'ftp://x', 'http://a:b@c', 'http://x?y', 'http://x#y', 'a b']) {
    it(`refuses "${text}"`, () => assert.throws(() => parseUrl(text), { code: 'CLI_USAGE' }));
  }
});
