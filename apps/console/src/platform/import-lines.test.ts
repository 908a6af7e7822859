import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiProblemError, type Problem } from '@yaolian/contract';
import { catalogue } from '../catalogue/index.ts';
import type { ImportLine } from './import-lines.ts';

// What the module of texts asks of a page.
Object.assign(globalThis, { document: { documentElement: {} } });
Object.defineProperty(globalThis, 'localStorage', { value: { getItem: () => null, setItem: () => undefined } });
const { chooseLanguage, speakFrom, translate } = await import('./text.ts');
const { importLines, reportAsCsv } = await import('./import-lines.ts');
speakFrom(catalogue);
chooseLanguage('en');

const taken = async (): Promise<void> => {};

function lineOf(line: number, send: ImportLine['send'] = taken): ImportLine {
  return { line, name: `meter-${line}`, send };
}

function refusal(detail: string): ApiProblemError {
  const problem: Problem = { type: 'about:blank', title: 'Conflict', status: 409, code: 'conflict', detail };
  return new ApiProblemError(problem);
}

test('a refused line holds up no other, and the report names each with what came of it', async () => {
  const refuse = (why: string) => async () => Promise.reject(refusal(why));
  const lines = [lineOf(2), lineOf(3, refuse('there is one, "a" already')), lineOf(4), lineOf(5, refuse('no'))];
  const heard: number[] = [];
  const report = await importLines(lines, new AbortController().signal, (done) => heard.push(done));
  assert.deepEqual([...report.added], [2, 4]);
  assert.deepEqual(
    report.refused.map(({ line, message }) => [line, message]),
    [
      [3, 'there is one, "a" already'],
      [5, 'no'],
    ],
  );
  assert.equal(heard.at(-1), 4);
  assert.equal(
    await reportAsCsv(report, translate).text(),
    'line,name,outcome,reason\r\n2,meter-2,added,\r\n3,meter-3,refused,"there is one, ""a"" already"\r\n' +
      '4,meter-4,added,\r\n5,meter-5,refused,no\r\n',
  );
});

test('stopped, it sends no further line, and tells which were not sent', async () => {
  const stop = new AbortController();
  const sent: number[] = [];
  const send = (line: number) => async () => {
    sent.push(line);
    if (line === 8) stop.abort();
  };
  const lines = Array.from({ length: 100 }, (_, index) => lineOf(index + 2, send(index + 2)));
  const report = await importLines(lines, stop.signal, () => {});
  assert.equal(report.added.size, sent.length);
  assert.ok(sent.length < 20, `${sent.length} sent`);
  assert.equal(report.error, undefined);
  assert.match(await reportAsCsv(report, translate).text(), /\r\n101,meter-101,not sent,\r\n$/);
});

test('when the platform is away it ends, and keeps what was added before', async () => {
  const away = new Error('away');
  const fail = async () => Promise.reject(away);
  const lines = Array.from({ length: 100 }, (_, index) => (index === 1 ? lineOf(3, fail) : lineOf(index + 2)));
  const report = await importLines(lines, new AbortController().signal, () => {});
  assert.equal(report.error, away);
  assert.ok(report.added.has(2) && !report.added.has(101));
});
