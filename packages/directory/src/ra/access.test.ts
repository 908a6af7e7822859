import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type AccessOperation,
  type AccessRelation,
  accessOperations,
  type Grant,
  isFeaturePattern,
  mayAccess,
  visibleFeatures,
} from './access.ts';

const grant = (
  subject: string,
  feature: string,
  operations: readonly AccessOperation[],
  expiresAt?: number,
): Grant => ({
  device: 'lamp',
  subject:
    subject === 'owner' || subject === 'friend'
      ? { kind: 'class', class: subject }
      : { kind: 'account', account: subject },
  feature,
  operations,
  expiresAt,
  grantedBy: 'ann',
  grantedAt: 0,
});

const may = (relation: AccessRelation, grants: readonly Grant[], operation: AccessOperation = 'read', now = 100) =>
  mayAccess({ relation, grants }, { account: 'bob', feature: 'urn:oma:lwm2m:ext:3303', operation }, now).allowed;

test('without permissions: owners and the device all, linked devices messages, others nothing', () => {
  const allowed = (relation: AccessRelation) => accessOperations.filter((operation) => may(relation, [], operation));
  assert.deepEqual(allowed('owner'), accessOperations);
  assert.deepEqual(allowed('self'), accessOperations);
  assert.deepEqual(allowed('linked'), ['message']);
  assert.deepEqual(allowed('friend'), []);
  assert.deepEqual(allowed('none'), []);
});

test('a friend may what a permission for friends or for the account says', () => {
  assert.equal(may('friend', [grant('friend', '*', ['read'])]), true);
  assert.equal(may('friend', [grant('friend', '*', ['read'])], 'write'), false);
  assert.equal(may('friend', [grant('bob', 'urn:oma:lwm2m:*', ['write'])], 'write'), true);
  assert.equal(may('friend', [grant('cid', '*', ['read'])]), false);
  assert.equal(may('friend', [grant('owner', '*', ['read'])]), false);
});

test('the account is stronger than its class, the closer feature than the wider', () => {
  const wide = grant('friend', 'urn:oma:*', ['read']);
  assert.equal(may('friend', [wide, grant('friend', 'urn:oma:lwm2m:ext:3303', [])]), false);
  assert.equal(may('friend', [wide, grant('friend', 'urn:oma:lwm2m:ext:3303*', [])]), false);
  assert.equal(may('friend', [grant('friend', 'urn:oma:lwm2m:ext:3303', []), grant('bob', '*', ['read'])]), true);
  const exact = grant('friend', 'urn:oma:lwm2m:ext:3303', ['read']);
  assert.equal(may('friend', [exact, grant('friend', 'urn:oma:lwm2m:ext:3303*', [])]), true);
});

test('an owner can be limited, a stranger never permitted', () => {
  assert.equal(may('owner', [grant('bob', '*', ['read'])], 'write'), false);
  assert.equal(may('owner', [grant('owner', 'urn:other', [])]), true);
  assert.equal(may('none', [grant('bob', '*', ['read'])]), false);
});

test('a permission ends at its expiry', () => {
  const grants = [grant('bob', '*', ['read'], 101)];
  assert.equal(may('friend', grants, 'read', 100), true);
  assert.equal(may('friend', grants, 'read', 101), false);
});

test('the order of permissions decides nothing', () => {
  const one = fc.record({
    subject: fc.constantFrom('bob', 'cid', 'owner', 'friend'),
    feature: fc.constantFrom('*', 'urn:oma:*', 'urn:oma:lwm2m:ext:3303', 'urn:oma:lwm2m:ext:3303*', 'urn:x'),
    operations: fc.subarray([...accessOperations]),
  });
  const distinct = fc.uniqueArray(one, { selector: ({ subject, feature }) => `${subject} ${feature}` });
  fc.assert(
    fc.property(distinct, fc.constantFrom<AccessRelation>('owner', 'friend', 'linked'), (list, relation) => {
      const grants = list.map(({ subject, feature, operations }) => grant(subject, feature, operations));
      assert.equal(may(relation, grants), may(relation, grants.toReversed()));
    }),
  );
});

