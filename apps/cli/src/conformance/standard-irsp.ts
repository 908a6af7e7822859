import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientWatch, LoginDoor } from '@yaolian/igrs/conformance';
import { seconds, silentLog, YaolianError } from '@yaolian/kernel';
import { nodeClock, ownCertificate } from '@yaolian/node-runtime';
import { startPlatform } from '@yaolian/server';
import { cliErrors } from '../errors.ts';
import { ClientDoor } from './client-door.ts';

export interface StandardIrspOptions {
  readonly domain: string;
  /** Where clients find it. */
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly accountPort: number;
  readonly watch: ClientWatch;
}

/** The standard IRSP: a platform of its own in a temporary folder, whose every stanza and request the suite sees. */
export interface StandardIrsp extends AsyncDisposable {
  /** For the client under test: `127.0.0.1:5222` */
  readonly messages: string;
  readonly direct: string;
  /** `https://127.0.0.1:8443`, for the client under test. */
  readonly accounts: string;
  /** Where clients connect. */
  readonly door: LoginDoor;
  /** The account server, unseen. */
  readonly ownAccounts: string;
  /** The message server itself. */
  readonly ownMessages: string;
  /** The certificate that it made, PEM. */
  readonly certificate: string;
}

/** Bytes of a request to the account server. */
const largestBody = 65_536;

const anyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::', '*']);

/** @throws CLI_USAGE when a port is taken or the host is none of this machine */
export async function openStandardIrsp(options: StandardIrspOptions): Promise<StandardIrsp> {
  if (anyAddress.has(options.host)) {
    throw cliErrors.CLI_USAGE(
      `--host ${options.host} is every address: name the one that the client connects to, as in 192.0.2.7, for the certificate is made for it`,
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-conformance-'));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const { domain, host, watch } = options;
  const config = {
    'data-dir': folder,
    'ra.domain': domain,
    'tls.names': `${domain},${host}`,
    'xmpp.host': host,
    'xmpp.port': 0,
    'xmpp.tls-port': 0,
    'http.host': '127.0.0.1',
    'http.port': 0,
    'coap.host': '127.0.0.1',
    'coap.port': 0,
    'coap.dtls-port': 0,
    'coap.tcp-port': 0,
    'coap.tls-port': 0,
    'coap.multicast': false,
    'stop.drain': seconds(0),
  } as const;
  const platform = await startPlatform(config, {
    log: silentLog,
    watchSessions: (handler) => watch.between(handler),
  }).catch((error: unknown) => {
    throw inOwnFlags(error);
  });
  opened.defer(() => platform.stop());
  const placeOf = (scheme: string) => new URL(platform.listening.find(({ url }) => url.startsWith(scheme))!.url).host;
  const ownAccounts = `http://${placeOf('http:')}`;
  // The one that the platform has made.
  const { certificate, key, certificateFile } = await ownCertificate({ folder: join(folder, 'tls'), clock: nodeClock });
  const accountDoor = await openAccountDoor(options, ownAccounts, { cert: certificate, key });
  opened.defer(() => closeDoor(accountDoor));
  const { port } = accountDoor.address() as AddressInfo;
  const behind = { starttls: placeOf('xmpp:'), direct: placeOf('xmpps:') };
  const strange = await ownCertificate({ folder: join(folder, 'strange'), clock: nodeClock, names: [domain, host] });
  const door = opened.use(await ClientDoor.open(options, behind, { own: { certificate, key }, strange }));
  const kept = opened.move();
  return {
    messages: door.starttls,
    direct: door.direct,
    door,
    ownMessages: behind.starttls,
    accounts: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ownAccounts,
    certificate: certificateFile,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** What kept the platform from starting, by the options of this command. */
function inOwnFlags(error: unknown): unknown {
  if (!(error instanceof YaolianError) || !error.code.startsWith('TCP_')) return error;
  return cliErrors.CLI_USAGE(error.message.replace('--xmpp-', '--'), error);
}

/** GB/T 29265.205 §7: the account server over HTTPS; every request is seen, then carried out by the platform. */
async function openAccountDoor(
  { host, accountPort, watch }: StandardIrspOptions,
  behind: string,
  credentials: { readonly cert: string; readonly key: string },
): Promise<Server> {
  const server = createServer(credentials, (request, response) => {
    passOn(request, response, behind, watch).catch(() => response.destroy());
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error) =>
    reject(cliErrors.CLI_USAGE(`the account server (--account-port) cannot be there: ${error.message}`)),
  );
  server.listen(accountPort, host, resolve);
  await promise;
  return server;
}

async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  behind: string,
  watch: ClientWatch,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) {
      response.writeHead(413).end();
      return;
    }
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString();
  const { method = 'GET', headers } = request;
  const path = new URL(request.url ?? '/', behind).pathname;
  const contentType = headers['content-type'] ?? '';
  const isAccount = path.startsWith('/rest/v1/') && method === 'POST';
  const answer = isAccount
    ? await fetch(`${behind}${path}`, { method, body, headers: { 'content-type': contentType }, redirect: 'error' })
    : new Response('there is only the account server here: POST /rest/v1/…\n', { status: 404 });
  watch.onAccountRequest({ path, method, contentType, body, status: answer.status });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
  response.end(await answer.text());
}

function closeDoor(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}
