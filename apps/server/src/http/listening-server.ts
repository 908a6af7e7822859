import type { Server, ServerResponse } from 'node:http';
import type { Clock, Log } from '@yaolian/kernel';

/** A server says at most this often that it could not take a connection, in milliseconds. */
const complainEvery = 60_000;

/**
 * A connection that could not be accepted, because the process may open no more files say, is lost; the server is not, and nor is the
 * process, which an `error` that nobody hears would end.
 */
export function outliveLostConnections(
  server: Pick<Server, 'on'>,
  { place, clock, log }: { readonly place: string; readonly clock: Clock; readonly log: Log },
): void {
  let toldAt: number | undefined;
  server.on('error', (error) => {
    const now = clock.monotonic();
    if (toldAt !== undefined && now - toldAt < complainEvery) return;
    toldAt = now;
    log.error('connections could not be accepted', { place, error });
  });
}

/** Requests that have come and are not answered. */
export class RequestsInHand {
  readonly #open = new Set<ServerResponse>();
  #idle = Promise.withResolvers<void>();

  watch(server: Pick<Server, 'on'>): void {
    server.on('request', (_, response: ServerResponse) => {
      this.#open.add(response);
      response.once('close', () => {
        this.#open.delete(response);
        if (this.#open.size === 0) this.#idle.resolve();
      });
    });
  }

  /** Resolves when all are answered, or after `patience` milliseconds. */
  async settled(patience: number): Promise<void> {
    if (this.#open.size === 0) return;
    this.#idle = Promise.withResolvers<void>();
    const timer = setTimeout(this.#idle.resolve, patience);
    await this.#idle.promise;
    clearTimeout(timer);
  }
}
