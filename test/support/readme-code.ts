/** The TypeScript of the READMEs of what is published, as files that a reader would make of it. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export interface ReadmeCode {
  /** `coap-9.ts`: the package and the line where the code begins. */
  readonly file: string;
  /** The code, after what its reader has already: the comment `<!-- Given: … -->` before it says so to the compiler. */
  readonly text: string;
}

export function readmeCode(): ReadmeCode[] {
  return globSync('{packages,apps}/*/README*.md', { cwd: root })
    .toSorted()
    .flatMap((page) => {
      const text = readFileSync(join(root, page), 'utf8');
      const name = page.split('/')[1]! + (page.includes('zh-CN') ? '-zh' : '');
      return [...text.matchAll(/(?:<!-- Given:\n(.*?)-->\n\n)?```ts\n(.*?)```\n/gs)].map((found) => {
        const line = text.slice(0, found.index).split('\n').length;
        return { file: `${name}-${line}.ts`, text: `${found[1] ?? ''}${found[2]}\nexport {};\n` };
      });
    });
}

/** Writes all of it to `folder`. @returns the names of the files */
export function writeReadmeCode(folder: string): string[] {
  return readmeCode().map(({ file, text }) => {
    writeFileSync(join(folder, file), text);
    return file;
  });
}
