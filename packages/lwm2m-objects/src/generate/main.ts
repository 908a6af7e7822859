import { readFile, writeFile } from 'node:fs/promises';
import { newNames } from './new-names.ts';
import { renderReferences } from './references.ts';
import { readRegistry, renderTable } from './registry.ts';

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error('usage: node packages/lwm2m-objects/src/generate/main.ts REGISTRY_DIR');
  console.error('REGISTRY_DIR is a checkout of https://github.com/OpenMobileAlliance/lwm2m-registry');
  process.exitCode = 2;
} else {
  await generate(directory);
}

async function generate(registryDirectory: string): Promise<void> {
  const registry = await readRegistry(registryDirectory);
  const tableFile = new URL('../generated/oma-registry.ts', import.meta.url);
  const [table, before] = [renderTable(registry), await readFile(tableFile, 'utf8')];
  await writeFile(tableFile, table);
  for (const [file, text] of Object.entries(renderReferences(registry))) {
    await writeFile(new URL(`../generated/${file}`, import.meta.url), text);
  }
  const ids = new Set(registry.objects.map(({ id }) => id));
  console.log(`${ids.size} objects in ${registry.objects.length} versions`);
  console.log(`${registry.reusableResources.length} reusable resources`);
  console.log('Copyright holders, to be compared with NOTICE:');
  for (const holder of registry.copyrights) console.log(`  ${holder}`);
  const names = newNames(table, before);
  if (names.length > 0)
    console.log('New names, to be given a Chinese one in the console (test/console-names.test.ts):');
  for (const name of names) console.log(`  ${name}`);
}
