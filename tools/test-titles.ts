/** Reads the titles of tests out of their sources, so that what is claimed to be tested can be held against them. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The tests of one file that run: skipped ones and those to do are not among them. */
export interface TestFile {
  /** `packages/coap/src/observe.test.ts` */
  readonly file: string;
  readonly titles: readonly string[];
}

/** `eachNetwork` makes tests of one title, over a network that works and over one that does not. */
const call =
  /^[ \t]*(?:test|it|describe|eachNetwork)\(\s*('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)\s*,(.*)$/gm;
const placeholder = /\$\{id\}/g;
const firstColumn = /^\s*\[\s*'?([\w-]+)'?,/;

/** Titles are those of the source; `${id}` in one is each of the first column of the table that its `for (const [id, …] of …)` goes through. */
export function titlesOf(source: string): string[] {
  const titles: string[] = [];
  for (const match of source.matchAll(call)) {
    const [, quoted, rest] = match as unknown as [string, string, string];
    if (/^\s*\{[^}]*\b(?:skip|todo)\b/.test(rest)) continue;
    const title = quoted.slice(1, -1).replace(/\\(.)/g, '$1');
    if (quoted.startsWith('`') && title.search(placeholder) >= 0) titles.push(...expand(title, source, match.index));
    else titles.push(title);
  }
  return titles;
}

function expand(title: string, source: string, at: number): string[] {
  const loop = source.lastIndexOf('for (const [id', at);
  const head = source.slice(loop, at);
  const name = /^for \(const \[[^\]]*\] of (\w+)\)/.exec(head)?.[1];
  const table = name === undefined ? head : tableNamed(name, source);
  const ids = table.split('\n').flatMap((line) => firstColumn.exec(line)?.[1] ?? []);
  return ids.map((id) => title.replaceAll(placeholder, id));
}

function tableNamed(name: string, source: string): string {
  const start = source.indexOf(`const ${name} = [`);
  return source.slice(start, source.indexOf('\n]', start));
}

/** Every test of the repository, by file. */
export function readTestFiles(root: string): readonly TestFile[] {
  const files = globSync(['{packages,apps}/*/src/**/*.test.ts', 'test/**/*.test.ts', 'tools/*.test.ts'], { cwd: root });
  return files.toSorted().map((file) => ({ file, titles: titlesOf(readFileSync(join(root, file), 'utf8')) }));
}

const omaId = /LightweightM2M-(1\.\d-int-)(\d+)((?:(?:, | to | and )\d+)*)(?!\d)/g;
const etsiId = /TD_COAP_[A-Z]+_\d\d/g;

/** The ids of OMA and ETSI cases that a title names; `LightweightM2M-1.1-int-226, 227` and `… 222 to 225` are several. */
export function caseIds(title: string): string[] {
  const ids: string[] = title.match(etsiId) ?? [];
  for (const [, prefix = '', first, more] of title.matchAll(omaId)) {
    const numbers = [Number(first)];
    for (const [, joint, number] of more!.matchAll(/(, | to | and )(\d+)/g)) {
      const last = numbers.at(-1)!;
      if (joint === ' to ') for (let n = last + 1; n < Number(number); n++) numbers.push(n);
      numbers.push(Number(number));
    }
    ids.push(...numbers.map((number) => prefix + number));
  }
  return ids;
}
