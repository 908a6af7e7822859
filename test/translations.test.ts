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

/** Texts of the console and of the suites for clients as they stand in the sources, and the Chinese pages, without what is code. */
const chineseTexts = [
  ...globSync('apps/console/src/catalogue/*.ts', { cwd: root }).filter((file) => !/test|-names/.test(file)),
  ...globSync('packages/igrs/src/conformance/clients/*.ts', { cwd: root }),
  ...globSync('{README,docs/*,packages/*/*}.zh-CN.md', { cwd: root }),
].map((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  return {
    file,
    lines: file.endsWith('.md')
      ? text
          .replaceAll(
            /^```[\s\S]*?^```|`[^`\n]*`|\]\([^)]*\)/gm,
            (code) => `\`${'\n'.repeat(code.split('\n').length - 1)}`,
          )
          .split('\n')
      : text.split('\n'),
  };
});

const glossary = [
  ...readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').matchAll(
    /^\| .+ \| (\p{Script=Han}+) \| (\p{Script=Han}.*) \|$/gmu,
  ),
].map(([, right, others]) => ({ right: right!, wrong: others!.split('、') }));

test('one thing has one word in Chinese texts: that of the glossary', () => {
  assert.ok(glossary.length > 15 && chineseTexts.length > 50);
  for (const { file, lines } of chineseTexts) {
    for (const [index, line] of lines.entries()) {
      for (const { right, wrong } of glossary) {
        for (const word of wrong) {
          assert.ok(
            !line.includes(word) || line.includes('许可证'),
            `${file}:${index + 1}: ${word}, elsewhere ${right}`,
          );
        }
      }
    }
  }
});

test('Chinese texts have their spaces and signs as the glossary says', () => {
  const faults: readonly (readonly [string, RegExp])[] = [
    ['no space between Chinese and Latin', /\p{Script=Han}[A-Za-z\d]|[A-Za-z\d]\p{Script=Han}/u],
    ['a half-width sign', /\p{Script=Han}[,;:!?](?!\d)|[,;:!?]\p{Script=Han}/u],
    ['a space between Chinese', /\p{Script=Han} +\p{Script=Han}/u],
    ['a space at a full-width sign', /[，。；：！？、（“] +(?![|[])\S|\S(?<!\|) +[，。；：！？、）”]/u],
    ['a space before %', /\d %(?!\w)/],
  ];
  const found: string[] = [];
  for (const { file, lines } of chineseTexts) {
    for (const [index, line] of lines.entries()) {
      if (file.endsWith('.md') && /^ {4}|^<!--/.test(line)) continue;
      const quoted = [...line.matchAll(/'([^']*\p{Script=Han}[^']*)'/gu)].map(([, text]) => text!);
      for (const text of file.endsWith('.md') ? [line] : quoted) {
        for (const [fault, pattern] of faults)
          if (pattern.test(text)) found.push(`${file}:${index + 1}: ${fault}: ${text}`);
      }
    }
  }
  assert.deepEqual(found, []);
});
