import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '@yaolian/kernel';
import { saslCrypto as crypto } from '@yaolian/node-runtime';
import type { SaslChannel, SaslExchange, SaslMechanism, SaslStep } from './mechanism.ts';
import {
  certificateAddresses,
  externalClient,
  externalMechanism,
  plainClient,
  plainMechanism,
} from './plain-external.ts';
import { scramClients } from './scram-client.ts';
import { type CredentialStore, keysOfSaltedPassword, type ScramKeys, scramKeysOf } from './scram-keys.ts';
import { offeredText } from './scram-messages.ts';
import { type ScramServerOptions, scramMechanisms } from './scram-server.ts';

const fakeSaltKey = new Uint8Array(32).fill(9);

async function keysWith(hash: 'SHA-1' | 'SHA-256', salt: string): Promise<ScramKeys> {
  const bytes = decodeBase64(salt)!;
  const salted = await crypto.pbkdf2(hash, encodeUtf8('pencil'), bytes, 4096);
  const { storedKey, serverKey } = await keysOfSaltedPassword(crypto, hash, salted);
  return { hash, salt: bytes, iterations: 4096, storedKey, serverKey };
}

const accounts = new Map<string, readonly ScramKeys[]>([
  ['user', [await keysWith('SHA-1', 'QSXCR+Q6sek8bf92'), await keysWith('SHA-256', 'W22ZaJ0SNY7soEsUEjb6gQ==')]],
  ['juliet', (await scramKeysOf(crypto, 'pass,=wörd', 4096))!],
]);
const credentials: CredentialStore = { keys: async (name) => accounts.get(name) };

function channel(change: Partial<SaslChannel> = {}): SaslChannel {
  return {
    domain: 'example.com',
    isSecure: true,
    identity: undefined,
    channelBindingTypes: [],
    channelBinding: () => undefined,
    offeredMechanisms: ['SCRAM-SHA-256', 'SCRAM-SHA-1'],
    ...change,
  };
}

const bound = (data: string, change: Partial<SaslChannel> = {}) =>
  channel({
    channelBindingTypes: ['tls-exporter', 'tls-server-end-point'],
    channelBinding: (type) => encodeUtf8(`${type} ${data}`),
    ...change,
  });

function mechanism(name: string, options: Partial<ScramServerOptions> = {}): SaslMechanism {
  return scramMechanisms({ crypto, credentials, fakeSaltKey, ...options }).find((found) => found.name === name)!;
}

const text = (step: SaslStep) => {
  assert.equal(step.kind, 'challenge');
  return decodeUtf8((step as { data: Uint8Array }).data)!;
};

async function logIn(
  name: string,
  client: { username: string; password: string },
  clientSide: SaslChannel,
  serverSide: SaslChannel,
): Promise<SaslStep> {
  const exchange = scramClients({ crypto, ...client })
    .find((found) => found.name === name)!
    .begin(clientSide);
  const server = mechanism(name).begin(serverSide);
  let step = await server.start((await exchange.start())!);
  while (step.kind === 'challenge') step = await server.next(await exchange.next(step.data));
  if (step.kind === 'success') await exchange.finish(step.data);
  return step;
}

describe('vectors of RFC 5802 and RFC 7677', () => {
  const vectors = [
    {
      title: 'RFC 5802 §5',
      name: 'SCRAM-SHA-1',
      clientNonce: 'fyko+d2lbbFgONRv9qkxdawL',
      serverNonce: '3rfcNHYJY1ZVvWVs7j',
      challenge: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
      final: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
      success: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
    },
    {
      title: 'RFC 7677 §3',
      name: 'SCRAM-SHA-256',
      clientNonce: 'rOprNGfwEbeRWgbNEkqO',
      serverNonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
      challenge: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
      final:
        'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
      success: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    },
  ];
  for (const vector of vectors) {
    test(vector.title, async () => {
      const options = { downgradeProtection: false, nonce: () => vector.serverNonce };
      const server = mechanism(vector.name, options).begin(channel());
      const client = scramClients({ crypto, username: 'user', password: 'pencil', nonce: () => vector.clientNonce })
        .find(({ name }) => name === vector.name)!
        .begin(channel());
      const first = await client.start();
      assert.equal(decodeUtf8(first!), `n,,n=user,r=${vector.clientNonce}`);
      const challenge = await server.start(first);
      assert.equal(text(challenge), vector.challenge);
      const final = await client.next(encodeUtf8(vector.challenge));
      assert.equal(decodeUtf8(final), vector.final);
      const done = await server.next(final);
      assert.equal(done.kind, 'success');
      assert.equal(decodeUtf8((done as { data: Uint8Array }).data), vector.success);
      await client.finish(encodeUtf8(vector.success));
    });
  }
});

