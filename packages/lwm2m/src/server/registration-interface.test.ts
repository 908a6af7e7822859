import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CoapEndpoint, Code, formatCode, type IncomingResponse } from '@yaolian/coap';
import {
  decodeUtf8,
  encodeUtf8,
  failure,
  hours,
  milliseconds,
  minutes,
  StreamPeer,
  seconds,
  socketAddress,
  success,
  zeroDuration,
} from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import type { ServerEndpoint } from './context.ts';
import { Lwm2mServer } from './lwm2m-server.ts';
import type { Registration } from './registration.ts';
import { keyedProfile, openProfile, World } from './testing/world.ts';

function said(response: IncomingResponse): string {
  return `${formatCode(response.code)} ${decodeUtf8(response.payload)}`.trim();
}

test('LightweightM2M-1.1-int-101 Initial Registration', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  // 1. The client registers with every parameter and its object list.
  const response = await world.until(
    terminal.register('ep=urn:dev:1&lt=300&lwm2m=1.1&b=U&sms=86138&x=y', '</>;rt="oma.lwm2m";ct=11543,</1/0>,</3/0>'),
  );
  // 2. The server answers 2.01 with the location.
  assert.equal(formatCode(response.code), '2.01');
  assert.equal(response.locationPath.length, 2);
  assert.equal(response.locationPath[0], 'rd');
  assert.match(response.locationPath[1]!, /^[A-Za-z0-9_-]{12}$/);
  // 3. The server knows the client and everything that it said.
  const registration = world.server.registration({ endpoint: 'urn:dev:1' })!;
  assert.deepEqual(registration, {
    id: response.locationPath[1],
    endpoint: 'urn:dev:1',
    deviceKey: 'urn:dev:1',
    address: registration.address,
    lifetime: 300,
    lwm2mVersion: '1.1',
    binding: 'U',
    queueMode: false,
    smsNumber: '86138',
    objectLinks: '</>;rt="oma.lwm2m";ct=11543,</1/0>,</3/0>',
    otherParameters: { x: 'y' },
    registeredAt: registration.registeredAt,
    updatedAt: registration.registeredAt,
  });
  assert.equal(registration.address.key, '198.51.100.1:56830');
  assert.deepEqual([...world.server.objectLinks({ endpoint: 'urn:dev:1' })!.objects.keys()], [1, 3]);
  await world.settle();
  assert.deepEqual(world.takeEvents(), ['registered']);
  assert.equal(world.server.size, 1);
});

test('the success is sent after registration and device record are on disk, in one group', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  world.store.stuck = true;
  let answered = false;
  const registering = terminal.register('ep=a').then(() => {
    answered = true;
  });
  await world.time.advance(seconds(1));
  assert.deepEqual([answered, world.server.size], [false, 0]);
  assert.deepEqual(world.store.calls, ['register a', 'device a']);
  world.store.release();
  await world.until(registering);
  assert.deepEqual(world.store.groups, [2]);
  assert.equal(world.server.size, 1);
});

test('a binding of letters that LwM2M does not have is refused with 4.00 and the letter; a later version with 4.12', async () => {
  const world = await World.open();
  const register = async (query: string) => said(await world.until(world.terminal().register(query, '</1/0>,</3/0>')));
  for (const [binding, letter] of [
    ['Z', 'Z'],
    ['UX', 'X'],
    ['AU', 'A'],
  ] as const) {
    const why = `4.00 b is of the letters U, M, H, T, S, N and Q, and ${letter} is none`;
    assert.equal(await register(`ep=a&b=${binding}`), why);
    assert.match(await register(`ep=a&lwm2m=1.3&b=${binding}`), /^4\.12 /);
  }
  // Those of all versions are taken in each: 1.0 has UQ for what is b=U&Q since 1.1.
  for (const query of ['b=T', 'lwm2m=1.1&b=UQ', 'lwm2m=1.1&b=M', 'lwm2m=1.2&b=UMHTSN&Q', 'b=']) {
    assert.match(await register(`ep=a&${query}`), /^2\.01/, query);
  }
  // An Update is judged alike.
  const terminal = world.terminal();
  await world.until(terminal.register('ep=b', '</1/0>,</3/0>'));
  const update = await world.until(terminal.update('b=UZ'));
  assert.match(said(update), /^4\.00 .*and Z is none/);
});

test('what is left out has its default: lt 86400, lwm2m 1.0, b U', async () => {
  const world = await World.open();
  await world.until(world.terminal().register('ep=a', '</1/0>,</3/0>'));
  const { lifetime, lwm2mVersion, binding, queueMode, smsNumber, otherParameters } = world.server.registration({
    endpoint: 'a',
  })!;
  assert.deepEqual(
    [lifetime, lwm2mVersion, binding, queueMode, smsNumber, otherParameters],
    [86_400, '1.0', 'U', false, undefined, undefined],
  );
});

test('LightweightM2M-1.1-int-108 Turn on Queue Mode: by the binding of 1.0 and the parameter of 1.1', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&b=UQ'));
  await world.until(world.terminal().register('ep=b&lwm2m=1.1&b=U&Q'));
  assert.equal(world.server.registration({ endpoint: 'a' })!.queueMode, true);
  assert.equal(world.server.registration({ endpoint: 'b' })!.queueMode, true);
  await world.until(terminal.update('b=U'));
  assert.equal(world.server.registration({ endpoint: 'a' })!.queueMode, false);
});

