import { Code, ContentFormat, type IncomingRequest, isSuccess, type OutgoingResponse } from '@yaolian/coap';
import { type Clock, type Duration, hasCode, milliseconds, type Timer, type Timers } from '@yaolian/kernel';
import { parsePathSegments } from '../path.ts';
import { type BootstrapAccount, isBootstrapServer } from './accounts.ts';
import type { CertificateEnrolment } from './client-options.ts';
import type { Connection, Connector } from './connection.ts';
import type { OperationName } from './device-management.ts';
import { enrol } from './enrolment.ts';
import type { FailureReason } from './events.ts';
import { requestFailure, responseFailure } from './failure.ts';
import type { ObjectTree } from './object-tree.ts';
import {
  applyBootstrapPack,
  bootstrapDelete,
  bootstrapDiscover,
  bootstrapRead,
  bootstrapWrite,
} from './operations/bootstrap.ts';
import { andThen, type Outcome } from './operations/outcome.ts';
import type { Lwm2mVersion } from './operations/read.ts';
import { notFound } from './operations/target.ts';
import { refusalResponse } from './refusal.ts';
import type { Route } from './request-routes.ts';

/** What a bootstrap needs of the client it belongs to. */
export interface BootstrapHost {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly endpointName: string;
  readonly version: Lwm2mVersion;
  readonly tree: ObjectTree;
  readonly connector: Connector;
  /** How long the Bootstrap-Server may be silent before the bootstrap counts as failed. */
  readonly silence: Duration;
  /** Undefined: the terminal does no EST. */
  readonly enrolment: CertificateEnrolment | undefined;
  /** Asks for the whole configuration at once first. */
  readonly packs: boolean;
  /** Undefined when the accounts make sense, else a sentence that says why not. */
  checkConsistency(): string | undefined;
  /** From here on the peer's requests are the session's, until the route is closed. */
  opened(connection: Connection, session: BootstrapSession): Route;
  operated(operation: OperationName | 'bootstrap-finish' | 'bootstrap-pack', path: string, code: number): void;
}

/**
 * One client-initiated bootstrap (OMA-TS-LightweightM2M_Core 1.1 §6.1.4): the request, what the server then does, and
 * Finish. If it fails the terminal is as it was before.
 */
export class BootstrapSession {
  readonly #host: BootstrapHost;
  readonly #account: BootstrapAccount;
  #finished: (outcome: FailureReason | undefined) => void = () => {};
  #silence: Timer | undefined;
  /** Why the last Finish was turned down. */
  #inconsistency: string | undefined;
  #over = false;

  constructor(host: BootstrapHost, account: BootstrapAccount) {
    this.#host = host;
    this.#account = account;
  }