describe('SCRAM', () => {
  const juliet = { username: 'juliet', password: 'pass,=wörd' };

  for (const name of ['SCRAM-SHA-256', 'SCRAM-SHA-1']) {
    test(`${name} lets the owner in`, async () => {
      assert.deepEqual(
        { ...(await logIn(name, juliet, channel(), channel())), data: 0 },
        { kind: 'success', username: 'juliet', data: 0 },
      );
    });

    test(`${name}-PLUS lets the owner in on the same channel only`, async () => {
      const step = await logIn(`${name}-PLUS`, juliet, bound('1'), bound('1'));
      assert.equal(step.kind, 'success');
      assert.deepEqual(await logIn(`${name}-PLUS`, juliet, bound('1'), bound('2')), {
        kind: 'failure',
        condition: 'not-authorized',
        username: 'juliet',
      });
    });
  }

  test('is offered with channel binding where there is one', () => {
    assert.equal(mechanism('SCRAM-SHA-256-PLUS').isOffered(channel()), false);
    assert.equal(mechanism('SCRAM-SHA-256-PLUS').isOffered(bound('1')), true);
    assert.equal(mechanism('SCRAM-SHA-256').isOffered(channel()), true);
  });

  test('the password is prepared: other spaces, composed forms', async () => {
    accounts.set('spaced', (await scramKeysOf(crypto, 'a\u00a0e\u0301', 4096))!);
    const step = await logIn('SCRAM-SHA-256', { username: 'Spaced', password: 'a é' }, channel(), channel());
    assert.equal(step.kind, 'success');
    assert.equal(await scramKeysOf(crypto, '', 4096), undefined);
    assert.equal(await scramKeysOf(crypto, 'a\u0007', 4096), undefined);
    assert.equal(await scramKeysOf(crypto, 'a'.repeat(1025), 4096), undefined);
  });

  test('refuses a wrong password', async () => {
    const step = await logIn('SCRAM-SHA-256', { username: 'juliet', password: 'x' }, channel(), channel());
    assert.deepEqual(step, { kind: 'failure', condition: 'not-authorized', username: 'juliet' });
  });

  test('a name without an account looks like any other: the same salt each time, refused at the end', async () => {
    const challenge = async (name: string) => {
      const step = await mechanism('SCRAM-SHA-256')
        .begin(channel())
        .start(encodeUtf8(`n,,n=${name},r=abc`));
      return /s=([^,]+),i=([0-9]+)/.exec(text(step))!.slice(1);
    };
    assert.deepEqual(await challenge('nobody'), await challenge('nobody'));
    assert.notDeepEqual(await challenge('nobody'), await challenge('noone'));
    assert.equal(decodeBase64((await challenge('nobody'))[0]!)!.length, 16);
    const step = await logIn('SCRAM-SHA-256', { username: 'nobody', password: 'x' }, channel(), channel());
    assert.deepEqual(step, { kind: 'failure', condition: 'not-authorized', username: 'nobody' });
  });

  test('refuses an authorization identity of somebody else, and takes the own one', async () => {
    const start = (authorization: string) =>
      mechanism('SCRAM-SHA-256')
        .begin(channel())
        .start(encodeUtf8(`n,a=${authorization},n=juliet,r=abc`));
    assert.equal((await start('juliet@example.com')).kind, 'challenge');
    for (const other of ['romeo@example.com', 'juliet@example.net', 'juliet']) {
      assert.deepEqual(await start(other), { kind: 'failure', condition: 'invalid-authzid', username: 'juliet' });
    }
  });

  test('sees that somebody hid the mechanisms with channel binding from the client', async () => {
    const step = await mechanism('SCRAM-SHA-256').begin(bound('1')).start(encodeUtf8('y,,n=juliet,r=abc'));
    assert.equal(step.kind === 'failure' && step.condition, 'not-authorized');
  });

  const hostile: readonly [string, string][] = [
    ['nothing', ''],
    ['no header', 'n=juliet,r=abc'],
    ['a mandatory extension', 'n,,m=x,n=juliet,r=abc'],
    ['an empty nonce', 'n,,n=juliet,r='],
    ['an empty name', 'n,,n=,r=abc'],
    ['a name with a bare escape', 'n,,n=a=b,r=abc'],
    ['a nonce of other characters', 'n,,n=juliet,r=a\u0001b'],
    ['an unknown flag', 'z,,n=juliet,r=abc'],
    ['a giant', `n,,n=juliet,r=${'a'.repeat(5000)}`],
  ];
  for (const [title, message] of hostile) {
    test(`refuses a first message with ${title}`, async () => {
      const step = await mechanism('SCRAM-SHA-256').begin(channel()).start(encodeUtf8(message));
      assert.deepEqual(step, { kind: 'failure', condition: 'malformed-request' });
    });
  }

  test('refuses bytes that are not UTF-8, and binding types that it does not have', async () => {
    const start = (name: string, bytes: Uint8Array) => mechanism(name).begin(bound('1')).start(bytes);
    assert.equal((await start('SCRAM-SHA-256', Uint8Array.of(0xff))).kind, 'failure');
    const first = encodeUtf8('p=tls-unique,,n=juliet,r=abc');
    assert.equal((await start('SCRAM-SHA-256-PLUS', first)).kind, 'failure');
    assert.equal((await start('SCRAM-SHA-256', encodeUtf8('p=tls-exporter,,n=juliet,r=abc'))).kind, 'failure');
    assert.equal((await start('SCRAM-SHA-256-PLUS', encodeUtf8('n,,n=juliet,r=abc'))).kind, 'failure');
  });

  const finals: readonly [string, (nonce: string) => string, string][] = [
    ['another nonce', () => 'c=biws,r=other,p=AAAA', 'not-authorized'],
    ['another header', (nonce) => `c=eSws,r=${nonce},p=AAAA`, 'not-authorized'],
    ['a short proof', (nonce) => `c=biws,r=${nonce},p=AAAA`, 'not-authorized'],
    ['no proof', (nonce) => `c=biws,r=${nonce}`, 'malformed-request'],
    ['base 64 that is none', (nonce) => `c=biws,r=${nonce},p=!!!!`, 'malformed-request'],
    ['another first message', () => 'n,,n=juliet,r=abc', 'malformed-request'],
  ];
  for (const [title, final, condition] of finals) {
    test(`refuses a final message with ${title}, and does not go on after it`, async () => {
      const server = mechanism('SCRAM-SHA-256').begin(channel());
      const nonce = /r=([^,]+)/.exec(text(await server.start(encodeUtf8('n,,n=juliet,r=abc'))))![1]!;
      assert.deepEqual(await server.next(encodeUtf8(final(nonce))), { kind: 'failure', condition, username: 'juliet' });
      assert.equal((await server.next(encodeUtf8(`c=biws,r=${nonce},p=AAAA`))).kind, 'failure');
    });
  }
});

