/**
 * Writes docs/conformance.md from the tables of this folder and the titles of the tests, and docs/igrs-ra-cases.md from the cases of the suite for
 * clients: `node tools/conformance.ts`. With `--check` it writes
 * nothing and fails when the page is out of date, when a feature names a test that is not there, or when an OMA or ETSI case has
 * neither a test nor a reason.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type EtsiCase, etsiCases, type OmaCase, omaCases, partly, reasons } from './conformance-cases.ts';
import { type Feature, type Standard, standards } from './conformance-features.ts';
import { raCasePages } from './ra-cases.ts';
import { caseIds, readTestFiles, type TestFile } from './test-titles.ts';

const root = resolve(import.meta.dirname, '..');
const page = join(root, 'docs/conformance.md');
const docs = join(root, 'docs');

export interface Conformance {
  readonly text: string;
  /** What cannot be: a test that is named and is not there, a case without test and reason. */
  readonly objections: readonly string[];
}

/** Which roles a test plays: server and terminal where both are ours. */
function rolesOf(file: string): readonly OmaCase['roles'][number][] {
  // Tests of the whole play our terminal against our servers.
  if (/^test\/[^/]+$/.test(file)) return ['S', 'BS', 'C'];
  if (/\/lwm2m\/src\/(?:server\/conformance|mqtt)\//.test(file)) return ['S', 'BS', 'C'];
  if (file.includes('/lwm2m/src/server/')) return ['S'];
  if (file.includes('/lwm2m/src/bootstrap/')) return ['BS'];
  return file.includes('/lwm2m/src/client/') ? ['C'] : [];
}

export function conformance(files: readonly TestFile[], tables: readonly Standard[] = standards): Conformance {
  const objections: string[] = [];
  const byId = new Map<string, string[]>();
  for (const { file, titles } of files) {
    for (const id of new Set(titles.flatMap(caseIds))) byId.set(id, [...(byId.get(id) ?? []), file]);
  }
  const known = new Set([...omaCases, ...etsiCases].map(({ id }) => id));
  for (const [id, where] of byId) if (!known.has(id)) objections.push(`${where[0]}: ${id} is no case that we know`);
  const text = [
    head,
    ...tables.map((standard) => renderStandard(standard, files, objections)),
    renderOma(byId, objections),
    renderEtsi(byId, objections),
  ].join('\n');
  return { text, objections };
}

const head = `<!-- Made by \`node tools/conformance.ts\` from tools/conformance-*.ts and the titles of the tests. Do not edit. -->

# Conformance

What is implemented, where it is tested, and what is not there yet. Each row that says *pass* names tests that \`npm test\` (or, for other
people's implementations, \`npm run test:peers\`) runs; \`npm run conformance\` fails when one of them is gone.
`;

function renderStandard(standard: Standard, files: readonly TestFile[], objections: string[]): string {
  const rows = standard.features.map((feature) => renderFeature(feature, files, objections));
  return `## ${standard.title}\n\n| Feature | State | Tests |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function renderFeature(
  { feature, tests, missing, state }: Feature,
  files: readonly TestFile[],
  objections: string[],
): string {
  if (missing !== undefined) return `| ${cell(feature)} | ${state} | ${cell(missing)} |`;
  const links = tests.map((reference) => {
    const [file, ...rest] = reference.split(': ') as [string, ...string[]];
    const fragment = rest.join(': ');
    const title = files.find((candidate) => candidate.file === file)?.titles.find((text) => text.includes(fragment));
    if (title === undefined) objections.push(`"${feature}" names a test that is not there: ${reference}`);
    return link(file);
  });
  return `| ${cell(feature)} | ${state} | ${[...new Set(links)].join('<br>')} |`;
}

function renderOma(byId: ReadonlyMap<string, readonly string[]>, objections: string[]): string {
  const rows = omaCases.map((entry) => renderOmaCase(entry, byId.get(entry.id) ?? [], objections));
  const passed = rows.filter((row) => row.includes('| pass |')).length;
  return `## OMA test cases (ETS 1.2, \`LightweightM2M-…\`)

${passed} of ${omaCases.length} pass. Roles: S server, BS bootstrap server, C client (the terminal). A case passes when a test plays it for every role that it
judges; procedures are ours, after the published titles.

| Id | Title | Roles | State | Tests, or why not |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

function renderOmaCase(entry: OmaCase, files: readonly string[], objections: string[]): string {
  const { id, title, roles, reason } = entry;
  const played = new Set(files.flatMap(rolesOf));
  const open = roles.filter((role) => !played.has(role));
  const start = `| ${id} | ${cell(title)} | ${roles.join(', ')}`;
  const links = files.map(link).join('<br>');
  if (open.length === 0 && reason === undefined) return `${start} | pass | ${links} |`;
  if (reason === undefined)
    objections.push(`${id} ${title}: no test plays ${open.join(' and ')}, and no reason is given`);
  else if (open.length === 0 && !partly.has(reason)) objections.push(`${id} ${title}: is tested; strike its reason`);
  const why = reason === undefined ? '' : cell(reasons[reason]!);
  const state = files.length > 0 ? `in part: ${[...played].join(', ')}` : 'not yet';
  return `${start} | ${state} | ${[why, links].filter((text) => text !== '').join('<br>')} |`;
}

function renderEtsi(byId: ReadonlyMap<string, readonly string[]>, objections: string[]): string {
  const row = ({ id, title }: EtsiCase) => {
    const files = byId.get(id) ?? [];
    if (files.length === 0) objections.push(`${id} ${title}: no test`);
    return `| ${id} | ${cell(title)} | ${files.length > 0 ? 'pass' : 'not yet'} | ${files.map(link).join('<br>')} |`;
  };
  return `## ETSI CoAP plugtest cases

| Id | Title | State | Tests |
|---|---|---|---|
${etsiCases.map(row).join('\n')}
`;
}

function link(file: string): string {
  return `[${file.replace(/^packages\//, '').replace('/src/', '/')}](${relative(docs, join(root, file))})`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function main(write: boolean): number {
  const { text, objections } = conformance(readTestFiles(root));
  for (const objection of objections) console.error(objection);
  const pages = new Map([[page, text], ...raCasePages()]);
  for (const [file, content] of pages) {
    if (write) writeFileSync(file, content);
    else if (!existsSync(file) || content !== readFileSync(file, 'utf8')) {
      console.error(`${relative(root, file)} is out of date: node tools/conformance.ts`);
      return 1;
    }
  }
  console.log(`conformance: ${omaCases.length} OMA and ${etsiCases.length} ETSI cases looked for`);
  return objections.length > 0 ? 1 : 0;
}

if (import.meta.main) process.exit(main(!process.argv.includes('--check')));
