import { emptyBytes, type Log } from '@yaolian/kernel';
import { Code, isSuccess } from './codes.ts';
import type { OutgoingResponse, RequestHandler } from './exchange.ts';
import { diagnostic, interpretRequest, type Refusal, ServerRequest } from './incoming-request.ts';
import type { InboundRequest } from './messaging.ts';
import { responseOptions } from './outgoing-options.ts';

export interface ServerRoleOptions {
  readonly log: Log;
  readonly additionalOptions: ReadonlySet<number>;
}

/** The server half of an endpoint: checks requests, asks the handler, answers. */
export class ServerRole {
  readonly #options: ServerRoleOptions;
  #handler: RequestHandler = () => ({ code: Code.NotFound });

  constructor(options: ServerRoleOptions) {
    this.#options = options;
  }

  handle(handler: RequestHandler): void {
    this.#handler = handler;
  }

  onRequest(inbound: InboundRequest): void {
    const request = new ServerRequest(inbound);
    const refusal = interpretRequest(request, this.#options.additionalOptions);
    if (refusal !== undefined) this.#refuse(request, refusal);
    else this.#ask(request);
  }

  #ask(request: ServerRequest): void {
    let answer: ReturnType<RequestHandler>;
    try {
      answer = this.#handler(request);
    } catch (error) {
      this.#fail(request, error);
      return;
    }
    if (answer === undefined || !('then' in answer)) this.#answer(request, answer);
    else
      answer.then(
        (response) => this.#answer(request, response),
        (error: unknown) => this.#fail(request, error),
      );
  }

  #answer(request: ServerRequest, response: OutgoingResponse | undefined): void {
    // RFC 7252 §8.2: a server should not answer a request to a group when it has nothing useful to say.
    if (response === undefined || (request.multicast && !isSuccess(response.code))) {
      request.inbound.ignore();
      return;
    }
    try {
      request.inbound.respond(response.code, responseOptions(response), response.payload ?? emptyBytes);
    } catch (error) {
      this.#fail(request, error);
    }
  }

  #refuse(request: ServerRequest, refusal: Refusal): void {
    // RFC 7252 §5.4.1: an unrecognised critical option in a NON makes it be rejected, which is silent or a Reset.
    if (request.multicast || (!request.confirmable && refusal.code === Code.BadOption)) request.inbound.reject();
    else request.inbound.respond(refusal.code, [], diagnostic(refusal.diagnostic));
  }

  #fail(request: ServerRequest, error: unknown): void {
    this.#options.log.error('a request handler failed', { peer: request.peer.key, path: request.path, error });
    if (request.multicast) request.inbound.ignore();
    else request.inbound.respond(Code.InternalServerError, [], emptyBytes);
  }
}
