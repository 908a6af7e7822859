import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { HttpBench, password } from '../testing/http-bench.ts';

const bench = await new HttpBench().open();
after(() => bench.close());

test('an admin adds an operator, who logs in with that role, and removes it with its sessions', async () => {
  const admin = await bench.client('admin');
  const added = await admin.call(routes.addOperator, { body: { name: 'ada', role: 'operator', password } });
  assert.deepEqual([added.name, added.role], ['ada', 'operator']);
  const { items } = await admin.call(routes.listOperators, {});
  assert.deepEqual(
    items.map(({ name }) => name),
    ['ada', 'admin', 'operator', 'viewer'],
  );
  assert.ok(!JSON.stringify(items).includes('plain:'), 'no hash of a password leaves the platform');
  const anyone = await bench.client();
  const session = await anyone.call(routes.login, { body: { name: 'ada', password } });
  assert.equal(session.role, 'operator');
  await admin.call(routes.removeOperator, { params: { name: 'ada' } });
  const headers = { authorization: `Bearer ${session.token}` };
  assert.equal((await bench.app.inject({ method: 'GET', url: '/api/v1/session', headers })).statusCode, 401);
});

test('a name that is taken, one that is none, an unknown one, and oneself', async () => {
  const admin = await bench.client('admin');
  const add = (name: string) => admin.call(routes.addOperator, { body: { name, role: 'viewer', password } });
  await assert.rejects(add('viewer'), /does not fit the present state/);
  await assert.rejects(add('Ada Lovelace'), /must match/);
  await assert.rejects(admin.call(routes.removeOperator, { params: { name: 'nobody' } }), /no operator "nobody"/);
  await assert.rejects(admin.call(routes.removeOperator, { params: { name: 'admin' } }), /cannot remove yourself/);
});