test('bad Registers: each with its code and a sentence, and nothing kept', async () => {
  const world = await World.open({ limits: { maximumPayloadBytes: 2_000, maximumLinks: 20 } });
  const terminal = world.terminal();
  const good = '</3/0>';
  const cases: [query: string, links: string, answer: RegExp][] = [
    ['lt=60', good, /^4\.00 ep is missing$/],
    ['ep=', good, /^4\.00 ep is empty$/],
    ['ep=a&ep=b', good, /^4\.00 ep is there twice$/],
    ['ep=a&lt=60&lt=60', good, /^4\.00 lt is there twice$/],
    ['ep=a&lt=0', good, /^4\.00 lt is a number of seconds from 1 to 4294967295$/],
    ['ep=a&lt=-5', good, /^4\.00 lt is a whole number of seconds$/],
    ['ep=a&lt=soon', good, /^4\.00 lt/],
    ['ep=a&lt=4294967296', good, /^4\.00 lt/],
    ['ep=a&b=???', good, /^4\.00 b is/],
    ['ep=a&lwm2m=2.0', good, /^4\.12 lwm2m is none of 1\.0, 1\.1, 1\.2$/],
    ['ep=a', '', /^4\.00 the object list is missing/],
    ['ep=a', 'hello', /^4\.00 the object list is not link-format/],
    ['ep=a', '</3/0', /^4\.00 the object list is not link-format/],
    ['ep=a', Array.from({ length: 21 }, (_, i) => `</3/${i}>`).join(), /^4\.00 .*more links than allowed/],
    ['ep=a', `</3/0>;x="${'y'.repeat(2_000)}"`, /^4\.13 the object list has more than 2000 bytes$/],
    [Array.from({ length: 17 }, (_, i) => `p${i}=1`).join('&'), good, /^4\.00 more than 16 query parameters$/],
  ];
  for (const [query, links, answer] of cases) {
    assert.match(said(await world.until(terminal.register(query, links))), answer, `${query} ${links.slice(0, 40)}`);
  }
  const wrongFormat = await world.until(terminal.post(['rd'], 'ep=a', good, 11_542));
  assert.match(said(wrongFormat), /^4\.15 Content-Format 11542 is not link-format, 40$/);
  await world.settle();
  assert.equal(world.server.size, 0);
  assert.deepEqual(world.store.calls, []);
  assert.deepEqual(new Set(world.takeEvents()), new Set(['refused']));
});

test('hostile object lists, at the default limits: a megabyte, thousands of links, deep and endless paths', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  const deep = `</${'a/'.repeat(2_000)}3/0>`;
  const long = 'a'.repeat(300);
  const cases: [links: string, answer: RegExp][] = [
    ['</3/0>,'.repeat(150_000), /^4\.13/],
    [Array.from({ length: 2_000 }, (_, i) => `</${i}>`).join(), /^4\.00 .*more links than allowed/],
    [deep, /^4\.00 .*more path segments than allowed/],
    [`</${long}>;rt="oma.lwm2m",</${long}/3/0>`, /^4\.00 .*alternate path/],
    ['</..>;rt="oma.lwm2m",</../3/0>', /^4\.00 .*alternate path/],
    [`</3/0>${';a=1'.repeat(3_000)}`, /^4\.00 .*more attributes than allowed/],
    [`</3/0>;x="${'\\'.repeat(10_000)}`, /^4\.00/],
  ];
  for (const [links, answer] of cases) {
    assert.match(said(await world.until(terminal.register('ep=a', links))), answer, links.slice(0, 40));
  }
  assert.equal(world.server.size, 0);
  assert.deepEqual(world.store.calls, []);
});

test('tolerated: legacy and absent Content-Format, 1.2, no root link, object 0, a slash at the end', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  const links = '</0/0>,</1/0>;ver=1.1,</3/0>';
  assert.equal(said(await world.until(terminal.post(['rd'], 'ep=a', links, 1541))), '2.01');
  assert.equal(said(await world.until(terminal.post(['rd'], 'ep=a&lwm2m=1.2&b=UQ', links))), '2.01');
  assert.equal(said(await world.until(terminal.post(['rd'], 'ep=a&lwm2m=1.0.2', links))), '2.01');
  assert.equal(said(await world.until(terminal.post(['rd', ''], 'ep=a', links))), '2.01');
  const unlabelled = terminal.endpoint.request(terminal.server, {
    method: Code.POST,
    path: 'rd',
    query: ['ep=a'],
    payload: encodeUtf8(links),
  });
  assert.equal(said(await world.until(unlabelled)), '2.01');
  assert.equal(world.server.size, 1);
});

test('an object list may be left out where the operator says so', async () => {
  const world = await World.open({ behaviour: { objectLinksRequired: false } });
  assert.equal(said(await world.until(world.terminal().register('ep=a', ''))), '2.01');
  assert.equal(world.server.registration({ endpoint: 'a' })!.objectLinks, '');
  assert.equal(world.server.objectLinks({ endpoint: 'a' })!.objects.size, 0);
});

