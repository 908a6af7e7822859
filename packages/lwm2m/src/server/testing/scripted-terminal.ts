import {
  type CoapEndpoint,
  Code,
  type IncomingRequest,
  type IncomingResponse,
  type Observer,
  type OutgoingResponse,
  type RequestHandler,
} from '@yaolian/coap';
import { encodeUtf8, type Peer } from '@yaolian/kernel';

const methodNames: Readonly<Record<number, string>> = { 1: 'GET', 2: 'POST', 3: 'PUT', 4: 'DELETE' };

/** A request as scripts name it: `GET /3/0/13`, `PUT /1/0?pmin=10`. */
export function nameOf(request: IncomingRequest): string {
  const query = request.query.length > 0 ? `?${request.query.join('&')}` : '';
  return `${methodNames[request.method] ?? request.method} /${request.path.join('/')}${query}`;
}

/** A terminal that does exactly what a test says: answers by script, and asks what it is told to. */
export class ScriptedTerminal {
  readonly endpoint: CoapEndpoint;
  readonly server: Peer;
  /** Every request that came, in order. */
  readonly requests: IncomingRequest[] = [];
  readonly observers: Observer[] = [];
  readonly #script = new Map<string, RequestHandler>();
  location: readonly string[] = [];
  /** What is asked and not in the script. */
  otherwise: RequestHandler = () => ({ code: Code.NotFound });

  constructor(endpoint: CoapEndpoint, server: Peer) {
    this.endpoint = endpoint;
    this.server = server;
    endpoint.handle((request) => this.#answer(request));
  }

  /** What came, by name. */
  get heard(): string[] {
    return this.requests.map(nameOf);
  }

  /** Answers a request, by name with or without its query. */
  on(name: string, answer: OutgoingResponse | RequestHandler): this {
    this.#script.set(name, typeof answer === 'function' ? answer : () => answer);
    return this;
  }

  /** Takes observations of a resource on; each later {@link notify} goes to all of them. */
  observable(name: string, first: OutgoingResponse): this {
    return this.on(name, (request) => {
      if (request.observer) this.observers.push(request.observer.accept(() => {}));
      return first;
    });
  }

  notify(response: OutgoingResponse): void {
    for (const observer of this.observers) observer.notify(response);
  }

  async register(query: string, links = '</>;rt="oma.lwm2m",</1/0>,</3/0>'): Promise<IncomingResponse> {
    const response = await this.post(['rd'], query, links);
    if (response.code === Code.Created) this.location = response.locationPath;
    return response;
  }

  update(query = '', links = ''): Promise<IncomingResponse> {
    return this.post(this.location, query, links);
  }

  deregister(): Promise<IncomingResponse> {
    return this.endpoint.request(this.server, { method: Code.DELETE, path: this.location });
  }

  post(path: readonly string[], query: string, links: string, contentFormat = 40): Promise<IncomingResponse> {
    return this.endpoint.request(this.server, {
      method: Code.POST,
      path,
      query: query === '' ? [] : query.split('&'),
      ...(links === '' ? {} : { contentFormat, payload: encodeUtf8(links) }),
    });
  }

  #answer(request: IncomingRequest): ReturnType<RequestHandler> {
    this.requests.push(request);
    const name = nameOf(request);
    const handler = this.#script.get(name) ?? this.#script.get(name.split('?')[0]!) ?? this.otherwise;
    return handler(request);
  }
}
