import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { painterFor, unpainted } from './paint.ts';
import { type Column, formatFacts, formatTable } from './table.ts';

interface Row {
  readonly name: string;
  readonly size?: number;
  readonly note?: string;
}

const columns: readonly Column<Row>[] = [
  { title: 'NAME', value: (row) => row.name, shrinks: true },
  { title: 'SIZE', value: (row) => row.size, align: 'right' },
  { title: 'NOTE', value: (row) => row.note, shrinks: true },
];
const plain = { width: undefined, paint: unpainted };

describe('formatTable', () => {
  it('aligns by cells, whatever the script', () => {
    const rows = [
      { name: '温度', size: 5, note: 'ok' },
      { name: 'humidity', size: 1200 },
    ];
    assert.equal(
      formatTable(rows, columns, plain),
      ['NAME      SIZE  NOTE', '温度         5  ok', 'humidity  1200', ''].join('\n'),
    );
  });

  it('leaves out columns that have nothing to say', () => {
    assert.equal(formatTable([{ name: 'a' }], columns, plain), 'NAME\na\n');
  });

  it('cuts the widest of what may be cut, and never below sense', () => {
    const rows = [{ name: 'a'.repeat(40), size: 1, note: 'b'.repeat(20) }];
    const [head, line] = formatTable(rows, columns, { ...plain, width: 40 }).split('\n');
    assert.ok(head!.length <= 40);
    assert.equal(line, `${'a'.repeat(15)}…     1  ${'b'.repeat(15)}…`);
    assert.match(formatTable(rows, columns, { ...plain, width: 5 }), /^a{7}… {5}1 {2}b{7}…$/m);
  });

  it('shows control characters instead of obeying them', () => {
    assert.match(formatTable([{ name: 'a\u001b[31m\nb' }], columns, plain), /^a\\x1b\[31m\\nb$/m);
  });

  it('colours without moving anything', () => {
    const paint = painterFor({ isTerminal: true, columns: 80, write: async () => {} }, {});
    const coloured: readonly Column<Row>[] = [{ ...columns[0]!, paint: () => 'green' }, columns[1]!];
    const table = formatTable([{ name: 'a', size: 1 }], coloured, { width: 80, paint });
    assert.equal(table, '\u001b[1mNAME\u001b[22m  \u001b[1mSIZE\u001b[22m\n\u001b[32ma\u001b[39m        1\n');
  });
});

describe('painterFor', () => {
  const terminal = { isTerminal: true, columns: 80, write: async () => {} };

  it('colours a terminal and nothing else', () => {
    assert.notEqual(painterFor(terminal, {})('x', 'red'), 'x');
    assert.equal(painterFor({ ...terminal, isTerminal: false }, {})('x', 'red'), 'x');
    assert.equal(painterFor(terminal, { NO_COLOR: '1' })('x', 'red'), 'x');
    assert.notEqual(painterFor(terminal, { NO_COLOR: '' })('x', 'red'), 'x');
    assert.equal(painterFor(terminal, { TERM: 'dumb' })('x', 'red'), 'x');
  });
});

describe('formatFacts', () => {
  it('aligns what is known', () => {
    const facts = formatFacts(
      [
        ['State', 'ONLINE'],
        ['Last address', undefined],
        ['Lifetime', 60],
      ],
      unpainted,
    );
    assert.equal(facts, 'State     ONLINE\nLifetime  60\n');
  });
});