describe('a client of SCRAM', () => {
  const begin = (options: object = {}, on: SaslChannel = channel()) =>
    scramClients({ crypto, username: 'user', password: 'pencil', nonce: () => 'abc', ...options })
      .find(({ name }) => name === 'SCRAM-SHA-256')!
      .begin(on);
  const salt = 'W22ZaJ0SNY7soEsUEjb6gQ==';

  const refused: readonly [string, string, string][] = [
    ['a nonce that is not ours', `r=xyz1,s=${salt},i=4096`, 'SERVER_UNPROVEN'],
    ['our nonce alone', `r=abc,s=${salt},i=4096`, 'SERVER_UNPROVEN'],
    ['too few iterations', `r=abc1,s=${salt},i=4095`, 'ITERATIONS_OUT_OF_BOUNDS'],
    ['too many iterations', `r=abc1,s=${salt},i=1000001`, 'ITERATIONS_OUT_OF_BOUNDS'],
    ['a mandatory extension', `m=x,r=abc1,s=${salt},i=4096`, 'SERVER_MALFORMED'],
    ['a salt that is none', 'r=abc1,s=!,i=4096', 'SERVER_MALFORMED'],
    ['another list of mechanisms (XEP-0474)', `r=abc1,s=${salt},i=4096,h=AAAA`, 'DOWNGRADED'],
  ];
  for (const [title, first, code] of refused) {
    test(`refuses ${title}`, async () => {
      await assert.rejects(async () => begin().next(encodeUtf8(first)), { code });
    });
  }

  test('refuses a server that does not prove itself', async () => {
    const client = begin();
    await client.next(encodeUtf8(`r=abc1,s=${salt},i=4096`));
    await assert.rejects(async () => client.finish(undefined), { code: 'SERVER_UNPROVEN' });
    await assert.rejects(async () => client.finish(encodeUtf8('v=AAAA')), { code: 'SERVER_UNPROVEN' });
    await assert.rejects(async () => client.finish(encodeUtf8('e=other-error')), { code: 'SERVER_REFUSED' });
  });

  test('XEP-0474 §6.3: the hash of its example', async () => {
    const text = offeredText(['SCRAM-SHA-1-PLUS', 'SCRAM-SHA-1'], ['tls-server-end-point', 'tls-exporter']);
    assert.equal(encodeBase64(await crypto.hash('SHA-1', encodeUtf8(text))), 'G6k/rBLDqgOhRRaCuuatSDFkJ08=');
    // Without XEP-0440 the list of types is not there, nor what parts it from the other.
    assert.equal(offeredText(['B', 'A', 'a'], []), 'A\x1eB\x1ea');
  });

  test('goes on when server and client saw the same offers (XEP-0474)', async () => {
    const offers = { offeredMechanisms: ['SCRAM-SHA-1', 'SCRAM-SHA-256', 'PLAIN'] };
    const user = { username: 'user', password: 'pencil' };
    assert.equal((await logIn('SCRAM-SHA-256', user, channel(offers), channel(offers))).kind, 'success');
    const fewer = channel({ offeredMechanisms: ['SCRAM-SHA-1', 'PLAIN'] });
    await assert.rejects(logIn('SCRAM-SHA-1', user, fewer, channel(offers)), { code: 'DOWNGRADED' });
    const oneType = { ...bound('1', offers), channelBindingTypes: ['tls-server-end-point'] as const };
    await assert.rejects(logIn('SCRAM-SHA-1-PLUS', user, oneType, bound('1', offers)), { code: 'DOWNGRADED' });
  });
});

