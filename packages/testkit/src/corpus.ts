import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decodeHex } from '@yaolian/kernel';

/** One input of a corpus. */
export interface CorpusEntry {
  /** Its path below the corpus' folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The `# name: value` lines of a `.hex` file. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Reads a corpus of hostile inputs: one input to a file, sub-folders included. In a `.hex` file lines that start with `#`
 * are comment and the rest is hex; any other file is the input itself.
 * @throws Error when the folder has no input, or a `.hex` file holds anything else
 */
export function readCorpus(directory: string | URL): CorpusEntry[] {
  const root = typeof directory === 'string' ? directory : fileURLToPath(directory);
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.replace(/\/$/, '').length + 1))
    .sort()
    .map((name) => readEntry(root, name));
  if (entries.length === 0) throw new Error(`${root} holds no input: a corpus that is empty proves nothing`);
  return entries;
}

function readEntry(root: string, name: string): CorpusEntry {
  const content = readFileSync(join(root, name));
  if (!name.endsWith('.hex')) return { name, bytes: new Uint8Array(content), fields: {} };
  const text = content.toString('utf8');
  const bytes = decodeHex(text.replaceAll(/^#.*$/gm, ''));
  if (!bytes) throw new Error(`${join(root, name)} holds something that is neither hex nor comment`);
  const fields = [...text.matchAll(/^#[ \t]*([\w-]+):[ \t]*(.*)$/gm)].map(([, field, value]) => [
    field!,
    value!.trim(),
  ]);
  return { name, bytes, fields: Object.fromEntries(fields) };
}

/** Registers a test for each input of a corpus, so that a failure names its file. */
export function replayCorpus(directory: string | URL, run: (entry: CorpusEntry) => void | Promise<void>): void {
  for (const entry of readCorpus(directory)) test(`corpus ${entry.name}`, () => run(entry));
}
