import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, type OutgoingResponse } from '@yaolian/coap';
import { type Duration, days, decodeUtf8, encodeUtf8, hours, seconds } from '@yaolian/kernel';
import type { CertificateEnrolment } from './client-options.ts';
import { type Connector, plainConnector, type ServerAccess } from './connection.ts';
import { SecurityMode } from './objects/security.ts';
import { TerminalWorld } from './testing/scripted-server.ts';

const day = days(1);
/** A certificate of these tests says when it is good. */
const certificate = (notBefore: number, notAfter: number) =>
  encodeUtf8(`${Math.floor(notBefore)}-${Math.floor(notAfter)}`);

interface Authority {
  /** How long its certificates are good. */
  readonly validity?: Duration;
  readonly renewBefore?: Duration;
  /** Answers in place of a certificate. */
  script?: () => OutgoingResponse | undefined;
}

/** A terminal with a certificate by EST that is good for a year, and its server, which takes no certificate that has run out. */
async function openWorld(authority: Authority = {}) {
  const { validity = days(365), renewBefore } = authority;
  const world = new TerminalWorld();
  const { time, server } = world;
  let keys = 0;
  const issue = () => certificate(time.epoch(), time.epoch() + validity);
  const enrolment: CertificateEnrolment = {
    makeRequest: async () => {
      keys++;
      const [privateKey, publicKey] = [encodeUtf8(`private ${keys}`), encodeUtf8(`public ${keys}`)];
      return { privateKey, publicKey, request: encodeUtf8(`request ${keys}`) };
    },
    isCertificateOf: (shown) => /^\d+-\d+$/.test(decodeUtf8(shown) ?? ''),
    validityOf: (shown) => {
      const [notBefore, notAfter] = (decodeUtf8(shown) ?? '').split('-').map(Number);
      return notBefore === undefined || notAfter === undefined ? undefined : { notBefore, notAfter };
    },
    ...(renewBefore && { renewBefore }),
  };
  const shown: ServerAccess[] = [];
  let released = 0;
  let plain: Connector | undefined;
  const transport: Connector = {
    connect: async (access, signal) => {
      const { notAfter } = enrolment.validityOf!(access.publicKeyOrIdentity)!;
      assert.ok(time.epoch() <= notAfter, 'a certificate that has run out is shown');
      shown.push(access);
      const connection = await plain!.connect({ ...access, securityMode: SecurityMode.NoSec }, signal);
      return { ...connection, release: () => void released++ };
    },
  };
  server.script = ({ path }) => {
    if (path[0] !== '.well-known') return undefined;
    return authority.script?.() ?? { code: Code.Changed, contentFormat: 287, payload: issue() };
  };
  const est = {
    securityMode: SecurityMode.CertificateWithEst,
    publicKeyOrIdentity: issue(),
    secretKey: encodeUtf8('first'),
  };
  const client = world.client({
    enrolment,
    transport,
    servers: [{ uri: TerminalWorld.uri, lifetime: hours(12), ...est }],
  });
  plain = plainConnector(world.transport);
  client.start();
  await time.until(client.registered(), seconds(60));
  const of = (type: string) => world.events.filter((event) => event.type === type);
  /** Days that pass. */
  const pass = (count: number) => time.advance(days(count));
  return { world, client, shown, pass, of, released: () => released };
}

test('RFC 9148 §4.5 sren: the certificate is renewed with a third of its time left, for a new key, year after year', async () => {
  const { world, client, shown, pass, of, released } = await openWorld();
  await pass(240);
  assert.deepEqual(of('certificate-renewed'), []);
  await pass(5);
  assert.equal(of('certificate-renewed').length, 1);
  const asked = world.server.requests.filter(({ path }) => path[0] === '.well-known');
  assert.deepEqual(
    asked.map(({ path, contentFormat, accept, payload }) => [
      path.join('/'),
      contentFormat,
      accept,
      decodeUtf8(payload),
    ]),
    [['.well-known/est/sren', 286, 287, 'request 1']],
  );
  assert.deepEqual([decodeUtf8(shown[1]!.secretKey), shown.length, released()], ['private 1', 2, 1]);
  assert.deepEqual(client.instance(0, 0)!.value(5), encodeUtf8('private 1'));
  assert.equal(client.state, 'registered');
  await pass(2 * 365);
  assert.equal(of('certificate-renewed').length, 4);
  assert.equal(of('registered').length, 5);
  assert.deepEqual([...of('update-failed'), ...of('registration-failed')], []);
  assert.equal(await world.close(), 0);
});

test('a server that does not renew is asked again, the more often the less time is left, and takes its time', async () => {
  let refuses = true;
  const script = () => (refuses ? { code: Code.ServiceUnavailable, maxAge: seconds(5) } : undefined);
  const { world, client, pass, of } = await openWorld({ script });
  await pass(250);
  const early = of('renewal-failed').length;
  assert.ok(early >= 5 && early <= 8, `${early} times in the first days`);
  await pass(365 - 251);
  const late = of('renewal-failed').length;
  assert.ok(late > early + 100 && late < 300, `${late} times`);
  refuses = false;
  await pass(1);
  assert.equal(of('certificate-renewed').length, 1);
  assert.equal(client.state, 'registered');
  assert.deepEqual(of('registration-failed'), []);
  assert.equal(await world.close(), 0);
});

test('what is no certificate for the key that was asked for changes nothing', async () => {
  const wrong = { code: Code.Changed, contentFormat: 287, payload: encodeUtf8('whatever') };
  const { world, client, pass, of } = await openWorld({ script: () => wrong });
  await pass(244);
  const [failed] = of('renewal-failed');
  assert.match(failed?.type === 'renewal-failed' ? failed.failure.message : '', /no certificate for the key/);
  assert.deepEqual(client.instance(0, 0)!.value(5), encodeUtf8('first'));
  assert.equal(await world.close(), 0);
});

test('renewBefore says when; one that asks for more time than there is does not ask without end', async () => {
  const late = await openWorld({ renewBefore: day });
  await late.pass(363.5);
  assert.deepEqual(late.of('certificate-renewed'), []);
  await late.pass(1);
  assert.equal(late.of('certificate-renewed').length, 1);
  assert.equal(await late.world.close(), 0);
  const early = await openWorld({ renewBefore: days(1000) });
  await early.pass(1);
  assert.equal(early.of('certificate-renewed').length, 1);
  await early.pass(365);
  assert.equal(early.of('certificate-renewed').length, 3);
  assert.equal(await early.world.close(), 0);
});

test('a terminal that was offline when its certificate was due renews it when it comes back', async () => {
  const { world, client, pass, of } = await openWorld();
  await world.time.until(client.goOffline(), seconds(60));
  await pass(300);
  assert.deepEqual(of('certificate-renewed'), []);
  client.goOnline();
  await pass(1);
  assert.equal(of('certificate-renewed').length, 1);
  assert.equal(await world.close(), 0);
});
