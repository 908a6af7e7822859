import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from 'commander';
import { displayWidth } from './output/display-width.ts';
import { createProgram } from './program.ts';
import { runCli } from './testing/run-cli.ts';
import { silentHost } from './testing/silent-host.ts';

function pathsOf(command: Command, path: readonly string[] = []): (readonly string[])[] {
  const below = command.commands
    .filter((child) => !child.name().startsWith('_') && child.name() !== 'help')
    .flatMap((child) => pathsOf(child, [...path, child.name()]));
  return [path, ...below];
}

const paths = pathsOf(createProgram({ host: silentHost, version: '0.0.0', exitCode: 0 }));

describe('help', () => {
  for (const path of paths) {
    it(`of yaolian ${path.join(' ')} has a sentence, examples that parse, and the exit codes`, async () => {
      const { exitCode, stdout, stderr } = await runCli([...path, '--help']);
      assert.deepEqual([exitCode, stderr], [0, '']);
      assert.match(stdout, /^Usage: yaolian/);
      assert.match(stdout, /\n\n[A-Z][^\n]+[.:)]/);
      assert.match(stdout, /\nExit codes:?\n/);
      for (const line of stdout.split('\n')) assert.ok(displayWidth(line) <= 130, line);
      const examples = /\nExamples:?\n((?: {2}.+\n)+)/.exec(stdout)?.[1];
      assert.ok(examples, 'examples');
      for (const line of examples
        .split('\n')
        .filter((example) => /\byaolian\b/.test(example) && !example.includes('#'))) {
        assert.ok(leadsSomewhere(line), line);
      }
    });
  }
});

it('yaolian write takes the types of values, and not that of what is executed', async () => {
  const { exitCode, stderr } = await runCli(['write', 'lamp', '/33001/0/0', '1', '--type', 'none']);
  assert.equal(exitCode, 2);
  assert.match(stderr, /is one of string, .*objlnk, corelnk, not "none"/);
});

/** True when the words after `yaolian` name a command, and its flags exist. */
function leadsSomewhere(line: string): boolean {
  const [, rest = ''] = /(?:^|[\s(<])yaolian ([^|>)]*)/.exec(line) ?? [];
  const words = rest.trim().split(/ +/);
  let command = createProgram({ host: silentHost, version: '0.0.0', exitCode: 0 });
  for (const word of words) {
    const next = command.commands.find((child) => child.name() === word);
    if (!next) break;
    command = next;
  }
  if (command.commands.length > 0) return false;
  if (command.name() === 'serve') return true; // its flags are the platform's
  const known = [...command.options, ...command.parent!.options, { long: '--json', short: undefined }];
  const flags = words.filter((word) => /^--?[a-zA-Z]/.test(word)).map((word) => word.split('=')[0]);
  return flags.every((flag) => known.some(({ long, short }) => long === flag || short === flag));
}

describe('yaolian', () => {
  it('shows its version', async () => {
    const run = await runCli(['--version']);
    assert.equal(run.exitCode, 0);
    assert.match(run.stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('shows help and exit code 2 when it is told nothing', async () => {
    for (const args of [[], ['coap'], ['devices']]) {
      const run = await runCli(args);
      assert.deepEqual([run.exitCode, run.stdout], [2, '']);
      assert.match(run.stderr, /^Usage: /);
    }
  });

  it('refuses an option that is given twice and is no list', async () => {
    const refused = async (...args: string[]) => {
      const run = await runCli(args);
      assert.equal(run.exitCode, 2);
      return run.stderr;
    };
    assert.equal(
      await refused('ra', 'bind', 'attic', '7KQ2M-0WX9D', '--name', 'Attic', '--name', 'Roof'),
      'yaolian: --name is given more than once; leave all but one out\n',
    );
    assert.match(await refused('fleet', '-n', '1', '--count=2'), /^yaolian: --count is given more than once/);
    // Lists are gathered, wherever the command has its own reader of one.
    const lists = [
      ['ra', 'device', 'tap', '--expose', 'web=127.0.0.1:1', '--expose', 'shell=127.0.0.1:2'],
      ['terminal', '--definition', '/nonexistent/a.xml', '--definition', '/nonexistent/b.xml'],
    ];
    for (const args of lists) assert.doesNotMatch(await refused(...args), /more than once/);
    assert.match(await refused('coap', 'get', '-q', 'a=1', '-q', 'b=2'), /missing required argument/);
  });

  it('helps with a command at any depth, and with one of a command', async () => {
    for (const [asked, same] of [
      [
        ['help', 'allow', 'list'],
        ['allow', 'list', '--help'],
      ],
      [
        ['allow', 'help', 'list'],
        ['allow', 'list', '--help'],
      ],
      [
        ['allow', 'help'],
        ['allow', '--help'],
      ],
      [
        ['help', 'allow'],
        ['allow', '--help'],
      ],
      [
        ['help', 'read'],
        ['read', '--help'],
      ],
      [
        ['help', 'serve'],
        ['serve', '--help'],
      ],
      [['help'], ['--help']],
    ] as const) {
      const run = await runCli(asked);
      assert.deepEqual([run.exitCode, run.stderr], [0, '']);
      assert.equal(run.stdout, (await runCli(same)).stdout, asked.join(' '));
    }
    for (const [asked, said] of [
      [['help', 'alow'], "unknown command 'alow'; did you mean allow? (see yaolian --help)"],
      [['help', 'allow', 'lst'], "unknown command 'lst'; did you mean one of list, ls? (see yaolian allow --help)"],
      [['help', 'read', 'now'], "'read' has no commands (see yaolian read --help)"],
    ] as const) {
      const run = await runCli(asked);
      assert.deepEqual([run.exitCode, run.stdout, run.stderr], [2, '', `yaolian: ${said}\n`]);
    }
  });

  it('does not know what it does not know', async () => {
    const run = await runCli(['devcies']);
    assert.equal(run.exitCode, 2);
    assert.equal(run.stderr, `yaolian: unknown command 'devcies'; did you mean devices? (see yaolian --help)\n`);
  });

  it('says what is right where something else was chosen', async () => {
    const option = await runCli(['terminal', '--lwm2m', '3.0']);
    assert.equal(option.exitCode, 2);
    assert.equal(option.stderr, 'yaolian: --lwm2m is one of 1.0, 1.1, 1.2, not "3.0" (see yaolian terminal --help)\n');
    const { stderr } = await runCli(['completion', 'tcsh']);
    assert.equal(stderr, 'yaolian: shell is one of bash, zsh, fish, not "tcsh" (see yaolian completion --help)\n');
  });
});
