/**
 * Every command line of the documentation and of the service file is one that the command line and the server take: commands, flags and
 * arguments. The settings that pages name exist, and each page leads to itself in the other language.
 */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { defaultConfig, loadConfig } from '@yaolian/server';
import { createProgram } from './program.ts';
import { silentHost } from './testing/silent-host.ts';

const root = join(import.meta.dirname, '../../..');
const pages = globSync(
  ['{README,README.zh-CN,CONTRIBUTING,docs/*,packages/*/README,apps/*/README}.md', 'packaging/*.service'],
  { cwd: root },
);

/** The words after `yaolian`, or the flags after `npm start --`, in code blocks and between backticks. */
function commandsIn(text: string): string[] {
  const code = text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .flatMap((line) =>
      /^(?: {4}|\$ |npx |ExecStart=)/.test(line) ? [line] : [...line.matchAll(/`([^`]+)`/g)].map(([, one]) => one!),
    );
  return code.flatMap((line) =>
    [...line.matchAll(/(?:^|npx |\$ |; |ExecStart=\S+\/)(yaolian|npm start --)(?= )([^|;&#<>\n]*)/g)].map(
      ([, program, rest]) => `${program === 'yaolian' ? '' : 'serve '}${rest!.trim()}`,
    ),
  );
}

function words(line: string): string[] {
  return [...line.replaceAll(/\$\([^)]*\)/g, 'x').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare!,
  );
}

type Program = ReturnType<typeof createProgram>;

function withoutActions(command: Program): Program {
  command.exitOverride();
  command.configureOutput({ writeOut: () => {}, writeErr: () => {}, outputError: () => {} });
  for (const child of command.commands) withoutActions(child);
  if (command.commands.length === 0) command.action(() => {});
  return command;
}

async function mistakeIn(line: string): Promise<string | undefined> {
  const given = words(line).map((word) => (word === '…' || /^\$[A-Z_]+$/.test(word) ? '0011223344556677' : word)); // whatever the reader has
  if (given[0] === 'serve') {
    const flags = given.slice(1);
    if (flags.some((flag) => flag === '--help')) return undefined;
    return mistakeOf(async () => loadConfig({ args: flags, environment: {} }));
  }
  const program = withoutActions(createProgram({ host: silentHost, version: '0.0.0', exitCode: 0 }));
  return mistakeOf(() => program.parseAsync(given, { from: 'user' }));
}

async function mistakeOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    // A command may be named without what it is done to.
    const isFine = ['commander.help', 'commander.helpDisplayed', 'commander.missingArgument'].includes(code ?? '');
    return isFine ? undefined : message;
  }
}

for (const page of pages.toSorted()) {
  const commands = commandsIn(readFileSync(join(root, page), 'utf8'));
  if (commands.length === 0) continue;
  test(`${page}: its ${commands.length} command lines are right`, async () => {
    const mistakes = [];
    for (const line of commands) {
      const mistake = await mistakeIn(line);
      if (mistake !== undefined) mistakes.push(`yaolian ${line}: ${mistake}`);
    }
    assert.deepEqual(mistakes, []);
  });
}

test('the settings that pages name exist', () => {
  const settings = new Set(Object.keys(defaultConfig()));
  const groups = new Set([...settings].filter((name) => name.includes('.')).map((name) => name.split('.')[0]!));
  const files = new Set(['secrets.key']);
  const wrong = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/`([a-z][a-z0-9-]*)\.([a-z][a-z0-9-]*)`/g)]
      .filter(([, group, name]) => groups.has(group!) && !settings.has(`${group}.${name}`))
      .map(([, group, name]) => `${group}.${name}`)
      .filter((name) => !files.has(name))
      .map((name) => `${page}: ${name}`),
  );
  assert.deepEqual(wrong, []);
});

test('a page that is there in two languages leads from one to the other', () => {
  const twinOf = (page: string) =>
    page.endsWith('.zh-CN.md') ? page.replace('.zh-CN.md', '.md') : page.replace('.md', '.zh-CN.md');
  const alone = pages
    .filter((page) => page.endsWith('.md') && existsSync(join(root, twinOf(page))))
    .filter((page) => !readFileSync(join(root, page), 'utf8').includes(`](${basename(twinOf(page))})`));
  assert.deepEqual(alone, []);
});
