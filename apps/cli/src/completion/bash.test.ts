import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { completionScripts } from './scripts.ts';

const execute = promisify(execFile);

async function bashVersion(): Promise<string | undefined> {
  return execute('bash', ['--version']).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
}

/** Asks the script in a real bash what the Tab key would offer, with a `yaolian` that answers from a file. */
describe('the completion script for bash', { skip: (await bashVersion()) === undefined }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yaolian-bash-'));
    await writeFile(join(folder, 'completion.bash'), completionScripts.bash);
    // Writes down what it was asked, and answers what the test wants.
    await writeFile(join(folder, 'yaolian'), `#!/bin/sh\nprintf '[%s]' "$@" > ${folder}/asked\ncat ${folder}/answer\n`);
    await chmod(join(folder, 'yaolian'), 0o755);
  });
  after(() => rm(folder, { recursive: true }));

  async function press(line: string, answer: string): Promise<{ readonly asked: string; readonly offered: string[] }> {
    await writeFile(join(folder, 'answer'), answer);
    const script = `
      source ${folder}/completion.bash
      cd ${folder}
      COMP_LINE=$1 COMP_POINT=$2
      _yaolian
      printf '%s\\n' "$\{COMPREPLY[@]}"
      cat asked`;
    const { PATH } = process.env;
    const environment = { PATH: `${folder}:${PATH}` };
    const { stdout } = await execute('bash', ['-c', script, 'bash', line, String(line.length)], { env: environment });
    const lines = stdout.split('\n');
    return { asked: lines.pop()!, offered: lines };
  }

  it('asks with the words as they were typed', async () => {
    assert.equal((await press('yaolian dev', ':done\n')).asked, '[__complete][--][dev]');
    assert.equal((await press('yaolian read ', ':done\n')).asked, '[__complete][--][read][]');
    assert.equal((await press('yaolian read urn:imei:86', ':done\n')).asked, '[__complete][--][read][urn:imei:86]');
    assert.equal((await press("yaolian read '86;46", ':done\n')).asked, '[__complete][--][read][86;46]');
    assert.equal((await press('yaolian read 86\\;46', ':done\n')).asked, '[__complete][--][read][86;46]');
  });

  it('offers what comes back, without descriptions', async () => {
    const { offered } = await press('yaolian ', 'coap\ttalk to any CoAP server\ndevices\n:done\n');
    assert.deepEqual(offered, ['coap', 'devices']);
  });

  it('gives bash only what follows the colon that it breaks words at', async () => {
    const { offered } = await press('yaolian read urn:imei:86', 'urn:imei:861\tONLINE\nurn:imei:862\t\n:done\n');
    assert.deepEqual(offered, ['861', '862']);
  });

  it('quotes what the shell would take apart, unless a quote is open', async () => {
    assert.deepEqual((await press('yaolian read 8', '86;46;1.0\t\n:done\n')).offered, ['86\\;46\\;1.0']);
    assert.deepEqual((await press("yaolian read '8", '86;46;1.0\t\n:done\n')).offered, ['86;46;1.0']);
  });

  it('offers files where they fit', async () => {
    const { offered } = await press('yaolian coap put h --file comp', ':files\n');
    assert.deepEqual(offered, ['completion.bash']);
  });
});