test('other methods and paths', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  const ask = async (method: number, path: string) =>
    said(await world.until(terminal.endpoint.request(terminal.server, { method, path })));
  assert.equal(await ask(Code.GET, '/rd'), '4.05 terminals register here, with POST; what is registered is not read');
  const only = '4.05 a registration is updated with POST and ended with DELETE, and not read';
  assert.equal(await ask(Code.GET, `/${terminal.location.join('/')}`), only);
  assert.equal(await ask(Code.PUT, `/${terminal.location.join('/')}`), only);
  assert.equal(await ask(Code.POST, '/rd/a/b'), '4.04 no location that we gave; register again');
  assert.match(await ask(Code.POST, '/rd/nobody'), /^4\.04 there is no such registration; register again$/);
  assert.equal(await ask(Code.GET, '/other'), '4.04');
  assert.match(await ask(Code.GET, '/.well-known/core'), /<\/rd>;rt="core\.rd"/);
});

test('LightweightM2M-1.1-int-102 Registration Update; LightweightM2M-1.1-int-107 Extending the lifetime', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&lt=100&sms=1&x=1'));
  await world.time.advance(seconds(80));
  // An Update that says nothing keeps everything and begins the lifetime anew.
  assert.equal(said(await world.until(terminal.update())), '2.04');
  await world.time.advance(seconds(80));
  assert.equal(world.server.size, 1);
  // A new lifetime, new links, SMS number and binding; parameters that are not ours are kept and added to.
  assert.equal(
    said(await world.until(terminal.update('lt=200&b=UQ&sms=2&lwm2m=1.1&epi=z&ep=a', '</3/0>,</6/0>'))),
    '2.04',
  );
  const updated = world.server.registration({ endpoint: 'a' })!;
  assert.deepEqual(
    [
      updated.lifetime,
      updated.binding,
      updated.queueMode,
      updated.smsNumber,
      updated.lwm2mVersion,
      updated.objectLinks,
    ],
    [200, 'UQ', true, '2', '1.1', '</3/0>,</6/0>'],
  );
  assert.deepEqual(updated.otherParameters, { x: '1', epi: 'z' });
  assert.deepEqual(world.store.registrations.get(updated.id), updated);
  await world.time.advance(seconds(190));
  assert.equal(world.server.size, 1);
  world.takeEvents();
  await world.time.advance(seconds(12));
  assert.equal(world.server.size, 0);
  assert.deepEqual(world.takeEvents(), ['expired']);
  // After expiry every message but Register gets 4.04.
  assert.match(said(await world.until(terminal.update('lt=60'))), /^4\.04/);
  assert.match(said(await world.until(terminal.deregister())), /^4\.04/);
  assert.equal(world.store.registrations.size, 0);
});

test('a lifetime of 0 has no end since LwM2M 1.1, unless the operator bounds lifetimes', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  assert.equal(said(await world.until(terminal.register('ep=a&lt=0&lwm2m=1.1'))), '2.01');
  assert.equal(said(await world.until(terminal.update('lt=60'))), '2.04');
  assert.equal(said(await world.until(terminal.update('lt=0'))), '2.04');
  await world.time.advance(seconds(86_400 * 30));
  assert.equal(world.server.registration({ endpoint: 'a' })?.lifetime, 0);
  await world.kill();
  await world.startServer();
  await world.time.advance(seconds(86_400));
  assert.equal(world.server.size, 1);
  const bounded = await World.open({ limits: { maximumLifetime: seconds(86_400) } });
  const refused = await bounded.until(bounded.terminal().register('ep=a&lt=0&lwm2m=1.1'));
  assert.match(said(refused), /^4\.00 lt is a number of seconds from 1 to 86400$/);
});

test('bad Updates get 4.00 and change nothing', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&lt=100'));
  const before = world.server.registration({ endpoint: 'a' });
  for (const query of ['lt=0', 'lt=x', 'lt=1&lt=2', 'ep=b', 'b=1', 'lwm2m=3.0']) {
    assert.match(said(await world.until(terminal.update(query))), /^4\.00 /, query);
  }
  assert.match(said(await world.until(terminal.update('', 'garbage'))), /^4\.00 /);
  assert.equal(world.server.registration({ endpoint: 'a' }), before);
});

test('parameters kept over Updates stay bounded', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&p0=1'));
  for (let i = 1; i < 16; i++) assert.equal(said(await world.until(terminal.update(`p${i}=1`))), '2.04');
  assert.match(said(await world.until(terminal.update('p16=1'))), /^4\.00/);
  assert.equal(said(await world.until(terminal.update('p15=2'))), '2.04');
});

test('LightweightM2M-1.1-int-103 Deregistration', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  assert.equal(said(await world.until(terminal.deregister())), '2.02');
  assert.deepEqual([world.server.size, world.store.registrations.size], [0, 0]);
  assert.match(said(await world.until(terminal.deregister())), /^4\.04/);
  await world.settle();
  assert.deepEqual(world.takeEvents(), ['registered', 'deregistered', 'refused']);
});

test('LightweightM2M-1.1-int-105 Discarded Register Update', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  // The registration is discarded on the server's side; the next Update must be told so.
  assert.equal(await world.until(world.server.endRegistration({ endpoint: 'a' })), true);
  assert.equal(await world.server.endRegistration({ endpoint: 'a' }), false);
  assert.match(said(await world.until(terminal.update())), /^4\.04/);
  assert.equal(said(await world.until(terminal.register('ep=a'))), '2.01');
});

