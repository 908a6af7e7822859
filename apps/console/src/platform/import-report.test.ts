import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImportReport } from '@yaolian/contract';
import { catalogue } from '../catalogue/index.ts';

// What the module of texts asks of a page.
Object.assign(globalThis, { document: { documentElement: {} } });
Object.defineProperty(globalThis, 'localStorage', { value: { getItem: () => null, setItem: () => undefined } });
const { chooseLanguage, speakFrom, translate } = await import('./text.ts');
const { reportAsCsv } = await import('./import-report.ts');
speakFrom(catalogue);

test('the report names each line with what came of it, in the language of the page', async () => {
  const report: ImportReport = {
    lines: [
      { line: 2, name: 'meter-2', outcome: 'added' },
      { line: 3, name: '=cmd', outcome: 'refused' },
      { line: 5, name: 'meter-5', outcome: 'unchanged' },
      { line: 6, name: 'meter-6', outcome: 'not-sent' },
    ],
    counts: { added: 1, refused: 1, unchanged: 1, 'not-sent': 1 },
    refused: [{ line: 3, where: 'endpoint', message: 'has "5" at most', reason: 'too-long', params: { limit: 5 } }],
  };
  chooseLanguage('en');
  assert.equal(
    await reportAsCsv(report, translate).text(),
    'line,name,outcome,reason\r\n2,meter-2,added,\r\n' +
      '3,\'=cmd,refused,"endpoint: has ""5"" at most"\r\n5,meter-5,unchanged,\r\n6,meter-6,not-sent,\r\n',
  );
  chooseLanguage('zh');
  assert.match(await reportAsCsv(report, translate).text(), /3,'=cmd,refused,endpoint：最多 5 个字符/);
});
