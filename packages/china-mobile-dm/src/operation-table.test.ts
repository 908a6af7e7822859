import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Code, describeCode, type OutgoingResponse, type ResponseCode } from '@yaolian/coap';
import { decodeHex, encodeUtf8, seconds } from '@yaolian/kernel';
import { objectInstance, parsePath, singleResource } from '@yaolian/lwm2m';
import type { Answer, Done } from '@yaolian/lwm2m/server';
import { isTabledAnswer, type OperationName, operationTable, type TabledOperation } from './operation-table.ts';
import { Platform, type Terminal } from './testing/platform.ts';

const name = '861111003929110;460041850403690;111222333444555;1.0';
const deviceKey = '111222333444555861111003929110';

function assertSuccess(operation: OperationName, code: ResponseCode): void {
  assert.equal(describeCode(code), describeCode(operationTable[operation].success));
}

function assertFailure(operation: OperationName, code: ResponseCode, expected: ResponseCode): void {
  assert.equal(describeCode(code), describeCode(expected));
  const { failures }: TabledOperation = operationTable[operation];
  assert.ok(failures.includes(code), `${describeCode(code)} stands in the row`);
}

describe('the operation table, what the terminal asks', () => {
  let platform: Platform;
  let terminal: Terminal;
  beforeEach(async () => {
    platform = await Platform.open();
    terminal = platform.terminal();
  });

  const bootstrap = (query: readonly string[]) => terminal.ask({ method: Code.POST, path: ['bs'], query });
  const registered = async () => (await terminal.register(name)).locationPath;

  describe('Bootstrap request', () => {
    it('2.04', async () => assertSuccess('bootstrapRequest', (await bootstrap([`ep=${name}`])).code));

    it('4.00 without ep, with a bad name, and for a device that may not', async () => {
      platform.enrolmentMode = 'allow-list';
      for (const query of [[], ['ep='], ['ep=bad'], [`ep=${name}`]]) {
        assertFailure('bootstrapRequest', (await bootstrap(query)).code, Code.BadRequest);
      }
    });

    it('4.15 for a body that it does not have', async () => {
      const request = { method: Code.POST, path: ['bs'], query: [`ep=${name}`], contentFormat: 60 };
      const { code } = await terminal.ask({ ...request, payload: Uint8Array.of(0xa0) });
      assertFailure('bootstrapRequest', code, Code.UnsupportedContentFormat);
    });
  });

  describe('Register', () => {
    it('2.01 with a location, and the device is activated', async () => {
      const response = await terminal.register(name, ['lt=86400', 'lwm2m=1.0', 'b=U']);
      assertSuccess('register', response.code);
      assert.equal(response.locationPath.length, 2);
      assert.equal(platform.records.length, 1);
      const { key, endpoint, address, identity } = platform.records[0]!;
      assert.deepEqual([key, endpoint, address], [deviceKey, name, '198.51.100.1:56830']);
      assert.deepEqual(identity, {
        imei: '861111003929110',
        imsi: '460041850403690',
        cmei: '111222333444555',
        version: '1.0',
      });
    });

    it('2.01 with nothing but ep and the links; the lifetime is 86400 s', async () => {
      assertSuccess('register', (await terminal.register(name)).code);
      assert.equal(platform.server.registration({ deviceKey })?.lifetime, 86_400);
    });

    it('2.01 under a new SIM replaces the registration of the same device', async () => {
      await terminal.register(name);
      assertSuccess('register', (await terminal.register(name.replace('460041850403690', '460000000000000'))).code);
      assert.equal(platform.server.size, 1);
    });

    it('4.00 for a bad name, and for one that is no device in particular', async () => {
      for (const bad of ['bad', ';460041850403690;;1.0', '861111003929110;;short;1.0', '']) {
        assertFailure('register', (await terminal.register(bad)).code, Code.BadRequest);
      }
      assert.equal(platform.records.length, 0);
    });

    it('4.03 for a device that is not on the allow-list', async () => {
      platform.enrolmentMode = 'allow-list';
      assertFailure('register', (await terminal.register(name)).code, Code.Forbidden);
      platform.allowed.add(deviceKey);
      assertSuccess('register', (await terminal.register(name.replace(';1.0', ';1.1'))).code);
    });
  });

  describe('Update', () => {
    const update = (path: readonly string[], query: readonly string[] = []) =>
      terminal.ask({ method: Code.POST, path, query });

    it('2.04; an absent lt keeps the registered value', async () => {
      const location = (await terminal.register(name, ['lt=3600'])).locationPath;
      assertSuccess('update', (await update(location)).code);
      assert.equal(platform.server.registration({ deviceKey })?.lifetime, 3600);
      assertSuccess('update', (await update(location, ['lt=60'])).code);
      assert.equal(platform.server.registration({ deviceKey })?.lifetime, 60);
    });

    it('4.00 for a lifetime that is none', async () => {
      assertFailure('update', (await update(await registered(), ['lt=soon'])).code, Code.BadRequest);
    });

    it('4.04 at a location that is not, or not any more', async () => {
      assertFailure('update', (await update(['rd', 'nowhere'])).code, Code.NotFound);
      const location = await registered();
      await terminal.ask({ method: Code.DELETE, path: location });
      assertFailure('update', (await update(location)).code, Code.NotFound);
    });
  });

  describe('De-register', () => {
    const deregister = (path: readonly string[]) => terminal.ask({ method: Code.DELETE, path });

    it('2.02', async () => {
      assertSuccess('deregister', (await deregister(await registered())).code);
      assert.equal(platform.server.size, 0);
    });

    it('4.04 at a location that is not', async () => {
      assertFailure('deregister', (await deregister(['rd', 'nowhere'])).code, Code.NotFound);
    });
  });
});

