import type { RaResult } from '@yaolian/igrs/conformance';
import { printable } from '../output/display-width.ts';

/** One case as a line, and why it is no pass below it when that is more than a line. */
export function describeResult({ id, title, outcome, message }: RaResult): string {
  const why = message === undefined ? '' : `: ${message.split('\n').map(printable).join('\n       ')}`;
  const verdict = outcome === 'not-applicable' ? 'not applicable' : outcome;
  return `${verdict.padEnd(5)}  ${id.padEnd(7)}  ${title}${why}\n`;
}
