import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineObject, objectTable } from '@yaolian/lwm2m-objects';
import fc from 'fast-check';
import {
  type Lwm2mNode,
  multipleResource,
  objectInstance,
  objectNode,
  type ResourceNode,
  resourceInstance,
  singleResource,
} from '../node.ts';
import { type Lwm2mPath, lwm2mPath } from '../path.ts';
import { valuesOf } from '../testing/values.ts';
import type { ResourceType, ResourceValue } from '../value.ts';
import { contentFormatName, contentFormats, decodeContent, decodeTimedContent, encodeContent } from './registry.ts';

const types = Object.keys(valuesOf) as (keyof typeof valuesOf)[];

/** Resource 2n has one value of type n, resource 2n + 1 has instances of it. */
const object = defineObject({
  id: 30_000,
  name: 'All kinds',
  multiple: true,
  resources: Object.fromEntries(
    types.flatMap((type, index) => [
      [`${type}`, { id: 2 * index, operations: 'RW', type }],
      [`${type}s`, { id: 2 * index + 1, operations: 'RW', type, multiple: true }],
    ]),
  ),
});
const model = objectTable([object]);

const ids = fc.oneof(fc.nat(3), fc.nat(65_534));

/** JSON has no NaN, no infinities, and -0 only if it is careful; times are whole seconds in all formats. */
function wireValues(type: keyof typeof valuesOf): fc.Arbitrary<ResourceValue> {
  if (type === 'float') return fc.double({ noNaN: true, noDefaultInfinity: true });
  if (type === 'time') return fc.integer({ min: -(2 ** 40), max: 2 ** 40 }).map((seconds) => new Date(seconds * 1000));
  return valuesOf[type];
}

function resources(): fc.Arbitrary<ResourceNode> {
  return fc.oneof(
    ...types.map((type, index) => wireValues(type).map((value) => singleResource(2 * index, type, value))),
    ...types.map((type, index) =>
      fc
        .uniqueArray(fc.tuple(ids, wireValues(type)), { selector: ([id]) => id, minLength: 1, maxLength: 4 })
        .map((values) => multipleResource(2 * index + 1, type, values)),
    ),
  );
}

const instances = fc
  .tuple(ids, fc.uniqueArray(resources(), { selector: ({ id }) => id, minLength: 1, maxLength: 6 }))
  .map(([id, list]) => objectInstance(id, list));

const objects = fc
  .uniqueArray(instances, { selector: ({ id }) => id, minLength: 1, maxLength: 4 })
  .map((list) => objectNode(30_000, list));

const valueNodes: fc.Arbitrary<{ path: Lwm2mPath; node: Lwm2mNode }> = fc
  .oneof(...types.map((type, index) => fc.tuple(fc.constant({ type, id: 2 * index }), wireValues(type), ids)))
  .chain(([{ type, id }, value, instanceId]) =>
    fc.constantFrom(
      { path: lwm2mPath(30_000, 1, id), node: singleResource(id, type as ResourceType, value) },
      {
        path: lwm2mPath(30_000, 1, id + 1, instanceId),
        node: resourceInstance(instanceId, type as ResourceType, value),
      },
    ),
  );

const nodes: fc.Arbitrary<{ path: Lwm2mPath; node: Lwm2mNode }> = fc.oneof(
  objects.map((node) => ({ path: lwm2mPath(30_000), node })),
  instances.map((node) => ({ path: lwm2mPath(30_000, node.id), node })),
  resources().map((node) => ({ path: lwm2mPath(30_000, 7, node.id), node })),
  valueNodes,
);

for (const format of contentFormats) {
  const carriesAll = ![0, 42, 60, 1541].includes(format);

  test(`decode(encode(node)) is the node: ${format} ${contentFormatName(format)}`, () => {
    fc.assert(
      fc.property(carriesAll ? nodes : valueNodes, ({ path, node }) => {
        const bytes = encodeContent(format, path, node);
        if (!bytes.ok) {
          // Bare bytes are for opaque values and texts only.
          assert.equal(format, 42, bytes.error.message);
          return;
        }
        const decoded = decodeContent(format, path, bytes.value, model, { exact: true });
        assert.deepEqual(decoded, { ok: true, value: node });
        const timed = decodeTimedContent(format, path, bytes.value, model);
        assert.deepEqual(timed, { ok: true, value: [{ time: undefined, node }] });
      }),
    );
  });

  test(`any bytes are read or refused, never thrown: ${format} ${contentFormatName(format)}`, () => {
    const paths = fc.constantFrom(
      lwm2mPath(),
      lwm2mPath(30_000),
      lwm2mPath(30_000, 0),
      lwm2mPath(30_000, 0, 1),
      lwm2mPath(30_000, 0, 1, 0),
    );
    fc.assert(
      fc.property(
        paths,
        fc.uint8Array({ maxLength: 60 }),
        (path, bytes) => void decodeContent(format, path, bytes, model),
      ),
      { numRuns: 300 },
    );
  });

  test(`content that is right but for a few bytes is read or refused, never thrown: ${format} ${contentFormatName(format)}`, () => {
    fc.assert(
      fc.property(carriesAll ? nodes : valueNodes, fc.nat(), fc.nat(255), fc.nat(), ({ path, node }, at, byte, cut) => {
        const bytes = encodeContent(format, path, node);
        if (!bytes.ok || bytes.value.length === 0) return;
        const changed = Uint8Array.from(bytes.value);
        changed[at % changed.length] = byte;
        decodeContent(format, path, changed, model);
        decodeTimedContent(format, path, bytes.value.subarray(0, cut % bytes.value.length), model);
      }),
    );
  });
}