describe('the operation table, what the platform asks', () => {
  const client = { deviceKey };
  const tlv = 11_542;
  const at = (text: string) => {
    const path = parsePath(text);
    assert.ok(path.ok);
    return path.value;
  };
  const value = singleResource(5750, 'string', 'Test1');
  const observed: OutgoingResponse = { code: Code.Content, contentFormat: 0, payload: encodeUtf8('Test1') };
  const answers: { readonly [Operation in OperationName]?: OutgoingResponse } = {
    read: { code: Code.Content, contentFormat: tlv, payload: decodeHex('C5 00 54 65 73 74 31')! },
    observe: observed,
  };
  type Ask = (platform: Platform) => Promise<Answer<Done>>;
  const asks: readonly (readonly [operation: OperationName, what: string, method: number, ask: Ask])[] = [
    ['read', 'Read', Code.GET, ({ server }) => server.read(client, at('/3/0/0'), { unchecked: true })],
    ['write', 'Write by PUT', Code.PUT, ({ server }) => server.write(client, at('/3341/0/5750'), value)],
    [
      'write',
      'Write by POST',
      Code.POST,
      ({ server }) => server.update(client, at('/3341/0'), objectInstance(0, [value])),
    ],
    [
      'writeAttributes',
      'Write-Attributes',
      Code.PUT,
      ({ server }) => server.writeAttributes(client, at('/3303/0/5700'), { pmin: 1, pmax: 60, gt: 5, lt: 1, st: 1 }),
    ],
    ['execute', 'Execute', Code.POST, ({ server }) => server.execute(client, at('/3/0/4'))],
    ['create', 'Create', Code.POST, ({ server }) => server.create(client, at('/3341'), objectInstance(1, [value]))],
    ['delete', 'Delete', Code.DELETE, ({ server }) => server.delete(client, at('/3341/0'))],
    ['observe', 'Observe', Code.GET, ({ server }) => server.observe(client, at('/3/0/0'), { unchecked: true })],
  ];

  let platform: Platform;
  let terminal: Terminal;
  beforeEach(async () => {
    platform = await Platform.open();
    terminal = platform.terminal();
    await terminal.register(name, [], '</>;rt="oma.lwm2m",</1/0>,</3/0>,</3303/0>,</3341/0>');
    terminal.requests.length = 0;
  });

  for (const [operation, what, method, ask] of asks) {
    describe(what, () => {
      const { success, failures }: TabledOperation = operationTable[operation];

      it(`${describeCode(success)} is a success`, async () => {
        const answer = answers[operation] ?? { code: success };
        terminal.answer = () => answer;
        const outcome = await platform.until(ask(platform));
        assert.ok(outcome.ok, `${what} succeeds`);
        assertSuccess(operation, outcome.value.code);
        assert.equal(terminal.requests[0]?.method, method);
      });

      for (const failure of failures) {
        it(`${describeCode(failure)} is a refusal`, async () => {
          terminal.answer = () => ({ code: failure, payload: encodeUtf8('no') });
          const outcome = await platform.until(ask(platform));
          assert.ok(!outcome.ok);
          assertFailure(operation, outcome.error.code, failure);
        });
      }
    });
  }

  it('Discover: 2.05', async () => {
    terminal.answer = () => ({ code: Code.Content, contentFormat: 40, payload: encodeUtf8('</3/0>,</3/0/0>') });
    const outcome = await platform.until(platform.server.discover(client, at('/3/0')));
    assert.ok(outcome.ok);
    assertSuccess('read', outcome.value.code);
  });

  it('Cancel observation: GET with Observe 1, 2.05', async () => {
    terminal.answer = () => observed;
    await platform.until(platform.server.observe(client, at('/3/0/0'), { unchecked: true }));
    const outcome = await platform.until(platform.server.cancelObservation(client, at('/3/0/0')));
    assert.ok(outcome?.ok);
    assertSuccess('observe', outcome.value.code);
  });
});

