/** A terminal judges the certificate of its server as its account says: OMA-TS-LightweightM2M_Transport 1.1 §5.2.8.7, RFC 6698. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Code, createCoapEndpoint, createStreamCoapEndpoint, type RequestHandler } from '@yaolian/coap';
import { createDtlsServer } from '@yaolian/dtls';
import { emptyBytes } from '@yaolian/kernel';
import { SecurityMode, type ServerAccess } from '@yaolian/lwm2m/client';
import { listenTls, nodeClock, nodeRandom, nodeTimers, openCrypto, openUdpPort } from '@yaolian/node-runtime';
import { terminalConnector } from '@yaolian/simulator';
import { certificateFile, certificateOf, keyFile } from './support/credentials.ts';

const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
const pem = (...names: Parameters<typeof certificateFile>[0][]) =>
  names.map((name) => readFileSync(certificateFile(name), 'utf8')).join('');

/** A server at both transports: its certificate is `below`, of `middle`, of `ca`. */
async function openServer() {
  const handler: RequestHandler = () => ({ code: Code.Content });
  const crypto = await openCrypto();
  const own = {
    privateKey: crypto.importPrivateKey(readFileSync(keyFile('below'), 'utf8')),
    chain: [certificateOf('below'), certificateOf('middle')],
  };
  const udp = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const credentials = { own: [own], clientAuthentication: 'none' } as const;
  const datagrams = createCoapEndpoint({
    port: createDtlsServer({ port: udp, crypto, credentials, ...runtime }),
    ...runtime,
  });
  const tls = { certificate: pem('below', 'middle'), key: readFileSync(keyFile('below'), 'utf8') };
  const listener = await listenTls({ host: '127.0.0.1', port: 0, credentials: tls });
  const streams = createStreamCoapEndpoint({ listener, ...runtime });
  datagrams.handle(handler);
  streams.handle(handler);
  return {
    uris: [`coaps://${udp.localAddress.key}`, `coaps+tcp://${listener.localAddress.key}`],
    close: async () => {
      await datagrams.close();
      await streams.close();
    },
  };
}

type Account = Partial<ServerAccess> & { readonly store?: string };

const digest = (algorithm: string, der: Uint8Array) => new Uint8Array(createHash(algorithm).update(der).digest());
const [ca, middle, below, other] = (['ca', 'middle', 'below', 'server'] as const).map(certificateOf) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const sni = 'server.example';

const right: Readonly<Record<string, Account>> = {
  '0: an authority in the middle': { certificateUsage: 0, serverPublicKey: middle, store: pem('ca'), sni },
  '0: the authority of the trust store': { certificateUsage: 0, serverPublicKey: ca, store: pem('ca'), sni },
  '0: by digest': {
    certificateUsage: 0,
    matchingType: 2,
    serverPublicKey: digest('sha384', middle),
    store: pem('ca'),
    sni,
  },
  '1: the certificate, which the trust store leads to': {
    certificateUsage: 1,
    serverPublicKey: below,
    store: pem('ca'),
    sni,
  },
  '1: by digest': {
    certificateUsage: 1,
    matchingType: 3,
    serverPublicKey: digest('sha512', below),
    store: pem('ca'),
    sni,
  },
  '2: an authority, without a trust store': { certificateUsage: 2, serverPublicKey: ca, sni },
  '2: one in the middle': { certificateUsage: 2, serverPublicKey: middle, sni },
  '2: by digest, as the server shows it': {
    certificateUsage: 2,
    matchingType: 1,
    serverPublicKey: digest('sha256', middle),
    sni,
  },
  '3: the certificate, whatever its name is': { certificateUsage: 3, serverPublicKey: below },
  '3: by digest': {
    certificateUsage: 3,
    matchingType: 1,
    serverPublicKey: digest('sha256', below),
    sni: 'else.example',
  },
  'absent: as 3, exact': { serverPublicKey: below },
};

