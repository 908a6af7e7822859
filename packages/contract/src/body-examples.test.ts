import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { bodyExamples } from './body-examples.ts';
import type { Route } from './route.ts';
import * as routes from './routes/index.ts';
import { NewCredentialSchema } from './schemas/credential.ts';
import { NewAllowEntrySchema } from './schemas/enrolment.ts';

const bodies = new Map(
  (Object.values(routes) as Route[]).flatMap(({ id, body }) => (body ? [[id, body] as const] : [])),
);
const examples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = bodyExamples;

test('every route with a body has an example of it', () => {
  assert.deepEqual(Object.keys(examples).sort(), [...bodies.keys()].sort());
  for (const [id, named] of Object.entries(examples)) assert.ok(Object.keys(named).length > 0, id);
});

for (const [id, schema] of bodies) {
  test(`the examples of ${id} are bodies that it takes`, () => {
    for (const [name, body] of Object.entries(examples[id]!)) assertFits(`${id}, ${name}`, closed(schema), body);
  });
}

test('the entries of examples of imports are entries that are taken', () => {
  for (const { entries } of Object.values(bodyExamples.importAllowed)) {
    for (const entry of entries) assertFits('importAllowed', closed(NewAllowEntrySchema), entry);
  }
  for (const { entries } of Object.values(bodyExamples.importCredentials)) {
    for (const entry of entries) assertFits('importCredentials', closed(NewCredentialSchema), entry);
  }
});

function assertFits(what: string, schema: TSchema, value: unknown): void {
  const validator = Compile(schema);
  const [first] = validator.Errors(value);
  assert.ok(validator.Check(value), `${what}: ${first?.instancePath} ${first?.message}`);
}

/** The schema with no other members than those it names, as the server takes it. */
function closed(schema: TSchema): TSchema {
  return JSON.parse(JSON.stringify(schema), (_, value) =>
    value?.type === 'object' && value.properties !== undefined ? { additionalProperties: false, ...value } : value,
  );
}
