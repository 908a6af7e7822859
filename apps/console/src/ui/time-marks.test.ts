import assert from 'node:assert/strict';
import { test } from 'node:test';

process.env['TZ'] = 'UTC';
Object.assign(globalThis, { document: { documentElement: {} } });
const { timeMarks } = await import('./time-marks.ts');
const { language } = await import('../platform/text.ts');

const at = (text: string) => Date.parse(text) / 1000;

test('marks have seconds only where they are close, and the date where a day begins', () => {
  language.set('en');
  assert.deepEqual(timeMarks([at('2026-03-04T10:00:00Z'), at('2026-03-04T10:00:15Z')]), ['10:00:00', '10:00:15']);
  assert.deepEqual(timeMarks([at('2026-03-03T18:00:00Z'), at('2026-03-04T00:00:00Z'), at('2026-03-04T06:00:00Z')]), [
    '18:00',
    'Mar 4',
    '06:00',
  ]);
  assert.deepEqual(timeMarks([at('2026-03-03T00:00:00Z'), at('2026-03-05T00:00:00Z')]), ['Mar 3', 'Mar 5']);
  language.set('zh');
  assert.deepEqual(timeMarks([at('2026-03-03T00:00:00Z'), at('2026-03-05T00:00:00Z')]), ['3月3日', '3月5日']);
});
