import type { RaResult } from './suite.ts';

/** What a run came to. */
export function countResults(results: readonly RaResult[]): Readonly<Record<RaResult['outcome'], number>> {
  const count = (outcome: RaResult['outcome']) => results.filter((one) => one.outcome === outcome).length;
  return {
    pass: count('pass'),
    fail: count('fail'),
    inconclusive: count('inconclusive'),
    'not-applicable': count('not-applicable'),
    error: count('error'),
  };
}

/** The results as JUnit writes them, for programs that collect tests. */
export function encodeJunit(results: readonly RaResult[], suite: string): string {
  const counted = countResults(results);
  const { fail, error } = counted;
  const skip = counted.inconclusive + counted['not-applicable'];
  const total = results.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const counts = `tests="${results.length}" failures="${fail}" errors="${error}"${skip === 0 ? '' : ` skipped="${skip}"`} time="${inSeconds(total)}"`;
  const lines = results.map((result) => `  ${encodeCase(result, suite)}`);
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="${escaped(suite)}" ${counts}>`;
  return [head, ...lines, '</testsuite>', ''].join('\n');
}

function encodeCase({ id, title, outcome, message = '', milliseconds }: RaResult, suite: string): string {
  const clause = id.slice(0, id.lastIndexOf('-'));
  const name = `${id} ${title}`;
  const open = `<testcase classname="${escaped(`${suite} ${clause}`)}" name="${escaped(name)}" time="${inSeconds(milliseconds)}"`;
  if (outcome === 'pass') return `${open}/>`;
  // JUnit has one word for both.
  if (outcome === 'inconclusive' || outcome === 'not-applicable') {
    return `${open}><skipped message="${escaped(`${outcome}: ${message}`)}"/></testcase>`;
  }
  return `${open}><${outcome === 'fail' ? 'failure' : 'error'} message="${escaped(message)}"/></testcase>`;
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The platform's words stand in it: what XML does not allow becomes a question mark. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 §2.2 leaves out
  const allowed = text.toWellFormed().replace(/[\u0000-\u001f\ufffe\uffff]/g, '?');
  return allowed.replace(/[&<>"]/g, (character) => references[character]!);
}
