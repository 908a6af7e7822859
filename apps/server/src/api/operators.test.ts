import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type ApiProblemError, routes } from '@yaolian/contract';
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

test('an admin changes the role of another and gives a new password: both hold at once', async () => {
  const admin = await bench.client('admin');
  const [first, second] = ['correct horse battery', 'another horse battery'];
  await admin.call(routes.addOperator, { body: { name: 'bea', role: 'admin', password: first } });
  const anyone = await bench.client();
  const login = (given: string) => anyone.call(routes.login, { body: { name: 'bea', password: given } });
  const { token } = await login(first);
  const roleNow = async () => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await bench.app.inject({ method: 'GET', url: '/api/v1/session', headers });
    return answer.statusCode === 200 ? answer.json().role : answer.statusCode;
  };
  const params = { name: 'bea' };
  const changed = await admin.call(routes.changeOperator, { params, body: { role: 'viewer' } });
  assert.deepEqual([changed.role, await roleNow()], ['viewer', 'viewer']);
  await admin.call(routes.changeOperator, { params, body: { password: second } });
  assert.equal(await roleNow(), 401, 'its session is over');
  await assert.rejects(login(first), /Name or password is wrong/);
  assert.equal((await login(second)).role, 'viewer');
  const change = (name: string, body: { role?: 'viewer'; password?: string }) =>
    admin.call(routes.changeOperator, { params: { name }, body });
  await assert.rejects(change('admin', { role: 'viewer' }), /Another admin changes your role/);
  await assert.rejects(change('nobody', { role: 'viewer' }), /no operator "nobody"/);
  await assert.rejects(change('bea', {}), /fewer than 1/);
  await assert.rejects(change('bea', { password: 'short' }), /fewer than 12/);
});

test('of two admins who change one operator from the same state the second is told', async () => {
  const admin = await bench.client('admin');
  await admin.call(routes.addOperator, { body: { name: 'cleo', role: 'viewer', password } });
  const params = { name: 'cleo' };
  const { value, tag } = await admin.callTagged(routes.showOperator, { params });
  assert.deepEqual([value.name, value.role], ['cleo', 'viewer']);
  const change = (role: 'operator' | 'admin') =>
    admin.call(routes.changeOperator, { params, body: { role }, ifMatch: tag! });
  await change('operator');
  await assert.rejects(change('admin'), (error: ApiProblemError) => error.problem.code === 'precondition-failed');
  assert.equal((await admin.call(routes.showOperator, { params })).role, 'operator');
  const unknown = admin.call(routes.showOperator, { params: { name: 'nobody' } });
  await assert.rejects(unknown, /no operator "nobody"/);
});

test('a name that is taken, one that is none, an unknown one, and oneself', async () => {
  const admin = await bench.client('admin');
  const add = (name: string) => admin.call(routes.addOperator, { body: { name, role: 'viewer', password } });
  await assert.rejects(add('viewer'), /does not fit the present state/);
  await assert.rejects(add('Ada Lovelace'), /must be 1 to 64 small letters/);
  await assert.rejects(admin.call(routes.removeOperator, { params: { name: 'nobody' } }), /no operator "nobody"/);
  await assert.rejects(admin.call(routes.removeOperator, { params: { name: 'admin' } }), /cannot remove yourself/);
});
