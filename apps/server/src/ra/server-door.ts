import type { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { AuditTrail } from '@yaolian/directory';
import { accountCodes } from '@yaolian/igrs';
import type { AccountAnswer } from '@yaolian/igrs/server';
import { type Clock, type Log, socketAddress, toMilliseconds } from '@yaolian/kernel';
import type { TlsCredentials } from '@yaolian/node-runtime';
import { prepareLocal } from '@yaolian/xmpp';
import Fastify, { type FastifyRequest } from 'fastify';
import type { Config } from '../config/settings.ts';
import { platformErrors } from '../errors.ts';
import { listenError } from '../http/listen-error.ts';
import { outliveLostConnections } from '../http/listening-server.ts';
import type { LiveCertificate } from '../start/live-certificate.ts';
import { readSetting } from '../start/stream-service.ts';
import {
  accountOperations,
  addAccountRoute,
  answerUnreadable,
  fieldsOf,
  readForms,
  sendAnswer,
} from './account-routes.ts';
import { localName } from './local-name.ts';
import type { RaService } from './ra-service.ts';

export interface ServerDoorOptions {
  readonly config: Config;
  readonly certificate: LiveCertificate;
  readonly ra: Pick<RaService, 'trustedAccounts' | 'tell' | 'domain'>;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly log: Log;
}

/** Characters of one message. */
const longestMessage = 4096;

/**
 * The door of other servers of the platform (GB/T 29265.206 §8): HTTPS at which both sides show certificates. They register, read, change and
 * remove accounts and reset codes without passwords (§8.2), and send messages to accounts (§8.3).
 */
export class ServerDoor {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** Undefined where no port is configured. @throws YaolianError TLS_SETTING_BAD, HTTP_… */
  static async open(options: ServerDoorOptions): Promise<ServerDoor | undefined> {
    const { config, certificate } = options;
    const port = config['ra.servers-port'];
    if (port === undefined) return undefined;
    const file = config['ra.servers-ca'];
    if (file === undefined) {
      throw platformErrors.TLS_SETTING_BAD('ra.servers-ca', 'ra.servers-port needs the authorities of the servers');
    }
    const authorities = Buffer.from(await readSetting('ra.servers-ca', file));
    const secret = (credentials: TlsCredentials) => ({
      ...{ cert: Buffer.from(credentials.certificate), key: Buffer.from(credentials.key), ca: authorities },
    });
    const app = await routesOf(options);
    const tls = { ...secret(certificate.current), minVersion: 'TLSv1.2', requestCert: true } as const;
    const server = createServer({ ...tls, rejectUnauthorized: true }, (request, reply) => app.routing(request, reply));
    server.requestTimeout = toMilliseconds(config['http.request-timeout']);
    server.maxConnections = config['http.max-connections'];
    certificate.onChange((credentials) => server.setSecureContext(secret(credentials)));
    const host = config['ra.servers-host'];
    const bound = await new Promise<AddressInfo>((resolve, reject) => {
      server.once('error', (error) => reject(listenError(socketAddress(host, port).key, error)));
      server.listen({ host, port }, () => resolve(server.address() as AddressInfo));
    });
    const url = `https://${socketAddress(bound.address, bound.port).key}`;
    outliveLostConnections(server, { place: url, clock: options.clock, log: options.log });
    return new ServerDoor(server, url);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

async function routesOf({ config, ra, audit }: ServerDoorOptions) {
  const app = Fastify({ bodyLimit: config['http.body-limit'] });
  const allowed = config['ra.servers-names']?.split(',').map((name) => name.trim());
  readForms(app);
  answerUnreadable(app);
  app.setNotFoundHandler((request, reply) => {
    const message =
      'there is no such path: POST to /rest/v1/server/user/read.xml, and the others that end in .xml or .json';
    return sendAnswer(request, reply, { code: accountCodes.badRequest, message }, 404);
  });
  app.addHook('onRequest', async (request, reply) => {
    if (allowed === undefined || allowed.includes(nameOf(request))) return;
    await reply.code(403).send();
  });
  const noted = (action: string, work: (request: FastifyRequest) => Promise<AccountAnswer>) => {
    return async (request: FastifyRequest) => {
      const answer = await work(request);
      const fields = fieldsOf(request);
      const subject = accountIn(fields['userName'] ?? fields['deviceName'] ?? fields['to'] ?? '', ra.domain);
      const outcome = answer.code === accountCodes.success ? 'done' : String(answer.code);
      const actor = `server ${nameOf(request)}`;
      await audit.record({ door: 'https', actor, action, device: undefined, subject, outcome });
      return answer;
    };
  };
  for (const [path, operation] of Object.entries(accountOperations(ra.trustedAccounts))) {
    const work = noted(path, (request) => operation(fieldsOf(request), request.ip));
    addAccountRoute(app, `/rest/v1/server/${path}`, work);
  }
  addAccountRoute(
    app,
    '/rest/v1/server/message/send',
    noted('message/send', (request) => send(ra, request)),
  );
  await app.ready();
  return app;
}

/** Undefined when that cannot be an account of the domain. */
function accountIn(text: string, domain: string): string | undefined {
  return prepareLocal(localName(text, domain));
}

/** §8.3. Fields: `to` (an account), `body`. */
async function send(ra: ServerDoorOptions['ra'], request: FastifyRequest): Promise<AccountAnswer> {
  const { to = '', body = '' } = fieldsOf(request);
  const name = accountIn(to, ra.domain);
  if (name === undefined) {
    return { code: accountCodes.badRequest, message: `to is an account: its name, or NAME@${ra.domain}` };
  }
  if (body === '' || body.length > longestMessage) {
    return { code: accountCodes.badRequest, message: `body has 1 to ${longestMessage} characters` };
  }
  return (await ra.tell(nameOf(request), name, body))
    ? { code: accountCodes.success, message: 'sent', id: `${name}@${ra.domain}` }
    : { code: accountCodes.badRequest, message: 'there is no account of that name' };
}

/** The first DNS name of the certificate that the server showed; without one its common name. */
function nameOf({ raw }: FastifyRequest): string {
  const certificate: X509Certificate | undefined = (raw.socket as TLSSocket).getPeerX509Certificate();
  const dns = /(?:^|, )DNS:([^,"]+)/.exec(certificate?.subjectAltName ?? '')?.[1];
  return dns ?? /^CN=(.+)$/m.exec(certificate?.subject ?? '')?.[1] ?? '';
}
