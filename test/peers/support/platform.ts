/** The platform as a user starts it, and the command line as a user types it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { type Finished, type Peer, run, start } from './processes.ts';

const root = resolve(import.meta.dirname, '../../..');
const main = join(root, 'apps/server/src/main.ts');
const cli = join(root, 'apps/cli/src/main.ts');

export interface RunningPlatform {
  readonly coapPort: number;
  /** Of CoAP over DTLS. */
  readonly dtlsPort: number;
  readonly folder: string;
  /** Runs `yaolian …` logged in, and returns what it printed. */
  yaolian(...words: string[]): Promise<Finished>;
  /** The same with `--json`; fails the test when it does not end well. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes, each checked by the test that reads it
  json(...words: string[]): Promise<any>;
  /** Follows a command that goes on: `observe`, `events`. */
  follow(t: TestContext, ...words: string[]): Peer;
}

export async function startPlatform(t: TestContext, ...flags: string[]): Promise<RunningPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-platform-'));
  const parameters = ['--data-dir', folder, '--coap-host', '127.0.0.1', '--coap-port', '0', '--http-port', '0'];
  const platform = start(t, process.execPath, [main, ...parameters, ...flags]);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [, url] = await platform.line(/REST\s+(http:\/\/\S+)\/api\/v1/);
  const [, coapPort] = await platform.line(/Terminals\s+coap:\/\/127\.0\.0\.1:(\d+)/);
  const [, dtlsPort] = await platform.line(/coaps:\/\/127\.0\.0\.1:(\d+) \(CoAP with DTLS\)/);
  const [, password] = await platform.line(/^ {4}(\S{20,})$/);
  await platform.line(/Ctrl-C stops it/);
  const response = await fetch(`${url}/api/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password }),
  });
  const body = (await response.json()) as { token: string };
  assert.ok(response.ok, JSON.stringify(body));
  const environment = { ...process.env, YAOLIAN_URL: url!, YAOLIAN_TOKEN: body.token };
  const yaolian = (...words: string[]): Promise<Finished> => run(process.execPath, [cli, ...words], 120, environment);
  const json = async (...words: string[]) => {
    const finished = await yaolian('--json', ...words);
    assert.equal(finished.code, 0, `yaolian ${words.join(' ')}: ${finished.errors}${finished.output}`);
    return JSON.parse(finished.output);
  };
  const follow = (test: TestContext, ...words: string[]) => start(test, process.execPath, [cli, ...words], environment);
  return { coapPort: Number(coapPort), dtlsPort: Number(dtlsPort), folder, yaolian, json, follow };
}