test('registering again replaces: a new location, the old one gone', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&lt=60&sms=1'));
  const old = terminal.location;
  await world.until(terminal.register('ep=a&lt=600'));
  assert.notDeepEqual(terminal.location, old);
  assert.deepEqual([world.server.size, world.store.registrations.size], [1, 1]);
  const path = old;
  const late = await world.until(terminal.endpoint.request(terminal.server, { method: Code.POST, path }));
  assert.match(said(late), /^4\.04/);
  assert.equal(world.server.registration({ endpoint: 'a' })!.smsNumber, undefined);
  await world.settle();
  assert.deepEqual(world.takeEvents(), ['registered', 'replaced', 'registered', 'refused']);
  // The longer lifetime holds; a shorter one after it does too.
  await world.time.advance(seconds(300));
  assert.equal(world.server.size, 1);
  await world.until(terminal.register('ep=a&lt=30'));
  await world.time.advance(seconds(32));
  assert.equal(world.server.size, 0);
});

test('LightweightM2M-1.1-int-1250 Update from a new address is followed', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  const moved = world.terminal(40_000);
  moved.location = terminal.location;
  assert.equal(said(await world.until(moved.update())), '2.04');
  assert.equal(world.server.registration({ endpoint: 'a' })!.address.key, '198.51.100.2:40000');
  await world.settle();
  assert.deepEqual(world.takeEvents(), ['registered', 'updated', 'address-changed']);
});

test('who asks from elsewhere changes a registration only as far as the profile lets him', async () => {
  const judged: string[] = [];
  const world = await World.open({
    profile: (store) => ({
      ...openProfile(store),
      mayChange: async ({ endpoint, address }) => {
        judged.push(`${endpoint} ${address.key}`);
        return address.port === 40_000 ? success(undefined) : failure({ code: Code.Forbidden, reason: 'not yours' });
      },
    }),
  });
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  assert.equal(said(await world.until(terminal.update())), '2.04');
  assert.deepEqual(judged, [], 'the peer that registered is not asked again');
  const thief = world.terminal(40_001);
  thief.location = terminal.location;
  assert.equal(said(await world.until(thief.update())), '4.03 not yours');
  assert.equal(said(await world.until(thief.deregister())), '4.03 not yours');
  const moved = world.terminal(40_000);
  moved.location = terminal.location;
  assert.equal(said(await world.until(moved.update())), '2.04');
  assert.deepEqual(judged, ['a 198.51.100.2:40001', 'a 198.51.100.2:40001', 'a 198.51.100.3:40000']);
});

test('locations by endpoint name, and ids handed out before', async () => {
  const world = await World.open({ behaviour: { location: 'endpoint' } });
  const terminal = world.terminal();
  const name = '86;46;;1.0/x y';
  const response = await world.until(terminal.register(`ep=${name}`));
  assert.deepEqual(response.locationPath, ['rd', name]);
  assert.equal(said(await world.until(terminal.update('lt=60'))), '2.04');
  const { id } = world.server.registration({ endpoint: name })!;
  terminal.location = ['rd', id];
  assert.equal(said(await world.until(terminal.update('lt=61'))), '2.04');
  terminal.location = ['rd', name];
  assert.equal(said(await world.until(terminal.deregister())), '2.02');
  assert.match(said(await world.until(terminal.deregister())), /^4\.04/);
  const dots = world.terminal();
  assert.match((await world.until(dots.register('ep=..'))).locationPath[1]!, /^[\w-]{12}$/);
});

test('endpoint names are no locations where locations are opaque', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  terminal.location = ['rd', 'a'];
  assert.match(said(await world.until(terminal.deregister())), /^4\.04/);
  terminal.location = ['a;1.0'];
  assert.match(said(await world.until(terminal.deregister())), /^4\.04/);
});

test('locations by device key and version', async () => {
  const world = await World.open({ behaviour: { location: 'device-key-version' }, profile: keyedProfile });
  const terminal = world.terminal();
  const response = await world.until(terminal.register('ep=861111003929110;460041850403690;;1.2'));
  assert.deepEqual(response.locationPath, ['861111003929110;1.2']);
  assert.equal(said(await world.until(terminal.update('lt=60'))), '2.04');
  // Another version is another location; what is no location at all is not found.
  for (const location of ['861111003929110;1.3', '861111003929110;', '861111003929110', ';1.2', 'other;1.2']) {
    terminal.location = [location];
    assert.match(said(await world.until(terminal.update())), /^4\.04/, location);
  }
  terminal.location = ['861111003929110;1.2'];
  assert.equal(said(await world.until(terminal.deregister())), '2.02');
});

test('a device with a new SIM has a new endpoint name and one registration', async () => {
  const world = await World.open({ profile: keyedProfile });
  const terminal = world.terminal();
  await world.until(terminal.register('ep=861;460;;1.0'));
  await world.until(terminal.register('ep=861;999;;1.0'));
  assert.deepEqual([world.server.size, world.store.registrations.size], [1, 1]);
  assert.equal(world.server.registration({ endpoint: '861;460;;1.0' }), undefined);
  assert.equal(world.server.registration({ deviceKey: '861' })!.endpoint, '861;999;;1.0');
  assert.deepEqual(
    [...world.server.registrations()].map(({ endpoint }) => endpoint),
    ['861;999;;1.0'],
  );
});