describe('the operation table, bootstrap', () => {
  const steps = async (answer: Terminal['answer']) => {
    const platform = await Platform.open();
    const terminal = platform.terminal();
    terminal.answer = answer;
    await terminal.ask({ method: Code.POST, path: ['bs'], query: [`ep=${name}`] });
    const finished = () => platform.bootstrapEvents.find((event) => event.type === 'bootstrap-finished');
    for (let i = 0; i < 600 && !finished(); i++) await platform.time.advance(seconds(1));
    const event = finished();
    assert.ok(event);
    return { outcome: event.outcome, steps: event.steps, requests: terminal.requests };
  };

  it('Bootstrap write and Bootstrap finish: 2.04', async () => {
    const {
      outcome,
      steps: asked,
      requests,
    } = await steps(({ method }) => ({
      code: method === Code.DELETE ? Code.Deleted : Code.Changed,
    }));
    assert.equal(outcome, 'succeeded');
    for (const { operation, code } of asked) {
      if (operation === 'write') assertSuccess('bootstrapWrite', code!);
      if (operation === 'finish') assertSuccess('bootstrapFinish', code!);
    }
    assert.deepEqual([requests.at(-1)?.method, requests.at(-1)?.path], [Code.POST, ['bs']]);
  });

  it('Bootstrap write: 4.00 is a refusal, and the session goes on to Finish', async () => {
    const { outcome, steps: asked } = await steps(({ method }) => ({
      code: method === Code.PUT ? Code.BadRequest : Code.Changed,
    }));
    assert.equal(outcome, 'incomplete');
    const refused = asked.filter(({ operation }) => operation === 'write');
    for (const { code } of refused) assertFailure('bootstrapWrite', code!, Code.BadRequest);
    assert.equal(asked.at(-1)?.operation, 'finish');
  });

  it('Bootstrap finish: 4.00 is a refusal', async () => {
    const { outcome, steps: asked } = await steps(({ method, path }) => ({
      code: method === Code.POST && path[0] === 'bs' ? Code.BadRequest : Code.Changed,
    }));
    assert.equal(outcome, 'refused');
    assertFailure('bootstrapFinish', asked.at(-1)!.code!, Code.BadRequest);
  });
});

describe('isTabledAnswer', () => {
  it('knows the codes of a row and no others', () => {
    assert.equal(isTabledAnswer('register', Code.Created), true);
    assert.equal(isTabledAnswer('register', Code.Forbidden), true);
    assert.equal(isTabledAnswer('register', Code.NotFound), false);
    assert.equal(isTabledAnswer('read', Code.NotAcceptable), true);
    assert.equal(isTabledAnswer('write', Code.NotAcceptable), false);
  });

  it('every row has a success and failures of their classes', () => {
    for (const { success, failures } of Object.values<TabledOperation>(operationTable)) {
      assert.equal(success >> 5, 2);
      for (const failure of failures) assert.equal(failure >> 5, 4);
    }
  });
});

describe('locations of profile A', () => {
  const locations = { endpoint: ['rd', name], 'device-key-version': [`${deviceKey};1.0`] } as const;

  for (const [form, expected] of Object.entries(locations)) {
    it(`of the form ${form} survive a round trip with their ";"`, async () => {
      const platform = await Platform.open({ location: form as keyof typeof locations });
      const terminal = platform.terminal();
      const { locationPath } = await terminal.register(name);
      assert.deepEqual(locationPath, expected);
      assertSuccess('update', (await terminal.ask({ method: Code.POST, path: locationPath })).code);
      assertSuccess('deregister', (await terminal.ask({ method: Code.DELETE, path: locationPath })).code);
      assertFailure('update', (await terminal.ask({ method: Code.POST, path: locationPath })).code, Code.NotFound);
    });
  }
});
