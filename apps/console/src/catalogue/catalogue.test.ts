import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bootstrapFailures, eventTypes, problemKinds, refusalCodes, reasons as sentences } from '@yaolian/contract';
import { devices } from './devices.ts';
import { home } from './home.ts';
import { catalogue } from './index.ts';
import { plots } from './plots.ts';
import { problems } from './problems.ts';
import { reasons } from './reasons.ts';
import { resources } from './resources.ts';
import { shell } from './shell.ts';
import type { Text } from './text.ts';

const source = join(import.meta.dirname, '..');
const ofHome: Readonly<Record<string, Text>> = {
  ...shell,
  ...devices,
  ...home,
  ...plots,
  ...resources,
  ...problems,
  ...reasons,
};
const ofConsole: Readonly<Record<string, Text>> = catalogue;

test('every error that the platform answers with says what went wrong and what to do, in both languages', () => {
  const texts: Readonly<Record<string, Text>> = problems;
  for (const code of [...Object.keys(problemKinds), 'unreachable', 'unexpected']) {
    for (const key of [`problem.${code}`, `advice.${code}`]) {
      const { en, zh } = texts[key] ?? { en: '', zh: '' };
      assert.ok(en.length > 5, `${key} in English`);
      assert.match(zh, /\p{Script=Han}/u, `${key} in Chinese`);
    }
    assert.match(texts[`advice.${code}`]!.en, /[.?}]$/, `advice.${code} is a sentence`);
  }
});

test('every reason that the platform gives, every event and why terminals are turned away has a text in both languages', () => {
  const keys = [
    ...Object.keys(sentences).map((code) => `reason.${code}`),
    ...eventTypes.flatMap((type) => [`event.${type}`, `event-name.${type}`]),
    ...refusalCodes.map((code) => `failure.refused.${code}`),
    ...bootstrapFailures.map((code) => `failure.bootstrap.${code}`),
  ];
  for (const key of keys) {
    const { en, zh } = ofConsole[key] ?? { en: '', zh: '' };
    assert.match(en, /[a-z{]/, `${key} in English`);
    assert.match(zh, /\p{Script=Han}|\{/u, `${key} in Chinese`);
  }
  for (const key of Object.keys(reasons)) assert.match(reasons[key as keyof typeof reasons].zh, /\p{Script=Han}/u, key);
});

test('texts are not empty, and have the same places for values in both languages', () => {
  for (const [key, { en, zh }] of Object.entries({ ...ofConsole, ...ofHome })) {
    const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();
    assert.ok(en !== '' && zh !== '', key);
    assert.deepEqual(places(zh), places(en), key);
  }
});

/** The texts that a file names as they are; those that are put together are checked by types. */
function textsNamedIn(file: string): string[] {
  const code = readFileSync(join(source, file), 'utf8');
  return [...code.matchAll(/\b(?:t|translate)\(\s*'([\w.-]+)'/g)].map((match) => match[1]!);
}

test('each of the two pages has the texts that its files name', () => {
  const own = (file: string) => !file.includes('.test.') && !file.startsWith('catalogue');
  for (const file of globSync('**/*.{ts,tsx}', { cwd: source }).filter(own)) {
    const texts = file.startsWith('home') ? ofHome : ofConsole;
    for (const key of textsNamedIn(file)) assert.ok(key in texts, `${file}: ${key}`);
  }
});

test('what a meter of energy and a meter of power count have names of their own', () => {
  // Of 3331 and 3305 one device may have both; the first is called by its object, as its value is all it has.
  const both = [resources['object.3331'], resources['resource.5805'], resources['resource.5800']];
  for (const one of ['en', 'zh'] as const) assert.equal(new Set(both.map((text) => text[one])).size, both.length, one);
});

test('what is called by the number of a resource alone is one that objects share: 9 is the battery of object 3, and other things of others', () => {
  const shared = Object.keys(resources).flatMap((key) => /^resource\.(\d+)$/.exec(key)?.[1] ?? []);
  assert.ok(shared.length > 10);
  // OMA's registry: reusable resources have numbers from 2048 on.
  for (const id of shared) assert.ok(Number(id) >= 2048, id);
});
