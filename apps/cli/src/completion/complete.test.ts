import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCli } from '../testing/run-cli.ts';

/** The candidates for a command line whose last word is being typed, and whether files fit. */
async function candidates(
  ...words: string[]
): Promise<{ readonly values: readonly string[]; readonly files: boolean }> {
  const run = await runCli(['__complete', '--', ...words]);
  assert.equal(run.exitCode, 0, run.stderr);
  const lines = run.stdout.trimEnd().split('\n');
  const directive = lines.pop();
  return { values: lines.map((line) => line.split('\t')[0]!), files: directive === ':files' };
}

async function values(...words: string[]): Promise<readonly string[]> {
  return (await candidates(...words)).values;
}

describe('yaolian __complete', () => {
  it('completes commands and subcommands, and hides what is hidden', async () => {
    const all = await values('');
    for (const name of ['coap', 'devices', 'read', 'login', 'completion', 'help']) assert.ok(all.includes(name), name);
    assert.ok(!all.includes('__complete'));
    assert.deepEqual(await values('devices'), ['devices']);
    assert.deepEqual(await values('coap', 'p'), ['put', 'post', 'patch', 'ping']);
    assert.deepEqual(await values('nonsense', ''), []);
  });

  it('describes what it offers', async () => {
    const run = await runCli(['__complete', '--', 'coap', 'pi']);
    assert.equal(run.stdout, 'ping\tsee whether an endpoint is there\n:done\n');
  });

  it('completes flags, those of the command and those for all', async () => {
    const flags = await values('coap', 'get', '--');
    for (const flag of ['--accept', '--block-size', '--json', '--help']) assert.ok(flags.includes(flag), flag);
    assert.deepEqual(await values('coap', 'get', '--ac'), ['--accept']);
    assert.deepEqual(await values('coap', 'put', '-t', 'text', '--fo'), []);
    assert.deepEqual(await values('coap', 'put', '-O', '1=2', '--opt'), ['--option']);
    assert.deepEqual(await values('coap', 'get', '--', '--ac'), []);
  });

  it('completes the values of flags', async () => {
    assert.deepEqual(await values('coap', 'get', '-a', 'cb'), ['cbor']);
    assert.deepEqual(await values('coap', 'get', '--accept', 'senml'), ['senml-json', 'senml-cbor']);
    assert.deepEqual(await values('coap', 'get', '--accept=cb'), ['--accept=cbor']);
    assert.deepEqual(await values('devices', 'list', '--state', ''), ['ONLINE', 'OFFLINE', 'SLEEPING']);
    assert.deepEqual(await values('events', '--type', 'boot'), [
      'bootstrap',
      'bootstrap.started',
      'bootstrap.finished',
      'bootstrap.failed',
      'bootstrap.refused',
    ]);
    assert.deepEqual(await values('coap', 'get', '--timeout', ''), []);
  });

  it('completes arguments, and says where files fit', async () => {
    assert.deepEqual(await values('completion', ''), ['bash', 'zsh', 'fish']);
    assert.deepEqual(await values('enrolment', 'o'), ['open']);
    assert.deepEqual(await candidates('coap', 'put', 'h/x', '--file', ''), { values: [], files: true });
    assert.deepEqual(await candidates('coap', 'put', ''), { values: [], files: false });
  });

  it('offers no devices, and no complaint, to who is not logged in', async () => {
    const run = await runCli(['__complete', '--', 'read', '']);
    assert.deepEqual([run.stdout, run.stderr], [':done\n', '']);
  });
});
