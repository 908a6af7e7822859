/** Writes the schemas of Remote Access where third parties find them: `node tools/ra-schemas.ts`. A test says when they are old. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { publishedSchemas } from '@yaolian/igrs';

const folder = resolve(import.meta.dirname, '../packages/igrs/schemas');
const files = publishedSchemas();
for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name));
for (const [name, text] of files) writeFileSync(join(folder, name), text);
process.stdout.write(`${files.size} schemas are in packages/igrs/schemas\n`);
