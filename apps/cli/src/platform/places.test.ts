import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathArgument } from './places.ts';

test('a path of the command line may lack its first slash', () => {
  assert.equal(pathArgument('3/0/0'), '/3/0/0');
  assert.equal(pathArgument('/d01/3303/0'), '/d01/3303/0');
});

const wrong = {
  '/99999/0/1': 'ids go from 0 to 65534, and 99999 is above',
  '/3/0/9999999': 'ids go from 0 to 65534, and 9999999 is above',
  '/3/0/7/0/1': 'it has 5 ids, and at most four go: object, instance, resource, resource instance',
  '/3//0': 'write ids with slashes between them, as in /3/0/13',
  '/3/x': 'write ids with slashes between them, as in /3/0/13',
};

for (const [text, right] of Object.entries(wrong)) {
  test(`"${text}" is refused with what is wrong`, () =>
    assert.throws(() => pathArgument(text), { code: 'CLI_USAGE', message: `"${text}" is no LwM2M path; ${right}` }));
}
