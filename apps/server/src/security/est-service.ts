import { Code, ContentFormat, type IncomingRequest, type OutgoingResponse } from '@yaolian/coap';
import { type Credential, type CredentialStore, proofsOf, type SecretDigest } from '@yaolian/directory';
import { encodeHex, encodeUtf8, type Log, type Peer, seconds } from '@yaolian/kernel';
import type { RequestMount } from '@yaolian/lwm2m/server';
import { encodeCertsOnly, type TerminalAuthority } from '@yaolian/node-runtime';
import type { BootstrapKeys } from './bootstrap-keys.ts';

export interface EstServiceOptions {
  readonly authority: TerminalAuthority;
  readonly store: CredentialStore;
  readonly digest: SecretDigest;
  readonly keys: BootstrapKeys;
  readonly log: Log;
  /** Certificates that are being made at once; who comes beyond comes again. Default 16. */
  readonly maximumUnderWay?: number;
}

const prefix = ['.well-known', 'est'] as const;

/**
 * Enrolment over Secure Transport for terminals (EST-coaps, RFC 9148): a terminal that proved who it is, by whatever credential, is given
 * a certificate for a key that never leaves it. The certificate is among the credentials before the terminal has it, so that it can be
 * withdrawn; what it takes the place of ends at its first use, so that no renewal is an outage.
 */
export class EstService {
  readonly #options: EstServiceOptions;
  #underWay = 0;

  constructor(options: EstServiceOptions) {
    this.#options = options;
  }

  /** For endpoints with security alone. */
  mounts(): readonly RequestMount[] {
    return [
      {
        path: [...prefix, 'crts'],
        handler: (request) => this.#authorities(request),
        description: { rt: 'ace.est.crts' },
      },
      {
        path: [...prefix, 'sen'],
        handler: (request) => this.#enrol(request, false),
        description: { rt: 'ace.est.sen' },
      },
      {
        path: [...prefix, 'sren'],
        handler: (request) => this.#enrol(request, true),
        description: { rt: 'ace.est.sren' },
      },
    ];
  }

  /** RFC 9148 §4.5, /crts: whose certificates terminals are given. */
  #authorities({ method, accept }: IncomingRequest): OutgoingResponse {
    if (method !== Code.GET) return refused(Code.MethodNotAllowed, 'the authorities are asked for with GET');
    return this.#answer(Code.Content, this.#options.authority.certificate, accept);
  }

  async #enrol(request: IncomingRequest, isRenewal: boolean): Promise<OutgoingResponse> {
    if (request.method !== Code.POST) return refused(Code.MethodNotAllowed, 'certificates are asked for with POST');
    if (request.contentFormat !== ContentFormat.Pkcs10) {
      return refused(Code.UnsupportedContentFormat, `a request is application/pkcs10 (${ContentFormat.Pkcs10})`);
    }
    if (formatOf(request.accept) === undefined) return refused(Code.NotAcceptable, acceptable);
    const owner = await this.#ownerOf(request.peer);
    if (owner === undefined) return refused(Code.Forbidden, 'certificates are for terminals that prove who they are');
    if (isRenewal && request.peer.identity?.kind !== 'certificate') {
      return refused(Code.Forbidden, 'who has no certificate enrols by sen');
    }
    if (this.#underWay >= (this.#options.maximumUnderWay ?? 16)) {
      return { ...refused(Code.ServiceUnavailable, 'too many certificates are being made'), maxAge: seconds(5) };
    }
    this.#underWay++;
    try {
      return await this.#issue(owner, request);
    } finally {
      this.#underWay--;
    }
  }

  async #issue({ endpoint }: Credential, { payload, accept }: IncomingRequest): Promise<OutgoingResponse> {
    const { authority, digest, keys, log } = this.#options;
    const issued = await authority.issue(payload, endpoint);
    if (!issued.ok) {
      log.info('a request for a certificate was refused', { endpoint, reason: issued.error });
      return refused(Code.BadRequest, issued.error);
    }
    const proof = { kind: 'certificate', digest: encodeHex(digest.sha256(issued.value)) } as const;
    await keys.keep(endpoint, 'register', proof);
    return this.#answer(Code.Changed, issued.value, accept);
  }

  /** The credential that the terminal proved, unless it was withdrawn. */
  async #ownerOf({ identity }: Peer): Promise<Credential | undefined> {
    const { store, digest } = this.#options;
    if (identity === undefined) return undefined;
    for (const proof of proofsOf(identity, (bytes) => encodeHex(digest.sha256(bytes)))) {
      const found = await store.findCredential(proof);
      if (found !== undefined && found.supersededAt === undefined) return found;
    }
    return undefined;
  }

  /** RFC 9148 §4.3: one certificate alone, or PKCS #7, which is what is told where nobody says. */
  #answer(code: number, certificate: Uint8Array, accept: number | undefined): OutgoingResponse {
    const contentFormat = formatOf(accept);
    if (contentFormat === undefined) return refused(Code.NotAcceptable, acceptable);
    const isAlone = contentFormat === ContentFormat.PkixCert;
    return { code, contentFormat, payload: isAlone ? certificate : encodeCertsOnly([certificate]) };
  }
}

const acceptable = `certificates come as ${ContentFormat.Pkcs7CertsOnly} or ${ContentFormat.PkixCert}`;

function formatOf(accept: number = ContentFormat.Pkcs7CertsOnly): number | undefined {
  return accept === ContentFormat.Pkcs7CertsOnly || accept === ContentFormat.PkixCert ? accept : undefined;
}

function refused(code: number, reason: string): OutgoingResponse {
  return { code, payload: encodeUtf8(reason) };
}
