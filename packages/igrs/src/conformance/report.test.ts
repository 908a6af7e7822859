import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countResults, encodeJunit } from './report.ts';

describe('encodeJunit', () => {
  it('has one word for what is no verdict, and says which it is', () => {
    const one = { id: '9-1', title: 'a', outcome: 'inconclusive', message: 'no owner', milliseconds: 0 } as const;
    const other = { ...one, id: '9-2', outcome: 'not-applicable', message: 'left out' } as const;
    const text = encodeJunit([one, other], 'ra');
    assert.match(text, /tests="2" failures="0" errors="0" skipped="2"/);
    assert.match(text, /name="9-1 a" time="0\.000"><skipped message="inconclusive: no owner"\/>/);
    assert.match(text, /<skipped message="not-applicable: left out"\/>/);
    assert.deepEqual(countResults([one, other]), { pass: 0, fail: 0, inconclusive: 1, 'not-applicable': 1, error: 0 });
  });

  it('tells what failed, whatever the platform says', () => {
    const passed = { id: '7.2-1', title: 'a "user"', outcome: 'pass', milliseconds: 12 } as const;
    const failed = { id: '8-1', title: 'login', outcome: 'fail', message: '<b> & \u0001', milliseconds: 1000 } as const;
    assert.equal(
      encodeJunit([passed, failed], 'ra'),
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuite name="ra" tests="2" failures="1" errors="0" time="1.012">',
        '  <testcase classname="ra 7.2" name="7.2-1 a &quot;user&quot;" time="0.012"/>',
        '  <testcase classname="ra 8" name="8-1 login" time="1.000"><failure message="&lt;b&gt; &amp; ?"/></testcase>',
        '</testsuite>',
        '',
      ].join('\n'),
    );
  });
});
