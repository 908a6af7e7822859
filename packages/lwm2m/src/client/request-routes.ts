import { type CoapEndpoint, Code, type IncomingRequest, type OutgoingResponse, type UploadRouter } from '@yaolian/coap';
import type { Connection } from './connection.ts';
import { refusalResponse } from './refusal.ts';

type Serve = (request: IncomingRequest) => OutgoingResponse | Promise<OutgoingResponse>;

/** Who serves the requests that come over one connection. */
export interface Route {
  /** From here on they are refused, or are an earlier route's to the same peer. */
  close(): void;
}

interface OpenRoute extends Route {
  readonly connection: Connection;
  readonly serve: Serve;
  readonly upload: UploadRouter | undefined;
}

/** What somebody is told who is no server of ours, or not yet. */
export const notServed = { code: Code.Unauthorized, reason: 'not a server of this terminal' };

/** Leads a server's requests to what was opened for it. A terminal has a handful of routes. */
export class RequestRoutes {
  #routes: readonly OpenRoute[] = [];
  #endpoints: readonly CoapEndpoint[] = [];

  open(connection: Connection, serve: Serve, upload?: UploadRouter): Route {
    const route: OpenRoute = {
      connection,
      serve,
      upload,
      close: () => {
        this.#routes = this.#routes.filter((other) => other !== route);
      },
    };
    this.#routes = [...this.#routes, route];
    this.#listen(connection.endpoint);
    return route;
  }

  #listen(endpoint: CoapEndpoint): void {
    if (this.#endpoints.includes(endpoint)) return;
    this.#endpoints = [...this.#endpoints, endpoint];
    endpoint.handle((request) => this.#serve(endpoint, request));
    endpoint.handleUploads?.((request, size) => this.#routeOf(endpoint, request)?.upload?.(request, size));
  }

  #serve(endpoint: CoapEndpoint, request: IncomingRequest): ReturnType<Serve> | undefined {
    if (request.multicast) return undefined;
    const route = this.#routeOf(endpoint, request);
    return route ? route.serve(request) : refusalResponse(notServed);
  }

  #routeOf(endpoint: CoapEndpoint, request: IncomingRequest): OpenRoute | undefined {
    // The latest route counts: during a bootstrap the Bootstrap-Server's, even where it shares a server's address.
    return this.#routes.findLast(
      ({ connection }) => connection.endpoint === endpoint && connection.peer.key === request.peer.key,
    );
  }
}