test('features are namespaces, with a star only at the end', () => {
  for (const right of ['*', 'urn:a', 'urn:a*', 'http://www.igrs.org/av/control'])
    assert.ok(isFeaturePattern(right), right);
  for (const wrong of ['', 'a b', '*a', 'a**', 'a\n', 'x'.repeat(256)]) assert.ok(!isFeaturePattern(wrong), wrong);
});

const description = 'urn:yaolian:ra:1:device';
const lamp = 'urn:oma:lwm2m:ext:3311';
const sensor = 'urn:oma:lwm2m:ext:3303';

/** What of a lamp, a sensor and the description one may know; undefined: not even whether it is there. */
const sees = (relation: AccessRelation, grants: readonly Grant[], now = 100) => {
  const visible = visibleFeatures({ relation, grants }, { account: 'bob', description }, now);
  return visible && [description, lamp, sensor].filter(visible);
};

test('who may do anything with a device sees that it is there, and of it that which it may', () => {
  assert.deepEqual(sees('owner', []), [description, lamp, sensor]);
  assert.deepEqual(sees('friend', [grant('bob', sensor, ['read'])]), [sensor]);
  assert.deepEqual(sees('friend', [grant('friend', lamp, ['execute'])]), [lamp]);
  assert.deepEqual(sees('friend', [grant('bob', '*', ['write'])]), [description, lamp, sensor]);
  assert.deepEqual(sees('friend', [grant('bob', description, ['read'])]), [description, lamp, sensor]);
  assert.deepEqual(sees('linked', [grant('bob', lamp, ['read'])]), [lamp]);
});

test('who may do nothing with a device, or may no more, or from whom it is hidden, does not see whether it is there', () => {
  for (const relation of ['none', 'friend', 'linked'] as const) assert.equal(sees(relation, []), undefined, relation);
  assert.equal(sees('none', [grant('bob', '*', ['read'])]), undefined);
  assert.equal(sees('friend', [grant('bob', sensor, ['read'], 100)]), undefined);
  assert.equal(sees('friend', [grant('eve', sensor, ['read']), grant('owner', '*', ['read'])]), undefined);
  assert.equal(sees('friend', [grant('friend', sensor, ['read']), grant('bob', '*', [])]), undefined);
  assert.equal(sees('friend', [grant('bob', sensor, ['read']), grant('bob', description, [])]), undefined);
  assert.equal(sees('owner', [grant('owner', '*', [])]), undefined);
});

test('what one sees of a device is never more than what it may do something with, or describe', () => {
  const features = fc.constantFrom(description, lamp, sensor, '*', 'urn:oma:*', 'urn:yaolian:*');
  const subjects = fc.constantFrom('bob', 'eve', 'owner', 'friend');
  const some = fc.record({ subject: subjects, feature: features, operations: fc.subarray([...accessOperations]) });
  const relations = fc.constantFrom<AccessRelation>('none', 'friend', 'linked', 'owner');
  fc.assert(
    fc.property(relations, fc.array(some, { maxLength: 5 }), (relation, drawn) => {
      const grants = drawn.map(({ subject, feature, operations }) => grant(subject, feature, operations));
      const facts = { relation, grants };
      const may = (feature: string) =>
        accessOperations.some((operation) => mayAccess(facts, { account: 'bob', feature, operation }, 100).allowed);
      const seen = sees(relation, grants);
      const isDescribed = mayAccess(facts, { account: 'bob', feature: description, operation: 'read' }, 100).allowed;
      if (isDescribed) assert.deepEqual(seen, [description, lamp, sensor]);
      else assert.ok(seen === undefined || seen.every(may));
    }),
  );
});
