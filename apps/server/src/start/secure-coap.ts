import {
  type Credential,
  proofsOf,
  proofText,
  type Sealer,
  type SecretDigest,
  type SecureSessionStore,
  type SettingsStore,
} from '@yaolian/directory';
import { createDtlsServer, type DtlsServer, type DtlsTapSlot, type OwnCredential } from '@yaolian/dtls';
import { encodeHex, minutes, type Peer, type Timer } from '@yaolian/kernel';
import { certificatesOfPem, openCrypto, type TlsCredentials } from '@yaolian/node-runtime';
import { platformErrors } from '../errors.ts';
import { SessionKeeper } from '../security/session-keeper.ts';
import type { TerminalTrust } from '../security/terminal-trust.ts';
import { TicketSecrets, ticketLifetime } from '../security/ticket-secrets.ts';
import { CoapService, type CoapServiceOptions } from './coap-service.ts';
import type { LiveAuthorities } from './live-authorities.ts';
import type { LiveCertificate } from './live-certificate.ts';
import type { StreamService } from './stream-service.ts';

export interface SecureCoapOptions extends Omit<CoapServiceOptions, 'setting'> {
  readonly trust: TerminalTrust;
  readonly settings: SettingsStore;
  readonly sealer: Sealer;
  readonly sessions: SecureSessionStore;
  /** What the platform shows. */
  readonly certificate: LiveCertificate;
  readonly authorities: LiveAuthorities;
}

/** CoAP over DTLS on a UDP port of its own. */
export interface SecureCoap {
  readonly service: CoapService;
  readonly dtls: DtlsServer;
  /** Where datagrams may be watched. */
  readonly tap: DtlsTapSlot;
  /** Lines of an SSLKEYLOGFILE go to whoever is here, where `trace.key-log` is on. */
  readonly keyLog: { listener: ((line: string) => void) | undefined };
  /** Stores what is not stored yet. Without `coap.keep-sessions`: tells the terminals that their sessions end. */
  close(): Promise<void>;
}

/** @throws YaolianError UDP_… of the node runtime, TLS_CREDENTIALS_BAD, TLS_SETTING_BAD */
export async function bindSecureCoap(options: SecureCoapOptions): Promise<SecureCoap> {
  const { config, clock, timers, random, log, meter, certificate, trust } = options;
  const crypto = await openCrypto();
  let shown = ownCredentials(certificate.current, crypto.importPrivateKey);
  certificate.onChange((credentials) => {
    shown = ownCredentials(credentials, crypto.importPrivateKey);
  });
  const tickets = await TicketSecrets.open(options);
  const keeper = config['coap.keep-sessions']
    ? new SessionKeeper({
        store: options.sessions,
        isStillGood: trust.isStillGood,
        interval: config['coap.session-sync'],
        unstored: config['coap.unstored-records'],
        clock,
        timers,
        log,
      })
    : undefined;
  const tap: DtlsTapSlot = { current: undefined };
  const keyLog: SecureCoap['keyLog'] = { listener: undefined };
  let dtls: DtlsServer | undefined;
  const service = await CoapService.bind({
    ...options,
    setting: 'coap.dtls-port',
    multicast: false,
    transport: 'coaps',
    secure: (port) => {
      dtls = createDtlsServer({
        port,
        clock,
        timers,
        random,
        crypto,
        log,
        meter,
        tap,
        ...(config['trace.key-log'] && { keyLog: (line: string) => keyLog.listener?.(line) }),
        credentials: {
          psk: trust.preSharedKey,
          own: () => shown,
          clientAuthentication: 'require',
          trust: trust.ofPeers,
        },
        resumption: { ticketSecrets: tickets.current, lifetime: ticketLifetime, accept: trust.isStillGood },
        ...(keeper && { sessions: keeper.listener, onProgressDue: keeper.onProgressDue }),
        bounds: {
          maximumSessions: config['coap.max-sessions'],
          maximumHandshakes: config['coap.max-handshakes'],
        },
      });
      return dtls;
    },
  });
  const server = dtls!;
  try {
    // Sessions of a time in which they were kept are not to come back later.
    await (keeper ? keeper.restore(server) : options.sessions.clear());
  } catch (error) {
    await service.close();
    throw error;
  }
  tickets.keepRotating((secrets) => server.useTicketSecrets(secrets));
  const recheck = new SessionRecheck(server, trust, options);
  const close = async () => {
    recheck.close();
    tickets.close();
    try {
      await keeper?.stop();
    } finally {
      await service.close();
    }
  };
  return { service, dtls: server, tap, keyLog, close };
}

/** A handshake that was judged by authorities that are gone is over by then. */
const handshakePatience = minutes(2);

/** Ends the sessions that are not good any more when authorities change, and a while later those whose handshakes were under way. */
class SessionRecheck {
  readonly #options: Pick<SecureCoapOptions, 'timers' | 'log'>;
  readonly #trust: TerminalTrust;
  readonly #dtls: DtlsServer;
  #later: Timer | undefined;
  #isClosed = false;

  constructor(dtls: DtlsServer, trust: TerminalTrust, options: SecureCoapOptions) {
    this.#options = options;
    this.#trust = trust;
    this.#dtls = dtls;
    options.authorities.onChange(() => {
      void this.#look();
      this.#later?.cancel();
      this.#later = options.timers.schedule(handshakePatience, () => void this.#look());
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#later?.cancel();
  }

  async #look(): Promise<void> {
    try {
      for (const session of [...this.#dtls.sessions()]) {
        if (session.proof.kind !== 'X.509') continue;
        const isGood = await this.#trust.isStillGood(session.proof);
        if (this.#isClosed) return;
        if (!isGood) this.#dtls.closeSession(session);
      }
    } catch (error) {
      this.#options.log.error('sessions cannot be looked at after authorities changed', { error });
    }
  }
}

type ImportPrivateKey = (key: Uint8Array | string) => OwnCredential['privateKey'];

/** The certificate, and its public key alone for those who ask for that (RFC 7250). */
function ownCredentials({ certificate, key }: TlsCredentials, importPrivateKey: ImportPrivateKey): OwnCredential[] {
  const chain = certificatesOfPem(certificate, 'tls.certificate');
  try {
    const privateKey = importPrivateKey(typeof key === 'string' ? key : new TextDecoder().decode(key));
    return [{ privateKey, chain }, { privateKey }];
  } catch (error) {
    throw platformErrors.TLS_SETTING_BAD('tls.key', `${(error as Error).message} for DTLS (coap.dtls)`, error);
  }
}

/** Ends the sessions and connections that were made with a credential. */
export function endSessions(
  dtls: DtlsServer | undefined,
  streams: readonly StreamService[],
  { proof }: Credential,
  digest: SecretDigest,
): void {
  const ended = proofText(proof);
  const hex = (bytes: Uint8Array) => encodeHex(digest.sha256(bytes));
  const isOf = ({ identity }: Peer) =>
    identity !== undefined && proofsOf(identity, hex).some((one) => proofText(one) === ended);
  for (const session of [...(dtls?.sessions() ?? [])]) if (isOf(session)) dtls!.closeSession(session);
  for (const { endpoint } of streams) {
    for (const peer of [...endpoint.peers()]) if (isOf(peer)) endpoint.abort(peer, 'the credential was removed');
  }
}
