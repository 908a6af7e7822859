/**
 * Every route of operators, asked over HTTP by everybody who may not: the server refuses before it looks at the request. And every
 * refusal of every route is one that the OpenAPI document has.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ApiClient,
  type Problem,
  type Role,
  type Route,
  roleCovers,
  roles,
  routePath,
  routes,
} from '@yaolian/contract';
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

interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, unknown>>;
}
type Document = { readonly paths: Record<string, Record<string, { readonly responses: Record<string, Answer> }>> };

/** Header fields of an answer that the document has to have. */
const told = ['www-authenticate', 'retry-after', 'location', 'etag', 'content-disposition'];

test('what a route refuses a request with is in the OpenAPI document: status, code, header fields', async () => {
  await using bench = await openPlatform({ 'ra.domain': 'home.example' });
  const { token } = await bench.admin.call(routes.createToken, { body: { label: 'bad requests', role: 'admin' } });
  const { paths } = (await bench.admin.call(routes.showOpenApi, {})) as unknown as Document;
  const wrong: string[] = [];
  const hold = async (route: Route, what: string, headers: Record<string, string>, more: RequestInit = {}) => {
    const url = bench.httpUrl + pathOf(route) + (what === 'an unknown parameter' ? '?nonsense=1' : '');
    const response = await fetch(url, { method: route.method, headers, ...more });
    const body = await response.text();
    const found = `${route.id} answers ${what} with ${response.status}`;
    const { responses } = paths[route.path.replace('...}', '}')]![route.method.toLowerCase()]!;
    const described = responses[response.status];
    if (response.status < 400) wrong.push(`${found}: it is no refusal`);
    else if (described === undefined) wrong.push(`${found}: not described`);
    else {
      const { code } = JSON.parse(body) as Problem;
      if (!described.description.includes(`\`${code}\``)) wrong.push(`${found} ${code}: the code is not described`);
      const type = response.headers.get('content-type')!.split(';')[0]!;
      if (described.content?.[type] === undefined) wrong.push(`${found}: ${type} is not described`);
      const known = Object.keys(described.headers ?? {}).map((name) => name.toLowerCase());
      for (const name of told.filter((one) => response.headers.has(one) && !known.includes(one))) {
        wrong.push(`${found}: ${name} is not described`);
      }
    }
    // RFC 9110 §15.5.2
    if (response.status === 401 && !response.headers.has('www-authenticate')) wrong.push(`${found}: without challenge`);
  };
  const admin = { authorization: `Bearer ${token}` };
  const json = { ...admin, 'content-type': 'application/json' };
  for (const route of Object.values(routes) as Route[]) {
    if (route.role !== 'anyone') await hold(route, 'a token that is none', { authorization: 'Bearer yl_none' });
    if (route.role !== 'anyone' || route.body)
      await hold(route, 'an unknown parameter', route.body === undefined ? admin : json, route.body && { body: '{}' });
    if (route.body === undefined || route.bodyType !== undefined) continue;
    await hold(route, 'a body of another form', json, { body: '[[]]' });
    await hold(route, 'a body cut short', json, { body: '{"a":' });
    await hold(route, 'a text', { ...json, 'content-type': 'text/plain' }, { body: 'x' });
  }
  assert.deepEqual(wrong, []);
});