test('a terminal that insists after its refusal is told to wait, and let in when the operator allows it', async () => {
  let allowed = false;
  let judged = 0;
  const world = await World.open({
    profile: (store) => ({
      ...keyedProfile(store),
      enrol: ({ endpoint }) => {
        judged++;
        return allowed
          ? { ok: true, value: { deviceKey: endpoint } }
          : { ok: false, error: { code: Code.Forbidden, reason: 'not on the allow-list' } };
      },
    }),
  });
  const terminal = world.terminal();
  const answers: string[] = [];
  for (let i = 0; i < 40; i++) answers.push(said(await world.until(terminal.register('ep=a'))));
  assert.deepEqual([...new Set(answers)], ['4.03 not on the allow-list', '4.29 refused before; wait']);
  assert.equal(judged, 5);
  assert.equal(said(await world.until(world.terminal().register('ep=b'))), '4.03 not on the allow-list');
  allowed = true;
  const later = await world.until(terminal.register('ep=a'));
  assert.equal(formatCode(later.code), '4.29');
  await world.time.advance(later.maxAge);
  assert.equal(said(await world.until(terminal.register('ep=a'))), '2.01');
});

test('a profile may take its time, or fail', async () => {
  const world = await World.open({
    profile: (store) => ({
      enrol: async ({ endpoint }) => {
        await new Promise<void>((resolve) => world.time.schedule(seconds(3), resolve));
        if (endpoint === 'broken') throw new Error('no database');
        return { ok: true, value: { deviceKey: endpoint } };
      },
      registered: (deviceKey) => store.commit(`device ${deviceKey}`, () => {}),
    }),
  });
  assert.equal(said(await world.until(world.terminal().register('ep=a'))), '2.01');
  assert.match(said(await world.until(world.terminal().register('ep=broken'))), /^5\.00/);
});

test('a full server says 5.03 and when to come again, but lets those in that it has', async () => {
  const world = await World.open({ limits: { maximumRegistrations: 2 } });
  const terminals = [world.terminal(), world.terminal(), world.terminal()];
  const responses = await world.until(Promise.all(terminals.map((terminal, i) => terminal.register(`ep=${i}`))));
  assert.deepEqual(responses.map(({ code }) => formatCode(code)).toSorted(), ['2.01', '2.01', '5.03']);
  const refused = responses.find(({ code }) => code === Code.ServiceUnavailable)!;
  assert.equal(refused.maxAge, seconds(60));
  const inside = responses.findIndex(({ code }) => code === Code.Created);
  assert.equal(said(await world.until(terminals[inside]!.register(`ep=${inside}`))), '2.01');
  assert.equal(said(await world.until(terminals[inside]!.deregister())), '2.02');
  const outside = responses.indexOf(refused);
  assert.equal(said(await world.until(terminals[outside]!.register(`ep=${outside}`))), '2.01');
});

test('a store that fails: 5.03, and memory as it was', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  world.store.failures = 1;
  assert.match(said(await world.until(terminal.register('ep=a'))), /^5\.03 .*try again later$/);
  assert.deepEqual([world.server.size, world.store.registrations.size], [0, 0]);
  await world.until(terminal.register('ep=a&lt=100'));
  const before = world.server.registration({ endpoint: 'a' })!;
  for (const attempt of [
    () => terminal.update('lt=200'),
    () => terminal.deregister(),
    () => terminal.register('ep=a'),
  ]) {
    world.store.failures = 1;
    assert.match(said(await world.until(attempt())), /^5\.03/);
    assert.equal(world.server.registration({ endpoint: 'a' }), before);
    assert.deepEqual([...world.store.registrations.values()], [before]);
  }
  await world.settle();
  assert.deepEqual(world.takeEvents(), ['refused', 'registered', 'refused', 'refused', 'refused']);
});

test('a device record that fails beside a registration that does not: disk follows memory', async () => {
  let failing = false;
  const world = await World.open({
    profile: (store) => ({
      enrol: ({ endpoint }) => ({ ok: true, value: { deviceKey: endpoint } }),
      registered: () => (failing ? Promise.reject(new Error('locked')) : store.commit('device', () => {})),
    }),
  });
  const terminal = world.terminal();
  failing = true;
  assert.match(said(await world.until(terminal.register('ep=a'))), /^5\.03/);
  await world.settle();
  assert.deepEqual([world.server.size, world.store.registrations.size], [0, 0]);
  failing = false;
  await world.until(terminal.register('ep=a'));
  const before = world.server.registration({ endpoint: 'a' })!;
  failing = true;
  assert.match(said(await world.until(terminal.register('ep=a'))), /^5\.03/);
  await world.settle();
  assert.deepEqual([...world.store.registrations.values()], [before]);
});

test('a Register that follows one whose device record fails at once: only the last is on disk', async () => {
  let failures = 0;
  const world = await World.open({
    profile: (store) => ({
      enrol: ({ endpoint }) => ({ ok: true, value: { deviceKey: endpoint } }),
      // Before the registration beside it is on disk.
      registered: () => (failures-- > 0 ? Promise.reject(new Error('locked')) : store.commit('device', () => {})),
    }),
  });
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  failures = 1;
  const second = world.terminal().register('ep=a&lt=200');
  const third = world.terminal().register('ep=a&lt=300');
  assert.match(said(await world.until(second)), /^5\.03/);
  assert.equal(said(await world.until(third)), '2.01');
  await world.settle();
  assert.deepEqual([...world.store.registrations.values()], [world.server.registration({ endpoint: 'a' })]);
});

