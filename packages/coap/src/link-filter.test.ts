import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filterLinks } from './link-filter.ts';
import { decodeLinks, type Link } from './link-format.ts';

function links(text: string): readonly Link[] {
  const result = decodeLinks(text);
  assert.ok(result.ok);
  return result.value;
}

describe('filterLinks', () => {
  const all = links('</a>;rt="t1 t2";if="core.s",</b>;rt="t2";obs;ct="40 60",</c%20d>;sz=100,</%E6%B8%A9>');
  const targets = (...queries: string[]): string[] => filterLinks(all, queries).map(({ target }) => target);

  it('compares one value of a list, whole or by prefix', () => {
    assert.deepEqual(targets('rt=t1'), ['/a']);
    assert.deepEqual(targets('rt=t2'), ['/a', '/b']);
    assert.deepEqual(targets('rt=t*'), ['/a', '/b']);
    assert.deepEqual(targets('rt=t'), []);
    assert.deepEqual(targets('rt=t1 t2'), []);
    assert.deepEqual(targets('ct=60'), ['/b']);
    assert.deepEqual(targets('if=core.*'), ['/a']);
  });

  it('compares targets as they stand and decoded', () => {
    assert.deepEqual(targets('href=/c d'), ['/c%20d']);
    assert.deepEqual(targets('href=/c%20d'), ['/c%20d']);
    assert.deepEqual(targets('href=/温'), ['/%E6%B8%A9']);
    assert.deepEqual(targets('href=/*').length, 4);
    const notUtf8 = links('</%FF>');
    assert.deepEqual(filterLinks(notUtf8, ['href=/%FF']), notUtf8);
  });

  it('finds flags, combines several queries and knows nothing of what is not there', () => {
    assert.deepEqual(targets('obs'), ['/b']);
    assert.deepEqual(targets('obs=*'), ['/b']);
    assert.deepEqual(targets('rt=t2', 'obs'), ['/b']);
    assert.deepEqual(targets('rt=t1', 'obs'), []);
    assert.deepEqual(targets('nothing=*'), []);
    assert.deepEqual(targets(''), []);
    assert.deepEqual(targets().length, 4);
  });
});
