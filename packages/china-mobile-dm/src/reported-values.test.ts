import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeFieldConfiguration,
  decodeRuleConfiguration,
  defaultReportGroup,
  defaultReportRules,
  encodeFieldConfiguration,
  encodeRuleConfiguration,
  groupsBefore,
  problemOfReportGroup,
  type ReportGroup,
  reportGroupOf,
} from './report-rules.ts';
import { readReport, readReportedValues, readReportInformation, writeReport } from './reported-values.ts';
import { nodePrimitives } from './testing/node-primitives.ts';
import { ValueCipher } from './value-cipher.ts';

const cipher = new ValueCipher(nodePrimitives, 'a1adfef9ed014286b7f7a314ee978f15');

test('object 666: names for ids, and nothing for what the terminal does not have', () => {
  const read = readReportInformation(
    [
      [6603, cipher.encrypt('00:11:22:33:44:55')],
      [6604, cipher.encrypt('unSupport')],
      [6605, cipher.encrypt('unKnown')],
      [6606, cipher.encrypt('****')],
      [6607, 'unKnown'],
      [6699, 'maC2/b2Vi517QalT6Ebeyg=='],
    ],
    cipher,
  );
  assert.deepEqual(read, { fields: { mac: '00:11:22:33:44:55', '6699': '123456' }, unreadable: {} });
});

test('a value that does not decrypt takes no other with it', () => {
  const read = readReportedValues(
    [
      ['mac', 'not Base64!'],
      ['rom', cipher.encrypt('64 GB')],
      ['ram', 'AAAA'],
    ],
    cipher,
  );
  assert.deepEqual(read, {
    fields: { rom: '64 GB' },
    unreadable: { mac: 'it is not Base64', ram: 'it has 3 bytes, not a multiple of 16' },
  });
});

test('a report of profile C comes back as it was written', () => {
  const fields = { imsi: '460041850403690', location: '北京', __proto__: 'x' };
  assert.deepEqual(readReport(writeReport(fields, cipher), cipher), {
    ok: true,
    value: { fields: { imsi: '460041850403690', location: '北京' }, unreadable: {} },
  });
});

test('a report that is none says why', () => {
  const reasonOf = (text: string) => {
    const read = readReport(text, cipher);
    return read.ok ? 'ok' : read.error;
  };
  assert.equal(reasonOf('{'), 'the report is not JSON');
  assert.equal(reasonOf('[]'), 'the report is not a JSON object');
  assert.equal(reasonOf('null'), 'the report is not a JSON object');
  const many = Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`f${i}`, 'x']));
  assert.equal(reasonOf(JSON.stringify(many)), 'the report has more than 128 fields');
});

test('any text at all is a report or a sentence', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readReport(text, cipher)));
});

test('a list or an object in a report is told as unreadable', () => {
  const report = readReport('{"a":{"toString":null},"b":[[1]],"c":null,"d":7}', cipher);
  assert.ok(report.ok);
  assert.deepEqual(Object.keys(report.value.unreadable).sort(), ['a', 'b', 'c', 'd']);
  assert.match(report.value.unreadable['a']!, /list or an object/);
});

test('field and rule configurations', () => {
  assert.equal(encodeFieldConfiguration(['imsi', 'mac']), '{"imsi":"Y","mac":"Y"}');
  assert.deepEqual(decodeFieldConfiguration('{"imsi":"Y","mac":"N"}'), { ok: true, value: ['imsi'] });
  assert.equal(
    encodeRuleConfiguration(defaultReportRules),
    '{"reportTime":360,"reportNum":8,"heartBeatTime":10,"retryInterval":5,"retryNum":3}',
  );
  assert.deepEqual(decodeRuleConfiguration('{"reportTime":"15","retryNum":0}'), {
    ok: true,
    value: { ...defaultReportRules, reportTime: 15, retryNum: 0 },
  });
  assert.deepEqual(decodeRuleConfiguration('{"reportTime":0}'), {
    ok: false,
    error: 'reportTime is a whole number from 1 to 10080',
  });
});

test('what is wrong with a group is told', () => {
  const problem = (change: Partial<ReportGroup>) => problemOfReportGroup({ ...defaultReportGroup, ...change });
  assert.equal(problem({}), undefined);
  assert.equal(problem({ address: 'coap://dm.example:5683' }), undefined);
  assert.match(problem({ name: 'a b' })!, /the name of a group/);
  assert.match(problem({ fields: ['im si'] })!, /the field "im si"/);
  assert.match(problem({ fields: Array.from({ length: 65 }, (_, i) => `f${i}`) })!, /64 fields at most/);
  assert.match(problem({ rules: { ...defaultReportRules, retryNum: 1.5 } })!, /retryNum is a whole number/);
  assert.match(problem({ address: 'http://dm.example' })!, /such as coap:/);
});

test('a group yields to those of equally many conditions that come first by name and a terminal may meet as well', () => {
  const group = (name: string, conditions: Partial<ReportGroup>): ReportGroup => ({
    ...defaultReportGroup,
    name,
    ...conditions,
  });
  const groups = [
    group('a', { brand: 'CMDC' }),
    group('b', { model: 'A1' }),
    group('c', { brand: 'other' }),
    group('d', { brand: 'CMDC', model: 'A1' }),
    group('e', {}),
  ];
  const before = (name: string) =>
    groupsBefore(groups.find((one) => one.name === name)!, groups).map((one) => one.name);
  assert.deepEqual(['a', 'b', 'c', 'd', 'e'].map(before), [[], ['a'], ['b'], [], []]);
});

test('a terminal is of the group with most conditions that it meets', () => {
  const group = (name: string, conditions: Partial<ReportGroup> = {}): ReportGroup => ({
    ...defaultReportGroup,
    name,
    ...conditions,
  });
  const groups = [
    group('phones', { brand: 'CMDC' }),
    group('a1', { brand: 'CMDC', model: 'A1' }),
    group('vendor', { appKey: 'M000000001' }),
  ];
  const of = (terminal: Parameters<typeof reportGroupOf>[0], all = groups) => reportGroupOf(terminal, all).name;
  assert.equal(of({ brand: 'CMDC', model: 'A1' }), 'a1');
  assert.equal(of({ brand: 'CMDC', model: 'A2' }), 'phones');
  assert.equal(of({ brand: 'CMDC', appKey: 'M000000001' }), 'phones', 'of equals the first by name');
  const swapped = groups.toReversed();
  assert.equal(of({ brand: 'CMDC', appKey: 'M000000001' }, swapped), 'phones', 'in whatever order they were set');
  // 'B' < 'a': the order is that of the list, by the numbers of characters.
  assert.equal(of({ brand: 'CMDC' }, [group('a', { brand: 'CMDC' }), group('B', { brand: 'CMDC' })]), 'B');
  assert.equal(of({ brand: 'other' }), 'default');
  assert.equal(of({ brand: 'other' }, [...groups, group('everything')]), 'everything');
});
