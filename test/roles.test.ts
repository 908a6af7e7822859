/** Every route of operators, asked over HTTP by everybody who may not: the server refuses before it looks at the request. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiClient, type Role, type Route, roleCovers, roles, routePath, routes } from '@yaolian/contract';
import { openPlatform } from './support/platform.ts';

const password = 'correct horse battery';
const isOfOperators = (route: Route): route is Route & { readonly role: Role } =>
  (roles as readonly string[]).includes(route.role);

/** Some path of the route: no parameter is ever looked at. */
const pathOf = (route: Route) => routePath({ ...route }, new Proxy({}, { get: () => '1', has: () => true }));

test('every route refuses strangers with 401, and roles below its own with 403', async () => {
  await using bench = await openPlatform();
  const tokens = new Map<Role, string>();
  for (const role of roles) {
    await bench.admin.call(routes.addOperator, { body: { name: `a-${role}`, role, password } });
    const { token } = await new ApiClient({ baseUrl: bench.httpUrl }).call(routes.login, {
      body: { name: `a-${role}`, password },
    });
    tokens.set(role, token);
  }
  const statusOf = async (route: Route, token?: string) => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(bench.httpUrl + pathOf(route), { method: route.method, headers });
    await response.body?.cancel();
    return response.status;
  };
  const wrong: string[] = [];
  for (const route of (Object.values(routes) as Route[]).filter(isOfOperators)) {
    if ((await statusOf(route)) !== 401) wrong.push(`${route.id} lets strangers in`);
    for (const role of roles.filter((one) => !roleCovers(one, route.role))) {
      const status = await statusOf(route, tokens.get(role));
      if (status !== 403) wrong.push(`${route.id} answers ${role} with ${status}`);
    }
  }
  assert.deepEqual(wrong, []);
});