const wrong: Readonly<Record<string, Account>> = {
  '0: an authority that is not in the chain': {
    certificateUsage: 0,
    serverPublicKey: certificateOf('false'),
    store: pem('ca'),
    sni,
  },
  '0: the certificate of the server itself': { certificateUsage: 0, serverPublicKey: below, store: pem('ca'), sni },
  '0: no trust store leads to it': { certificateUsage: 0, serverPublicKey: middle, store: pem('p384'), sni },
  '0: another name': { certificateUsage: 0, serverPublicKey: middle, store: pem('ca'), sni: 'else.example' },
  '1: another certificate': { certificateUsage: 1, serverPublicKey: other, store: pem('ca'), sni },
  '1: no trust store leads to it': { certificateUsage: 1, serverPublicKey: below, store: pem('p384'), sni },
  '1: an authority': { certificateUsage: 1, serverPublicKey: middle, store: pem('ca'), sni },
  '2: an authority that did not issue it': { certificateUsage: 2, serverPublicKey: certificateOf('p384'), sni },
  '2: another name': { certificateUsage: 2, serverPublicKey: ca, sni: 'else.example' },
  '2: the address, which is no name of it': { certificateUsage: 2, serverPublicKey: ca },
  '2: by digest: another name': {
    certificateUsage: 2,
    matchingType: 1,
    serverPublicKey: digest('sha256', middle),
    sni: 'else.example',
  },
  '2: by digest: one that the server does not show': {
    certificateUsage: 2,
    matchingType: 1,
    serverPublicKey: digest('sha256', ca),
    sni,
  },
  '3: another certificate of the same authority': { certificateUsage: 3, serverPublicKey: other, sni },
  '3: the authority': { certificateUsage: 3, serverPublicKey: ca, sni },
  '3: the digest of another kind': { certificateUsage: 3, matchingType: 2, serverPublicKey: digest('sha256', below) },
  'absent: the authority': { serverPublicKey: ca, sni },
  'a cipher suite that the server does not have': { serverPublicKey: below, ciphersuites: [0xc0a8] },
  'a cipher suite that nobody knows': { serverPublicKey: below, ciphersuites: [0x1234] },
  'a signature algorithm that the server does not have': { serverPublicKey: below, signatureAlgorithms: [0x0807] },
  'a signature algorithm that nobody knows': { serverPublicKey: below, signatureAlgorithms: [0x1234] },
  EST: { securityMode: SecurityMode.CertificateWithEst, serverPublicKey: below },
};

describe('LightweightM2M-1.1-int-403: the certificate of the server is judged as the account says', () => {
  let server: Awaited<ReturnType<typeof openServer>>;
  before(async () => {
    server = await openServer();
  });
  after(() => server.close());

  async function ask(uri: string, { store, ...account }: Account): Promise<number> {
    const udp = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
    const plain = createCoapEndpoint({ port: udp, ...runtime });
    const connector = terminalConnector(plain, store === undefined ? {} : { authorities: store });
    const none = { publicKeyOrIdentity: emptyBytes, secretKey: emptyBytes, serverPublicKey: emptyBytes };
    const access = { uri, securityMode: SecurityMode.Certificate, ...none, ...account };
    const signal = AbortSignal.timeout(60_000);
    try {
      const { endpoint, peer, release } = await connector.connect(access, signal);
      const answer = await endpoint
        .request(peer, { method: Code.GET, path: '/' }, { signal })
        .finally(() => release?.());
      return answer.code;
    } finally {
      await plain.close();
    }
  }

  for (const [title, account] of Object.entries(right)) {
    it(`believes ${title}`, async () => {
      for (const uri of server.uris) assert.equal(await ask(uri, account), Code.Content, uri);
    });
  }

  for (const [title, account] of Object.entries(wrong)) {
    it(`refuses ${title}`, async () => {
      for (const uri of server.uris) {
        await assert.rejects(
          ask(uri, account),
          (error: Error) =>
            /certificate|authority|issuer|chain|name|cipher|handshake|signature|EST/i.test(error.message),
          uri,
        );
      }
    });
  }

  it('offers the cipher suites, groups and signature algorithms of the account alone', async () => {
    const offers = { ciphersuites: [0xc02b, 0x1234], groups: [23], signatureAlgorithms: [0x0403, 0x1234] };
    const account = { serverPublicKey: below, ...offers };
    for (const uri of server.uris) assert.equal(await ask(uri, account), Code.Content, uri);
  });
});
