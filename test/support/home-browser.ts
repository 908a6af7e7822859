import assert from 'node:assert/strict';
import { type ApiClient, type HomeEventKind, type JsonHomeEvent, routePath, routes } from '@yaolian/contract';
import { CheckedApiClient } from '@yaolian/contract/testing';
import { until } from '@yaolian/testkit';
import type { TestPlatform } from './platform.ts';

/** A browser: it keeps the cookie that it is given and says where a request comes from. */
export class HomeBrowser {
  cookie = '';
  readonly api: ApiClient;
  readonly #url: string;

  constructor(bench: Pick<TestPlatform, 'httpUrl'>) {
    this.#url = bench.httpUrl;
    this.api = new CheckedApiClient({ baseUrl: bench.httpUrl, fetch: (input, init) => this.fetch(input, init) });
  }

  async fetch(input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('origin', this.#url);
    if (this.cookie !== '') headers.set('cookie', this.cookie);
    const response = await fetch(input, { ...init, headers });
    const set = response.headers.get('set-cookie');
    if (set !== null) this.cookie = set.includes('Max-Age=0') ? '' : set.split(';', 1)[0]!;
    return response;
  }

  static async register(bench: TestPlatform, user: string): Promise<HomeBrowser> {
    const browser = new HomeBrowser(bench);
    await browser.api.call(routes.registerAtHome, { body: { name: user, password: `${user}-secret` } });
    return browser;
  }

  /** Events as they come, from when the stream is open. */
  async events(): Promise<EventsOfHome> {
    const url = `${this.#url}${routePath(routes.streamHomeEvents)}`;
    const leaving = new AbortController();
    const response = await this.fetch(url, { signal: leaving.signal });
    assert.equal(response.status, 200);
    return new EventsOfHome(response.body!, leaving);
  }
}

export class EventsOfHome implements AsyncDisposable {
  readonly seen: JsonHomeEvent[] = [];
  readonly #leaving: AbortController;
  /** The platform, or the test, has ended it. */
  readonly ended: Promise<void>;

  constructor(body: ReadableStream<Uint8Array>, leaving: AbortController) {
    this.#leaving = leaving;
    this.ended = this.#read(body).catch(() => undefined); // the test left
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    for await (const text of body.pipeThrough(new TextDecoderStream() as never) as AsyncIterable<string>) {
      const frames = (rest + text).split('\n\n');
      rest = frames.pop()!;
      for (const frame of frames) if (frame.startsWith('data: ')) this.seen.push(JSON.parse(frame.slice(6)));
    }
  }

  first(kind: HomeEventKind, fits: (event: JsonHomeEvent) => boolean = () => true): Promise<JsonHomeEvent> {
    return until(
      () => this.seen.find((event) => event.kind === kind && fits(event)),
      () => `an event ${kind}; there came ${this.seen.map((event) => event.kind).join(', ') || 'none'}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await this.ended;
  }
}