test('two Registers of one name in flight: both answered, in order, the second stays', async () => {
  const world = await World.open();
  const [one, two] = [world.terminal(), world.terminal()];
  world.store.stuck = true;
  const first = one.register('ep=a&lt=100');
  await world.time.advance(milliseconds(50));
  const second = two.register('ep=a&lt=200');
  await world.time.advance(milliseconds(50));
  assert.deepEqual(world.store.calls, ['register a', 'device a'], 'the second waits for the first');
  world.store.release();
  const responses = await world.until(Promise.all([first, second]));
  assert.deepEqual(
    responses.map(({ code }) => formatCode(code)),
    ['2.01', '2.01'],
  );
  assert.deepEqual([world.server.size, world.store.registrations.size], [1, 1]);
  assert.equal(world.server.registration({ endpoint: 'a' })!.lifetime, 200);
  assert.match(said(await world.until(one.update())), /^4\.04/);
  assert.equal(said(await world.until(two.update())), '2.04');
  await world.settle();
  assert.deepEqual(world.takeEvents(), ['registered', 'replaced', 'registered', 'refused', 'updated']);
});

test('Update and De-register that race a Register come after it, and find their registration gone', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&lt=100'));
  const late = world.terminal();
  late.location = terminal.location;
  world.store.stuck = true;
  const registering = terminal.register('ep=a&lt=300');
  await world.time.advance(milliseconds(20));
  const updating = late.update('lt=500');
  await world.time.advance(milliseconds(20));
  const leaving = late.deregister();
  await world.time.advance(milliseconds(20));
  world.store.release();
  const [registered, updated, left] = await world.until(Promise.all([registering, updating, leaving]));
  assert.deepEqual([said(registered), said(updated).slice(0, 4), said(left).slice(0, 4)], ['2.01', '4.04', '4.04']);
  assert.equal(world.server.registration({ endpoint: 'a' })!.lifetime, 300);
  assert.equal(world.store.registrations.size, 1);
});

test('a De-register before an Update wins; an Update before a De-register is carried out', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  const other = world.terminal();
  for (const order of ['leave first', 'update first']) {
    await world.until(terminal.register('ep=a'));
    other.location = terminal.location;
    world.store.stuck = true;
    const leave = order === 'leave first' ? terminal.deregister() : undefined;
    await world.time.advance(milliseconds(20));
    const updating = other.update('lt=77');
    await world.time.advance(milliseconds(20));
    const leaving = leave ?? terminal.deregister();
    await world.time.advance(milliseconds(20));
    world.store.release();
    const [left, updated] = await world.until(Promise.all([leaving, updating]));
    assert.equal(said(left), '2.02');
    assert.equal(said(updated).slice(0, 4), order === 'leave first' ? '4.04' : '2.04');
    assert.deepEqual([world.server.size, world.store.registrations.size], [0, 0]);
  }
});

test('an Update that is being committed when the lifetime ends came in time', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&lt=10'));
  await world.time.advance(seconds(9));
  world.store.stuck = true;
  const updating = terminal.update();
  await world.time.advance(seconds(5));
  world.store.release();
  assert.equal(said(await world.until(updating)), '2.04');
  await world.time.advance(seconds(4));
  assert.equal(world.server.size, 1);
  assert.equal(world.store.registrations.size, 1);
  await world.time.advance(seconds(10));
  assert.deepEqual([world.server.size, world.store.registrations.size], [0, 0]);
});

test('more changes of one device than may wait get 5.03', async () => {
  const world = await World.open({ limits: { maximumWaitingChanges: 1 } });
  const terminals = [world.terminal(), world.terminal(), world.terminal()];
  world.store.stuck = true;
  const answers = terminals.map((terminal) => terminal.register('ep=a'));
  await world.settle();
  world.store.release();
  const responses = await world.until(Promise.all(answers));
  assert.deepEqual(responses.map(({ code }) => formatCode(code)).toSorted(), ['2.01', '2.01', '5.03']);
});

test('grace after the lifetime', async () => {
  const world = await World.open({ behaviour: { lifetimeGrace: seconds(93) } });
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&lt=60'));
  await world.time.advance(seconds(140));
  assert.equal(said(await world.until(terminal.update())), '2.04');
  await world.time.advance(seconds(155));
  assert.match(said(await world.until(terminal.update())), /^4\.04/);
});

test('the last Update is told on the clock as it is set now, and a leap of the clock ends no lifetime', async () => {
  const world = await World.open({ behaviour: { lifetimeGrace: seconds(93) } });
  const { server, time } = world;
  const age = (endpoint: string) => Math.round((time.epoch() - server.lastUpdatedAt({ endpoint })!) / 1000);
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&lt=60'));
  await world.until(world.terminal().register('ep=endless&lt=0&lwm2m=1.1'));
  for (const ahead of [hours(24 * 365), -hours(2 * 24 * 365)]) {
    await time.advance(seconds(50));
    time.setClock(ahead);
    assert.equal(age('a'), 50);
    assert.equal(said(await world.until(terminal.update())), '2.04');
    assert.equal(age('a'), 0);
  }
  assert.equal(age('endless'), 100);
  await time.advance(seconds(155));
  assert.equal(server.lastUpdatedAt({ endpoint: 'a' }), undefined);
});