  /** @returns undefined when the bootstrap succeeded */
  async run(signal: AbortSignal): Promise<FailureReason | undefined> {
    const { tree } = this.#host;
    const before = tree.snapshot();
    let connection: Connection | undefined;
    let route: Route | undefined;
    try {
      connection = await this.#host.connector.connect(this.#account.access, signal);
      route = this.#host.opened(connection, this);
      const failure = (await this.#sequence(connection, signal)) ?? (await enrol(this.#host, connection, signal));
      if (failure) tree.restore(before);
      return failure;
    } catch (error) {
      tree.restore(before);
      return requestFailure(error);
    } finally {
      this.#over = true;
      this.#silence?.cancel();
      route?.close();
      void connection?.release?.();
    }
  }

  async #sequence({ endpoint, peer }: Connection, signal: AbortSignal): Promise<FailureReason | undefined> {
    const finished = new Promise<FailureReason | undefined>((resolve) => {
      this.#finished = resolve;
    });
    const onAbort = () => this.#finished({ code: undefined, reason: 'aborted', message: 'the bootstrap was given up' });
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (this.#host.packs && (await this.#askForPack({ endpoint, peer }, signal))) return undefined;
      const query = [`ep=${this.#host.endpointName}`];
      // 1.1 §6.1.7.1: the format that the terminal would like to be written in.
      if (this.#host.version !== '1.0') query.push(`pct=${ContentFormat.Lwm2mTlv}`);
      const response = await endpoint.request(peer, { method: Code.POST, path: ['bs'], query }, { signal });
      if (!isSuccess(response.code)) return responseFailure(response);
      // A server that is quick has finished before its answer to the request came.
      if (!this.#over) this.#listen();
      return await finished;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Bootstrap-Pack-Request (LwM2M 1.2 §6.1.7.7). Whatever is wrong with it, the terminal is as it was, and asks the other way.
   * @returns true when the pack is in place
   */
  async #askForPack({ endpoint, peer }: Pick<Connection, 'endpoint' | 'peer'>, signal: AbortSignal): Promise<boolean> {
    const { tree, endpointName } = this.#host;
    const accounts = bootstrapAccountLinks(tree);
    const query = [`ep=${endpointName}`, ...(accounts === '' ? [] : [`acc=${accounts}`])];
    const request = { method: Code.GET, path: ['bspack'], query, accept: ContentFormat.SenmlCbor };
    const before = tree.snapshot();
    const response = await endpoint.request(peer, request, { signal }).catch((error: unknown) => {
      if (signal.aborted || !hasCode(error, 'COAP_TIMEOUT')) throw error;
      return undefined;
    });
    if (!response || response.code !== Code.Content || response.contentFormat === undefined) return false;
    const applied = await applyBootstrapPack(tree, response.contentFormat, response.payload);
    const isRight = applied.ok && this.#host.checkConsistency() === undefined;
    if (!isRight) tree.restore(before);
    this.#host.operated('bootstrap-pack', '/', isRight ? Code.Content : Code.NotAcceptable);
    return isRight;
  }

  serve(request: IncomingRequest): OutgoingResponse | Promise<OutgoingResponse> {
    if (this.#over) return refusalResponse({ code: Code.MethodNotAllowed, reason: 'the bootstrap is over' });
    this.#listen();
    const operation = operationOf(request);
    return andThen(this.#perform(operation, request), (response) => {
      this.#host.operated(operation, `/${request.path.join('/')}`, response.code);
      return response;
    });
  }

  #perform(
    operation: OperationName | 'bootstrap-finish',
    request: IncomingRequest,
  ): OutgoingResponse | Promise<OutgoingResponse> {
    if (operation === 'bootstrap-finish') return this.#finish();
    const path = parsePathSegments(request.path);
    if (!path.ok) return refusalResponse({ code: Code.NotFound, reason: path.error.message });
    if (path.value.prefix !== undefined) return refusalResponse(notFound(path.value).error);
    const { tree, version } = this.#host;
    switch (operation) {
      case 'write':
        return answer(bootstrapWrite(tree, path.value, request.payload, request.contentFormat), Code.Changed);
      case 'delete':
        return answer(bootstrapDelete(tree, path.value), Code.Deleted);
      case 'discover':
        return bootstrapDiscover(tree, path.value, version);
      case 'read':
        return bootstrapRead(tree, path.value, request.accept, version);
      default:
        return refusalResponse({ code: Code.MethodNotAllowed, reason: 'no operation of a Bootstrap-Server' });
    }
  }

  /** §6.1.7.2: a configuration that makes no sense is answered 4.06; the server may mend it and finish again. */
  #finish(): OutgoingResponse {
    this.#inconsistency = this.#host.checkConsistency();
    if (this.#inconsistency !== undefined) {
      return refusalResponse({ code: Code.NotAcceptable, reason: this.#inconsistency });
    }
    this.#over = true;
    this.#silence?.cancel();
    // After the answer is on its way.
    this.#silence = this.#host.timers.schedule(milliseconds(0), () => this.#finished(undefined));
    return { code: Code.Changed };
  }

  #listen(): void {
    this.#silence?.cancel();
    this.#silence = this.#host.timers.schedule(this.#host.silence, () => {
      const reason = this.#inconsistency === undefined ? 'timeout' : 'inconsistent';
      const message = this.#inconsistency ?? 'the Bootstrap-Server fell silent before it finished';
      this.#finished({ code: undefined, reason, message });
    });
  }
}

function operationOf(request: IncomingRequest): OperationName | 'bootstrap-finish' {
  switch (request.method) {
    case Code.POST:
      return request.path.length === 1 && request.path[0] === 'bs' ? 'bootstrap-finish' : 'unknown';
    case Code.PUT:
      return 'write';
    case Code.DELETE:
      return 'delete';
    case Code.GET:
      return request.accept === ContentFormat.LinkFormat ? 'discover' : 'read';
    default:
      return 'unknown';
  }
}

function answer(outcome: Outcome<undefined>, code: number): OutgoingResponse | Promise<OutgoingResponse> {
  return andThen(outcome, (result) => (result.ok ? { code } : refusalResponse(result.error)));
}

/** The instances of the Bootstrap-Server's account, as links without parameters: `</0/0>`. */
function bootstrapAccountLinks(tree: ObjectTree): string {
  const accounts = [...(tree.entry(0)?.instances.values() ?? [])].filter(isBootstrapServer);
  return accounts.map(({ id }) => `</0/${id}>`).join(',');
}