describe('PLAIN', () => {
  const plain = plainMechanism({ crypto, credentials });
  const start = (message: string, on = channel()) => plain.begin(on).start(encodeUtf8(message));

  test('lets the owner in', async () => {
    assert.deepEqual(await start('\0Juliet\0pass,=wörd'), { kind: 'success', username: 'juliet' });
    assert.deepEqual(await start('juliet@example.com\0juliet\0pass,=wörd'), { kind: 'success', username: 'juliet' });
    const own = await plainClient('juliet', 'pass,=wörd').begin(channel()).start();
    assert.equal((await plain.begin(channel()).start(own)).kind, 'success');
  });

  test('refuses everybody else', async () => {
    for (const message of ['\0juliet\0x', '\0nobody\0pass,=wörd', '\0juliet\0', '\0\0x']) {
      assert.equal(conditionOf(await start(message)), 'not-authorized');
    }
    assert.equal(conditionOf(await start('romeo@example.com\0juliet\0pass,=wörd')), 'invalid-authzid');
    for (const message of ['', '\0juliet', 'a\0b\0c\0d', `\0juliet\0${'a'.repeat(5000)}`]) {
      assert.equal(conditionOf(await start(message)), 'malformed-request');
    }
  });

  test('is offered inside TLS only, and asks for what it was not given', async () => {
    assert.equal(plain.isOffered(channel({ isSecure: false })), false);
    const exchange: SaslExchange = plain.begin(channel());
    assert.equal(text(await exchange.start(undefined)), '');
    assert.equal((await exchange.next(encodeUtf8('\0juliet\0pass,=wörd'))).kind, 'success');
    assert.equal((await exchange.next(encodeUtf8('\0juliet\0pass,=wörd'))).kind, 'failure');
  });
});

describe('EXTERNAL', () => {
  const certificate = (...names: string[]) =>
    channel({ identity: { kind: 'certificate', certificate: new Uint8Array(1), names } });
  const external = externalMechanism(certificateAddresses, credentials);
  const start = (message: string, on: SaslChannel) => external.begin(on).start(encodeUtf8(message));

  test('lets in whom the certificate names', async () => {
    const on = certificate('Juliet', 'xmpp:juliet@example.com', 'juliet.example.com');
    assert.equal(external.isOffered(on), true);
    assert.deepEqual(await start('', on), { kind: 'success', username: 'juliet' });
    assert.deepEqual(await start('juliet@example.com', on), { kind: 'success', username: 'juliet' });
    assert.equal(conditionOf(await start('user@example.com', on)), 'invalid-authzid');
    assert.equal((await external.begin(on).start(await externalClient().begin(on).start())).kind, 'success');
  });

  test('does not choose between two, and needs an account', async () => {
    const two = certificate('juliet@example.com', 'user@example.com');
    assert.equal(conditionOf(await start('', two)), 'invalid-authzid');
    assert.deepEqual(await start('user@example.com', two), { kind: 'success', username: 'user' });
    assert.equal(conditionOf(await start('', certificate('nobody@example.com'))), 'not-authorized');
  });

  test('is offered to who has such a certificate', () => {
    assert.equal(external.isOffered(channel()), false);
    assert.equal(external.isOffered(certificate('juliet@example.net', 'example.com')), false);
    assert.equal(external.isOffered({ ...certificate('juliet@example.com'), isSecure: false }), false);
  });
});

function conditionOf(step: SaslStep): string | undefined {
  return step.kind === 'failure' ? step.condition : undefined;
}