test('after kill -9 everything acknowledged is there, and lifetimes go on from the last Update', async () => {
  const world = await World.open({ behaviour: { restartGrace: zeroDuration } });
  const terminals = Array.from({ length: 5 }, () => world.terminal());
  for (const [i, terminal] of terminals.entries()) await world.until(terminal.register(`ep=${i}&lt=${(i + 1) * 1000}`));
  await world.until(terminals[1]!.update('lt=1500', '</3/0>,</7/0>'));
  await world.until(terminals[2]!.deregister());
  const before = [...world.server.registrations()];
  // One that is not acknowledged: it may be lost.
  world.store.stuck = true;
  const lost = world.terminal().register('ep=lost');
  lost.catch(() => {});
  await world.time.advance(seconds(1));
  await world.kill();
  world.store.stuck = false;
  await world.time.advance(seconds(1200));
  await world.startServer();
  await world.settle();
  assert.deepEqual(
    world.eventsOf('expired').map(({ registration }) => registration.endpoint),
    ['0'],
    'its lifetime ended while nobody watched',
  );
  assert.deepEqual(
    [...world.server.registrations()].map((registration) => ({ ...registration, address: registration.address.key })),
    before.slice(1).map((registration) => ({ ...registration, address: registration.address.key })),
  );
  assert.equal(said(await world.until(terminals[3]!.update())), '2.04');
  await world.time.advance(seconds(305));
  assert.deepEqual(
    [...world.server.registrations()].map(({ endpoint }) => endpoint),
    ['3', '4'],
    'the second expired 1,500 s after its Update',
  );
});

test('after a start with a clock far ahead every terminal has time to be heard, and its lifetime at most', async () => {
  const world = await World.open({ behaviour: { restartGrace: minutes(30) } });
  const { time } = world;
  const [short, long, silent] = [world.terminal(), world.terminal(), world.terminal()];
  await world.until(short.register('ep=short&lt=60'));
  await world.until(long.register('ep=long&lt=86400'));
  await world.until(silent.register('ep=silent&lt=86400'));
  await world.until(world.terminal().register('ep=endless&lt=0&lwm2m=1.1'));
  await world.kill();
  time.setClock(hours(24 * 365));
  await world.startServer();
  const left = (endpoint: string) => Math.round((world.server.expiryOf({ endpoint })! - time.epoch()) / 1000);
  assert.deepEqual(['short', 'long', 'silent', 'endless'].map(left), [60, 1800, 1800, Number.POSITIVE_INFINITY]);
  assert.equal(said(await world.until(short.update())), '2.04');
  await time.advance(seconds(100));
  assert.equal(world.server.registration({ endpoint: 'short' }), undefined);
  assert.equal(said(await world.until(long.update())), '2.04');
  assert.equal(left('long'), 86_400);
  await time.advance(seconds(1710));
  const endpoints = [...world.server.registrations()].map(({ endpoint }) => endpoint);
  assert.deepEqual(endpoints, ['endless', 'long']);
});

test('the end of a lifetime is told on the clock as it is set now', async () => {
  const world = await World.open({ behaviour: { lifetimeGrace: seconds(93) } });
  await world.until(world.terminal().register('ep=a&lt=60'));
  for (const ahead of [hours(24 * 365), -hours(2 * 24 * 365)]) {
    world.time.setClock(ahead);
    assert.equal(Math.round((world.server.expiryOf({ endpoint: 'a' })! - world.time.epoch()) / 1000), 60);
  }
});

test('terminals that come and go leave nothing behind', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  for (let i = 0; i < 100; i++) {
    await world.until(terminal.register(`ep=${i}&lt=4000000000`));
    await world.until(terminal.deregister());
  }
  await world.time.advance(hours(2));
  assert.equal(world.server.size, 0);
  await world.server.close();
  await world.endpoint.close();
  await terminal.endpoint.close();
  assert.equal(world.time.pending, 0);
});

test('close waits for what is being committed and turns the rest away', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  world.store.stuck = true;
  const registering = terminal.register('ep=a');
  await world.time.advance(seconds(1));
  let closed = false;
  const closing = world.server.close().then(() => {
    closed = true;
  });
  const late = world.terminal().register('ep=b');
  assert.equal(formatCode((await world.until(late)).code), '5.03');
  assert.equal(closed, false);
  world.store.release();
  await world.until(closing);
  assert.equal(said(await world.until(registering)), '2.01');
  assert.equal(world.store.registrations.size, 1);
});

test('everything works over a network that loses, doubles and reorders', async () => {
  for (const seed of [1, 2, 3]) {
    const world = await World.open({ seed, conditions: { loss: 0.3, duplication: 0.2, reordering: 0.2 } });
    const lives = Array.from({ length: 20 }, async (_, i) => {
      const terminal = world.terminal();
      const steps: string[] = [];
      const attempt = async (what: () => Promise<IncomingResponse>) =>
        steps.push(await what().then(said, (error: { code: string }) => error.code));
      await attempt(() => terminal.register(`ep=${i}`));
      if (terminal.location.length > 0) {
        await attempt(() => terminal.update('lt=5000'));
        if (i % 2 === 0) await attempt(() => terminal.deregister());
      }
      return steps.join(' ');
    });
    const outcomes = await world.until(Promise.all(lives), hours(1));
    const whole = outcomes.filter((outcome, i) => outcome === (i % 2 === 0 ? '2.01 2.04 2.02' : '2.01 2.04'));
    assert.ok(whole.length >= 16, outcomes.join('\n'));
    const stored = [...world.store.registrations.keys()].toSorted();
    assert.deepEqual([...world.server.registrations()].map(({ id }) => id).toSorted(), stored);
  }
});

