/** Our DTLS server and client on real sockets, for peers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import {
  type CipherSuiteName,
  type ClientCredentials,
  createDtlsClient,
  createDtlsServer,
  type DtlsClientOptions,
  type DtlsServer,
  type DtlsServerOptions,
  type DtlsSession,
} from '@yaolian/dtls';
import { decodeUtf8, encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openCrypto, openUdpPort } from '@yaolian/node-runtime';

export const folder = fileURLToPath(new URL('../../../packages/dtls/test/certificates', import.meta.url));
const pem = (name: string) => readFileSync(join(folder, name), 'utf8');
const der = (name: string) => new Uint8Array(Buffer.from(pem(`${name}.pem`).replaceAll(/-----.*-----/g, ''), 'base64'));
export const file = (name: string) => join(folder, name);
const crypto = await openCrypto();
export const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom, crypto };
export const key = encodeUtf8('0123456789abcdef');
export const keyHex = Buffer.from(key).toString('hex');
export const authorities = [der('ca')];
export const own = (name: string) => ({ privateKey: crypto.importPrivateKey(pem(`${name}.key`)), chain: [der(name)] });

export interface Server {
  readonly port: number;
  readonly opened: DtlsSession[];
  readonly server: DtlsServer;
}

/** A CoAP server over DTLS that answers everything, and echoes what is no CoAP. */
export async function openServer(t: TestContext, options: Partial<DtlsServerOptions>, coap = false): Promise<Server> {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
  const opened: DtlsSession[] = [];
  const server = createDtlsServer({
    port,
    ...runtime,
    credentials: { psk: async (identity) => (decodeUtf8(identity) === 'me' ? key : undefined) },
    sessions: { onSessionOpened: (session) => opened.push(session) },
    ...options,
  });
  t.after(() => server.close());
  if (coap) {
    const endpoint = createCoapEndpoint({ port: server, ...runtime });
    endpoint.handle(({ peer }) => ({ code: Code.Content, payload: encodeUtf8(`hello ${peer.identity?.kind}`) }));
  } else {
    server.listen({
      onDatagram: (datagram, from) => server.send(encodeUtf8(`echo ${decodeUtf8(datagram)}`), from),
    });
  }
  return { port: port.localAddress.port, opened, server };
}

export async function openClient(
  t: TestContext,
  credentials: ClientCredentials,
  cipherSuites?: readonly CipherSuiteName[],
  more: Partial<DtlsClientOptions> = {},
) {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
  const suites = cipherSuites === undefined ? {} : { cipherSuites };
  const client = createDtlsClient({ port, ...runtime, credentials, ...suites, ...more });
  t.after(() => client.close());
  return client;
}

export const withCertificates: Partial<DtlsServerOptions> = {
  credentials: { own: [own('server')], trust: { authorities } },
};
