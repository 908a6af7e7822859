/** The README of packages/lwm2m: its examples run as they stand there, and its tables say what the code says. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { toSeconds } from '@yaolian/kernel';
import { defaultBootstrapBehaviour, defaultBootstrapLimits } from '@yaolian/lwm2m/bootstrap';
import { clientErrors } from '@yaolian/lwm2m/client';
import { defaultServerBehaviour, defaultServerLimits, lwm2mErrors } from '@yaolian/lwm2m/server';
import { startServer } from '../packages/lwm2m/test/examples/server.ts';
import { startTerminal } from '../packages/lwm2m/test/examples/terminal.ts';

const package_ = join(import.meta.dirname, '../packages/lwm2m');
const readme = readFileSync(join(package_, 'README.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'yaolian-example-'));
after(() => rmSync(folder, { recursive: true }));

/** What is printed, and a promise of the first line that fits. */
function printer() {
  const lines: string[] = [];
  const waiting: { fits: RegExp; resolve: (line: string) => void }[] = [];
  const print = (line: string) => {
    lines.push(line);
    for (const { fits, resolve } of waiting) if (fits.test(line)) resolve(line);
  };
  const printed = (fits: RegExp) => {
    const already = lines.find((line) => fits.test(line));
    return already === undefined ? new Promise<string>((resolve) => waiting.push({ fits, resolve })) : already;
  };
  return { print, printed };
}

test('the examples stand in the README as they are', () => {
  for (const name of ['server', 'terminal']) {
    const source = readFileSync(join(package_, `test/examples/${name}.ts`), 'utf8');
    assert.ok(readme.includes(`\`\`\`ts\n${source}\`\`\`\n`), `${name}.ts`);
  }
});

test('the examples work', async () => {
  const { print, printed } = printer();
  const server = await startServer(folder, '127.0.0.1', 0, print);
  const terminal = await startTerminal('127.0.0.1', server.uri, print);
  assert.match(await printed(/registered/), /^urn:dev:os:0023C7-000001 registered from 127\.0\.0\.1:\d+$/);
  assert.match(await printed(/Yaolian/), /"value":"Yaolian"/);
  // Until it is observed nobody hears of a new value.
  const heard = printed(/3303\/0\/5700/);
  for (let celsius = 22; (await Promise.race([heard, tick()])) === undefined; celsius++) terminal.measure(celsius);
  await terminal.close();
  assert.equal(await printed(/left/), 'urn:dev:os:0023C7-000001 left');
  await server.close();
});

function tick(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), 20));
}

test('every error has its row', () => {
  for (const code of [...Object.keys(lwm2mErrors), ...Object.keys(clientErrors)]) {
    assert.ok(readme.includes(`| \`${code}\` |`), code);
  }
});

test('every limit and setting has its row, with its default', () => {
  const groups = [defaultServerLimits, defaultServerBehaviour, defaultBootstrapLimits, defaultBootstrapBehaviour];
  for (const [name, value] of groups.flatMap((group) => Object.entries(group) as [string, unknown][])) {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    assert.ok(row !== undefined, name);
    const isDuration = /Lifetime|Grace|Granularity|Timeout|Window|After|Delay|Patience/.test(name);
    const shown = isDuration && typeof value === 'number' ? `${toSeconds(value as never)} s` : value;
    if (typeof value === 'number' && name !== 'unknownEndpointCode') {
      assert.ok(
        row.includes(`| ${String(shown).replace(/\B(?=(\d{3})+(?!\d))/g, ',')} |`),
        `${name}: ${shown}; ${row}`,
      );
    }
  }
});