test('registrations come in order of names, from any of them on', async () => {
  const world = await World.open();
  const names = ['b', 'a', 'c10', 'c1', 'Z', '终端'];
  for (const name of names) await world.until(world.terminal().register(`ep=${name}`));
  const after = (name?: string) => [...world.server.registrations(name)].map(({ endpoint }) => endpoint);
  assert.deepEqual(after(), ['Z', 'a', 'b', 'c1', 'c10', '终端']);
  assert.deepEqual(after('b'), ['c1', 'c10', '终端']);
  assert.deepEqual(after('bb'), ['c1', 'c10', '终端']);
  assert.deepEqual(after('终端'), []);
  const registration = world.server.registration({ endpoint: 'a' })!;
  assert.equal(world.server.registration(registration), registration);
  assert.equal(world.server.registration({ id: registration.id }), registration);
  assert.equal(world.server.registration({ deviceKey: 'a' }), registration);
  assert.equal(world.server.expiryOf(registration), registration.updatedAt + 86_400_000);
  assert.deepEqual(world.server.locationOf(registration), ['rd', registration.id]);
});

test('of two registrations of one device in the store the newer stays', async () => {
  const world = new World();
  const time = world.time.epoch();
  const one = {
    id: 'one',
    endpoint: 'a',
    deviceKey: 'a',
    address: socketAddress('198.51.100.1', 1),
    lifetime: 600,
    lwm2mVersion: '1.0',
    binding: 'U',
    queueMode: false,
    smsNumber: undefined,
    objectLinks: '</3/0>',
    otherParameters: undefined,
    registeredAt: time - 2_000,
    updatedAt: time - 2_000,
  };
  const two = { ...one, id: 'two', updatedAt: time - 1_000 };
  const three = { ...one, id: 'three', endpoint: 'a2', updatedAt: time - 1_500 };
  for (const registration of [one, two, three]) world.store.registrations.set(registration.id, registration);
  await world.startServer();
  await world.settle();
  assert.deepEqual([...world.server.registrations()], [two]);
  assert.deepEqual([...world.store.registrations.keys()], ['two']);
});

/** Asks `registrations` something after a restart with these endpoints, and tells which was asked for which peer. */
async function askedAfterRestart(
  endpoints: Readonly<Record<string, Omit<ServerEndpoint, 'endpoint'> & { readonly connectionOriented?: boolean }>>,
  registrations: readonly Pick<Registration, 'address' | 'binding' | 'peerKey'>[],
): Promise<string[]> {
  const { time, store, random } = new World();
  const asked: string[] = [];
  const endpointOf = (name: string, connectionOriented = false): CoapEndpoint => ({
    connectionOriented,
    handle: () => {},
    request: async (peer) => {
      asked.push(`${name} ${peer.key}`);
      throw new Error('nobody there');
    },
    observe: () => Promise.reject(new Error('nobody there')),
    restoreObservation: () => {
      throw new Error('nobody there');
    },
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
  const server = new Lwm2mServer({
    endpoints: Object.entries(endpoints).map(([name, { connectionOriented, ...more }]) => ({
      endpoint: endpointOf(name, connectionOriented),
      ...more,
    })),
    store,
    profile: openProfile(store),
    model: omaObjects,
    clock: time,
    timers: time,
    random,
  });
  const common = {
    lifetime: 600,
    lwm2mVersion: '1.0',
    queueMode: false,
    smsNumber: undefined,
    objectLinks: '',
  } as const;
  const times = { registeredAt: time.epoch(), updatedAt: time.epoch(), otherParameters: undefined };
  const ids = registrations.map((registration, i) => {
    const id = `r${i}`;
    store.registrations.set(id, { ...common, ...times, ...registration, id, endpoint: id, deviceKey: id });
    return id;
  });
  await server.start();
  for (const id of ids) await assert.rejects(server.read({ id }, { objectId: 3 }), /nobody there/);
  await server.close();
  return asked;
}

test('after a restart a terminal is reached through the endpoint that serves its address', async () => {
  const asked = await askedAfterRestart(
    { IPv4: { serves: ({ family }) => family === 4 }, IPv6: { serves: ({ family }) => family === 6 } },
    ['192.0.2.9', '2001:db8::9'].map((host) => ({ address: socketAddress(host, 1), binding: 'U' })),
  );
  assert.deepEqual(asked, ['IPv4 192.0.2.9:1', 'IPv6 [2001:db8::9]:1']);
});

test('after a restart a terminal is reached as it came, whatever binding it says', async () => {
  const address = socketAddress('192.0.2.9', 1);
  const asked = await askedAfterRestart({ UDP: {}, TCP: { connectionOriented: true } }, [
    { address, binding: 'U', peerKey: new StreamPeer(address, 7, 'tcp').key },
    { address, binding: 'UT', peerKey: new StreamPeer(address, 8, 'tcp').key },
    { address, binding: 'T' },
    { address, binding: 'UT' },
  ]);
  assert.deepEqual(
    asked.map((one) => one.split(' ')[0]),
    ['TCP', 'TCP', 'TCP', 'UDP'],
  );
});

test('a server without an endpoint is a mistake', () => {
  const { time, store, random } = new World();
  const options = { store, profile: openProfile(store), model: omaObjects, clock: time, timers: time, random };
  assert.throws(() => new Lwm2mServer({ ...options, endpoints: [] }), RangeError);
});
