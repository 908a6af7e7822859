import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

/** Prints the workspaces that the command line loads before it runs a command. */
const script = `
  import { registerHooks } from 'node:module';
  const loaded = new Set();
  registerHooks({ load: (url, context, next) => {
    const workspace = /\\/(?:packages|apps)\\/([^/]+)\\/src\\//.exec(url);
    if (workspace !== null) loaded.add(workspace[1]);
    return next(url, context);
  } });
  await import(process.argv[1]);
  console.log([...loaded].join(' '));
`;

test('tab completion at every key press does not load the platform: commands that are one load it when they run', () => {
  const run = new URL('run.ts', import.meta.url).href;
  const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', script, run])
    .toString()
    .trim()
    .split(' ');
  assert.ok(loaded.includes('cli'), loaded.join(' '));
  for (const heavy of ['server', 'simulator', 'storage', 'lwm2m', 'china-mobile-dm'])
    assert.ok(!loaded.includes(heavy), `${heavy} is loaded`);
});
