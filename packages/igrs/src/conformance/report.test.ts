import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeJunit } from './report.ts';

describe('encodeJunit', () => {
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
