import { Code, ContentFormat, createCoapEndpoint, type OutgoingResponse, ResourceTree } from '@yaolian/coap';
import { encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort, UdpAdapter } from '@yaolian/node-runtime';

/** A CoAP server on loopback with something of everything, for tests that run the real command line. */
export interface SampleServer {
  /** `127.0.0.1:49152` */
  readonly address: string;
  readonly tree: ResourceTree;
  /** Changes what `/counter` says and tells its observers. */
  count(): void;
  readonly observerCount: number;
  close(): Promise<void>;
}

function text(value: string, code: number = Code.Content): OutgoingResponse {
  return { code, contentFormat: ContentFormat.Text, payload: encodeUtf8(value) };
}

export async function startSampleServer(): Promise<SampleServer> {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: UdpAdapter.Portable });
  const endpoint = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  const tree = new ResourceTree();
  let counter = 0;
  tree.add('/hello', { ct: [0, 50], title: '你好', rt: 'greeting', get: () => text('hello 世界') });
  tree.add('/binary', { get: () => ({ code: Code.Content, contentFormat: 42, payload: Uint8Array.of(0, 1, 2, 255) }) });
  tree.add('/hostile', { get: () => text('\u001b[2J\u202egotcha') });
  tree.add('/large', { sz: 5000, get: () => text('x'.repeat(5000)) });
  tree.add('/store', {
    accepts: [0, 50],
    put: (request) => ({ code: Code.Changed, payload: request.payload, contentFormat: request.contentFormat ?? 0 }),
    post: () => ({ code: Code.Created, locationPath: ['store', 'a b'], locationQuery: ['x=1'] }),
    delete: () => ({ code: Code.Deleted }),
  });
  tree.add('/echo', {
    fetch: (request) => text(`fetch ${request.query.join('&')} ${request.accept} ${request.payload.length}`),
    patch: () => ({ code: Code.Changed }),
    ipatch: () => ({ code: Code.Changed }),
  });
  tree.add('/never', { get: () => new Promise(() => {}) });
  const counted = tree.add('/counter', { obs: true, rt: 'count', get: () => text(String(counter)) });
  endpoint.handle(tree.handle);
  return {
    address: port.localAddress.key,
    tree,
    count() {
      counter++;
      counted.changed();
    },
    get observerCount() {
      return counted.observerCount;
    },
    close: () => endpoint.close(),
  };
}
