import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import fc from 'fast-check';
import { conformanceTerminal } from './testing/conformance-terminal.ts';
import { code, TerminalWorld, text } from './testing/scripted-server.ts';

const segment = fc.oneof(
  fc.constantFrom('0', '1', '3', '4', '16', '3303', '5700', '65534', '65535', '-1', '03', '', 'bs', 'rd', '/', '温'),
  fc.nat(12).map(String),
);

const anyRequest = fc.record({
  method: fc.constantFrom(Code.GET, Code.PUT, Code.POST, Code.DELETE, Code.FETCH, Code.iPATCH),
  path: fc.array(segment, { maxLength: 5 }),
  query: fc.array(
    fc.constantFrom('pmin=1', 'pmax=0', 'gt=1', 'lt=2', 'st=', 'pmin', 'pmin=9999999999', 'x', '', 'gt=NaN'),
    { maxLength: 3 },
  ),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .constantFrom('1', '-1', '1e99', 'true', "0='a'", '{"e":[{"n":"1","v":1}]}', '{"bn":"/1/0/","e":[]}')
      .map((value) => new TextEncoder().encode(value)),
  ),
  contentFormat: fc.constantFrom(undefined, 0, 40, 42, 60, 110, 112, 1542, 11542, 11543),
  accept: fc.constantFrom(undefined, 0, 40, 42, 11542, 11543, 65_000),
});

function definedOnly<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

test('no request of a server makes the terminal fail, and the Device stays what it is', async () => {
  const world = new TerminalWorld();
  const { client } = await conformanceTerminal(world);
  await fc.assert(
    fc.asyncProperty(anyRequest, async (request) => {
      const response = await world.ask(definedOnly(request) as Parameters<typeof world.ask>[0]);
      assert.ok(response.code >> 5 === 2 || response.code >> 5 === 4, `${code(response)} ${text(response)}`);
    }),
    { numRuns: 1500 },
  );
  assert.equal(client.instance(3, 0)!.value(0), 'Open Mobile Alliance');
  assert.equal(client.instance(0, 0)!.value(0), TerminalWorld.uri);
  await world.pass(1000);
  assert.equal(client.state === 'registered' || client.state === 'disabled', true, client.state);
  await world.close();
});

test('a format that a value cannot be had in is refused with the reason', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world);
  const refused = async (path: string[], accept: number) => {
    const response = await world.ask({ method: Code.GET, path, accept });
    return `${code(response)} ${text(response)}`;
  };
  const opaque = 'opaque carries the value of an opaque resource, and';
  assert.equal(await refused(['3', '0', '0'], 42), `4.06 ${opaque} /3/0/0 is a resource of type string`);
  assert.equal(await refused(['3', '0'], 42), `4.06 ${opaque} /3/0 is more than one value`);
  assert.equal(await refused(['3', '0'], 0), '4.06 plain text carries one value, and /3/0 is more than one');
  assert.equal(await refused(['3', '0'], 65_000), '4.06 the terminal does not speak Content-Format 65000');
  await world.close();
});

test('no more resource instances than the bound are written, by whatever operation', async () => {
  const world = new TerminalWorld();
  await conformanceTerminal(world, { maximumResourceInstances: 5 });
  const instances = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => [0x41, from + i, 0x61]).flat();
  const multiple = (values: number[]) => Uint8Array.of(0x88, 0, values.length, ...values);
  const write = async (method: number, path: string, payload: Uint8Array | string, contentFormat: number) => {
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
    const response = await world.ask({ method, path, contentFormat, payload: bytes });
    return `${code(response)} ${text(response)}`.trim();
  };
  const refusal = (count: number) => `4.00 identity (0) has room for 5 resource instances, not ${count}`;
  assert.equal(await write(Code.POST, '/16', multiple(instances(0, 5)), 11_542), '2.01');
  assert.equal(await write(Code.PUT, '/16/0/0', multiple(instances(0, 5)), 11_542), '2.04');
  assert.equal(await write(Code.PUT, '/16/0/0', multiple(instances(0, 6)), 11_542), refusal(6));
  assert.equal(await write(Code.POST, '/16/0/0', multiple(instances(40, 1)), 11_542), refusal(6));
  assert.equal(await write(Code.POST, '/16/0', multiple(instances(9, 3)), 11_542), refusal(8));
  assert.equal(await write(Code.iPATCH, '/', '[{"n":"/16/0/0/7","vs":"x"}]', 110), refusal(6));
  assert.equal(await write(Code.POST, '/16', multiple(instances(0, 80)), 11_542), refusal(80));
  // One that is there may have another value.
  assert.equal(await write(Code.iPATCH, '/', '[{"n":"/16/0/0/4","vs":"x"}]', 110), '2.04');
  await world.close();
});

test('no request of a Bootstrap-Server makes the terminal fail', async () => {
  const world = new TerminalWorld();
  const client = world.client({ bootstrap: { uri: TerminalWorld.uri } });
  client.start();
  await world.pass(1);
  await fc.assert(
    fc.asyncProperty(anyRequest, async (request) => {
      if (request.path.join() === 'bs' && request.method === Code.POST) return;
      const response = await world.ask(definedOnly(request) as Parameters<typeof world.ask>[0]);
      assert.ok(response.code >> 5 === 2 || response.code >> 5 === 4, `${code(response)} ${text(response)}`);
    }),
    { numRuns: 1500 },
  );
  assert.ok(client.instance(3, 0));
  assert.equal(await world.close(), 0);
});
