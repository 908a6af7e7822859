import type { TestContext } from 'node:test';
import { Code, createCoapEndpoint, type IncomingRequest, type OutgoingResponse } from '@yaolian/coap';
import type { SocketAddress } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';

/** A registrar on loopback: the least that terminals need to be content. Closed when the test ends. */
export async function openCoapServer(
  t: TestContext,
  answer: (request: IncomingRequest) => OutgoingResponse | undefined = () => undefined,
) {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
  const endpoint = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  t.after(() => endpoint.close());
  const asked: string[] = [];
  const peers: SocketAddress[] = [];
  const listeners = new Set<() => void>();
  endpoint.handle((request) => {
    asked.push(`${request.method} /${request.path.join('/')}${request.query.length > 0 ? `?${request.query[0]}` : ''}`);
    peers.push(request.peer.address);
    for (const listener of listeners) listener();
    return answer(request) ?? registrar(request);
  });
  let registrations = 0;
  function registrar({ method, path }: IncomingRequest): OutgoingResponse {
    if (method === Code.DELETE) return { code: Code.Deleted };
    if (path.length > 1) return { code: Code.Changed };
    return { code: Code.Created, locationPath: ['rd', String(++registrations)] };
  }
  return {
    uri: `coap://${port.localAddress.key}`,
    endpoint,
    asked,
    peers,
    /** Resolves when `condition` holds, looked at after each request. */
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) {
        await new Promise<void>((resolve) => {
          const listener = () => {
            listeners.delete(listener);
            resolve();
          };
          listeners.add(listener);
        });
      }
    },
  };
}
