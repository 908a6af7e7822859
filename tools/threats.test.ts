import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readTestFiles } from './test-titles.ts';

const root = join(import.meta.dirname, '..');
const pages = ['docs/remote-access-threats.md', 'docs/remote-access-threats.zh-CN.md'];

/** Lines `` - `file: beginning of a title` `` of a page. */
function namedIn(page: string): readonly (readonly [file: string, title: string])[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^- `([\w./-]+\.test\.ts): (.+)`$/gm)].map(([, file, title]) => [file!, title!]);
}

test('every test that the threat model names is there, and runs', () => {
  const titles = new Map(readTestFiles(root).map((one) => [one.file, one.titles]));
  for (const page of pages) {
    const missing = namedIn(page).filter(
      ([file, title]) => titles.get(file)?.some((one) => one.startsWith(title)) !== true,
    );
    assert.deepEqual(missing, [], page);
  }
});

test('every threat names a test, in both languages the same ones', () => {
  const [english, chinese] = pages.map(namedIn);
  assert.ok(english!.length > 50);
  assert.deepEqual(chinese, english);
  const text = readFileSync(join(root, pages[0]!), 'utf8');
  for (const section of text.split(/^### /m).slice(1)) assert.match(section, /^- `/m, section.slice(0, 60));
});
