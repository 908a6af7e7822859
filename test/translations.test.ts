/** The Chinese pages say what the English ones say: the same sections, and every command, setting, field and code that they name. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');

/** What stands between backticks, without the words in capitals that stand for something of the reader's. */
function codeOf(text: string): string[] {
  const inline = text.replaceAll(/^(?: {4}|```).*$/gm, '');
  return [...inline.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) =>
    code!
      .split(/\b[A-Z][A-Z-]+\b/)
      .map((part) => part.trim())
      .filter((part) => part.length > 1),
  );
}

for (const chinese of globSync('{docs,packages/*}/*.zh-CN.md', { cwd: root }).toSorted()) {
  test(`${chinese} is its English page`, () => {
    const translated = readFileSync(join(root, chinese), 'utf8');
    const original = readFileSync(join(root, chinese.replace('.zh-CN', '')), 'utf8');
    const sections = (text: string) => text.match(/^#+ /gm);
    assert.deepEqual(sections(translated), sections(original), 'the sections');
    assert.deepEqual(
      codeOf(original).filter((code) => !translated.includes(code)),
      [],
      'what only the English page names',
    );
  });
}
