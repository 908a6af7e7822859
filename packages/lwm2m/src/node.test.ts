import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findNode,
  multipleResource,
  nodeLevel,
  nodeValues,
  objectInstance,
  objectNode,
  resourceInstance,
  singleResource,
} from './node.ts';
import { nodeToJson } from './node-json.ts';
import { formatPath, lwm2mPath } from './path.ts';

const level = singleResource(9, 'integer', 2n ** 60n);
const voltages = multipleResource(7, 'integer', [
  [0, 3800],
  [1, 5000],
]);
const instance = objectInstance(0, [level, voltages]);
const object = objectNode(3, [instance]);

test('every value of a node has its path', () => {
  assert.deepEqual(
    [...nodeValues(lwm2mPath(3), object)].map(({ path, value }) => [formatPath(path), value]),
    [
      ['/3/0/9', 2n ** 60n],
      ['/3/0/7/0', 3800],
      ['/3/0/7/1', 5000],
    ],
  );
  assert.deepEqual([...nodeValues(lwm2mPath(3, 0, 9), level)].length, 1);
});

test('a part of a node is found by its path', () => {
  assert.equal(findNode(lwm2mPath(3), object, lwm2mPath(3)), object);
  assert.equal(findNode(lwm2mPath(3), object, lwm2mPath(3, 0)), instance);
  assert.equal(findNode(lwm2mPath(3), object, lwm2mPath(3, 0, 7)), voltages);
  assert.deepEqual(findNode(lwm2mPath(3), object, lwm2mPath(3, 0, 7, 1)), resourceInstance(1, 'integer', 5000));
  assert.equal(findNode(lwm2mPath(3), object, lwm2mPath(3, 1)), undefined);
  assert.equal(findNode(lwm2mPath(3), object, lwm2mPath(3, 0, 7, 2)), undefined);
  assert.equal(findNode(lwm2mPath(3), object, lwm2mPath(3, 0, 9, 0)), undefined);
});

test('a part of a node is not found by the path of another object', () => {
  assert.equal(findNode(lwm2mPath(3), object, lwm2mPath(4, 0)), undefined);
  assert.equal(findNode(lwm2mPath(3, 0), instance, lwm2mPath(3)), undefined);
});

test('the level of a node', () => {
  assert.deepEqual(
    [object, instance, level, voltages, resourceInstance(0, 'integer', 1)].map(nodeLevel),
    [1, 2, 3, 3, 4],
  );
});

test('a node as JSON', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(nodeToJson(object))), {
    kind: 'object',
    id: 3,
    instances: {
      0: {
        resources: {
          7: { type: 'integer', values: { 0: 3800, 1: 5000 } },
          9: { type: 'integer', value: '1152921504606846976' },
        },
      },
    },
  });
  assert.deepEqual(nodeToJson(resourceInstance(1, 'boolean', true)), {
    kind: 'resource-instance',
    id: 1,
    type: 'boolean',
    value: true,
  });
});
