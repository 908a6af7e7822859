/** OpenSSL, GnuTLS and libcoap (on both) against our DTLS server, and our client against theirs. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import type { CipherSuiteName, ClientCredentials } from '@yaolian/dtls';
import { decodeUtf8, encodeUtf8, seconds, socketAddress } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import {
  authorities,
  file,
  key,
  keyHex,
  openClient,
  openServer,
  own,
  runtime,
  withCertificates,
} from './support/dtls.ts';
import { freeUdpPort, run, start } from './support/processes.ts';

const clientFiles = ['-cert', file('client.pem'), '-key', file('client.key'), '-CAfile', file('ca.pem')];

async function talk(t: TestContext, program: string, parameters: string[], question = 'hi there'): Promise<void> {
  const peer = start(t, program, parameters);
  const asking = setInterval(() => peer.process.stdin.write(`${question}\n`), 200);
  try {
    await peer.line(new RegExp(`echo ${question}`));
  } finally {
    clearInterval(asking);
  }
}

for (const suite of [
  'PSK-AES128-CCM8',
  'PSK-AES128-GCM-SHA256',
  'PSK-AES256-GCM-SHA384',
  'PSK-CHACHA20-POLY1305',
  'PSK-AES128-CBC-SHA256',
  'ECDHE-PSK-AES128-CBC-SHA256',
  'ECDHE-PSK-CHACHA20-POLY1305',
]) {
  test(`OpenSSL's client with ${suite}`, async (t) => {
    const { port } = await openServer(t, {});
    const psk = ['-psk', keyHex, '-psk_identity', 'me', '-cipher', suite];
    await talk(t, 'openssl', ['s_client', '-dtls1_2', '-quiet', '-connect', `127.0.0.1:${port}`, ...psk]);
  });
}

for (const suite of [
  'ECDHE-ECDSA-AES128-CCM8',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
]) {
  test(`OpenSSL's client with ${suite} and a certificate, in datagrams of 300 bytes`, async (t) => {
    const { port, opened } = await openServer(t, { ...withCertificates, mtu: 300 });
    const parameters = ['s_client', '-dtls1_2', '-quiet', '-mtu', '300', '-connect', `127.0.0.1:${port}`];
    await talk(t, 'openssl', [...parameters, '-cipher', suite, '-verify_return_error', ...clientFiles]);
    assert.equal(opened[0]?.identity?.kind, 'certificate');
  });
}

for (const tickets of [true, false]) {
  test(`OpenSSL's client resumes by ${tickets ? 'ticket' : 'session ID'}`, async (t) => {
    const temporary = mkdtempSync(join(tmpdir(), 'yaolian-dtls-'));
    t.after(() => rmSync(temporary, { recursive: true }));
    const { port, opened } = await openServer(t, {});
    const psk = ['-psk', keyHex, '-psk_identity', 'me', ...(tickets ? [] : ['-no_ticket'])];
    const parameters = [
      's_client',
      '-dtls1_2',
      '-connect',
      `127.0.0.1:${port}`,
      '-cipher',
      'PSK-AES128-GCM-SHA256',
      ...psk,
    ];
    for (const session of ['-sess_out', '-sess_in']) {
      await run('sh', [
        '-c',
        `echo Q | timeout 10 openssl "$@"`,
        'sh',
        ...parameters,
        session,
        join(temporary, 'session'),
      ]);
    }
    assert.deepEqual(
      opened.map((session) => session.isResumed),
      [false, true],
    );
  });
}

const gnutlsPsk = 'NORMAL:-VERS-ALL:+VERS-DTLS1.2:-KX-ALL:+PSK:+AES-128-CCM-8:%NO_SESSION_HASH';

test("GnuTLS's client with a pre-shared key, without extended master secret", async (t) => {
  const { port } = await openServer(t, {});
  const parameters = ['--udp', '--priority', gnutlsPsk, '--pskusername', 'me', '--pskkey', keyHex];
  await talk(t, 'gnutls-cli', [...parameters, '-p', `${port}`, '127.0.0.1']);
});

test("GnuTLS's client with a certificate", async (t) => {
  const { port, opened } = await openServer(t, withCertificates);
  const files = [
    '--x509certfile',
    file('client.pem'),
    '--x509keyfile',
    file('client.key'),
    '--x509cafile',
    file('ca.pem'),
  ];
  const parameters = [
    '--udp',
    '--priority',
    'NORMAL:-VERS-ALL:+VERS-DTLS1.2',
    ...files,
    '--verify-hostname',
    'server.example',
  ];
  await talk(t, 'gnutls-cli', [...parameters, '-p', `${port}`, '127.0.0.1']);
  assert.equal(opened[0]?.identity?.kind, 'certificate');
});

for (const build of ['openssl', 'gnutls']) {
  test(`libcoap's client on ${build} with a pre-shared key, and with a certificate`, async (t) => {
    const psk = await openServer(t, {}, true);
    const uri = (port: number) => ['-m', 'get', '-B', '10', `coaps://127.0.0.1:${port}/x`];
    const asked = await run(`coap-client-${build}`, ['-u', 'me', '-k', '0123456789abcdef', ...uri(psk.port)]);
    assert.equal(asked.output.trim(), 'hello psk', asked.errors);
    const pki = await openServer(t, withCertificates, true);
    const files = ['-c', file('client.pem'), '-j', file('client.key'), '-C', file('ca.pem'), '-n'];
    const certified = await run(`coap-client-${build}`, [...files, ...uri(pki.port)]);
    assert.equal(certified.output.trim(), 'hello certificate', certified.errors);
  });

  test(`our client asks libcoap's server on ${build}, with a pre-shared key`, async (t) => {
    const port = await freeUdpPort();
    start(t, `coap-server-${build}`, ['-A', '127.0.0.1', '-p', `${port - 1}`, '-k', '0123456789abcdef', '-h', 'hint']);
    const client = await openClient(t, { psk: { identity: encodeUtf8('me'), key } });
    const endpoint = createCoapEndpoint({ port: client, ...runtime });
    const peer = socketAddress('127.0.0.1', port);
    const ask = () => endpoint.request(peer, { method: Code.GET, path: '/time' }, { timeout: seconds(3) });
    const response = await until(() => ask().catch(() => undefined), `an answer of ${peer.key}`);
    assert.equal(response.code, Code.Content);
  });
}

const serverSuites: readonly (readonly [CipherSuiteName, string])[] = [
  ['TLS_PSK_WITH_AES_128_CCM_8', 'PSK-AES128-CCM8'],
  ['TLS_PSK_WITH_AES_256_GCM_SHA384', 'PSK-AES256-GCM-SHA384'],
  ['TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256', 'ECDHE-PSK-AES128-CBC-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8', 'ECDHE-ECDSA-AES128-CCM8'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
];
for (const [suite, name] of serverSuites) {
  test(`our client speaks to OpenSSL's server with ${suite}, and resumes`, async (t) => {
    const port = await freeUdpPort();
    const isPsk = !suite.includes('ECDSA');
    const files = ['-cert', file('server.pem'), '-key', file('server.key'), '-CAfile', file('ca.pem'), '-Verify', '3'];
    const credentials: ClientCredentials = isPsk
      ? { psk: { identity: encodeUtf8('me'), key } }
      : { own: [own('client')], trust: { authorities }, serverName: 'server.example' };
    const parameters = [
      's_server',
      '-dtls1_2',
      '-accept',
      `127.0.0.1:${port}`,
      '-cipher',
      name,
      '-mtu',
      '300',
      '-quiet',
    ];
    const proof = isPsk ? ['-psk', keyHex, '-psk_identity', 'me', '-nocert'] : files;
    const peer = start(t, 'openssl', [...parameters, ...proof, '-listen']);
    const client = await openClient(t, credentials, [suite]);
    const address = socketAddress('127.0.0.1', port);
    for (const resumed of [false, true]) {
      const session = await client.connect(address);
      assert.equal(session.suite.name, suite);
      assert.equal(session.isResumed, resumed);
      client.send(encodeUtf8(`hello ${resumed}\n`), address);
      await peer.line(new RegExp(`hello ${resumed}`));
      client.disconnect(address);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  });
}

test("our client speaks to GnuTLS's server with a pre-shared key", async (t) => {
  const temporary = mkdtempSync(join(tmpdir(), 'yaolian-dtls-'));
  t.after(() => rmSync(temporary, { recursive: true }));
  writeFileSync(join(temporary, 'psk'), `me:${keyHex}\n`);
  const port = await freeUdpPort();
  const parameters = ['--udp', '--echo', '-p', `${port}`, '--pskpasswd', join(temporary, 'psk')];
  start(t, 'gnutls-serv', [...parameters, '--priority', gnutlsPsk.replace(':%NO_SESSION_HASH', '')]);
  const client = await openClient(t, { psk: { identity: encodeUtf8('me'), key } });
  const answer = new Promise<string>((resolve) => {
    client.listen({ onDatagram: (datagram) => resolve(decodeUtf8(datagram)!) });
  });
  client.send(encodeUtf8('hello\n'), socketAddress('127.0.0.1', port));
  assert.match(await answer, /hello/);
});
