/** A server with a lamp that can be read, switched, observed and discovered. `node server.ts [port]` */
import { Code, ContentFormat, createCoapEndpoint, ResourceTree } from '@yaolian/coap';
import { decodeUtf8, encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';

export async function startLamp(portNumber: number) {
  const port = await openUdpPort({ host: '127.0.0.1', port: portNumber });
  const endpoint = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });

  let state = 'off';
  const resources = new ResourceTree();
  const lamp = resources.add('/lamp', {
    rt: 'light',
    ct: ContentFormat.Text,
    obs: true,
    accepts: [ContentFormat.Text],
    get: () => ({ code: Code.Content, contentFormat: ContentFormat.Text, payload: encodeUtf8(state) }),
    put: ({ payload }) => {
      const wanted = decodeUtf8(payload);
      if (wanted !== 'on' && wanted !== 'off') return { code: Code.BadRequest, payload: encodeUtf8('on or off') };
      state = wanted;
      lamp.changed();
      return { code: Code.Changed };
    },
  });
  endpoint.handle(resources.handle);
  return { endpoint, address: port.localAddress };
}

if (import.meta.main) {
  const { endpoint, address } = await startLamp(Number(process.argv[2] ?? 5683));
  console.log(`coap://${address.key}/lamp`);
  process.once('SIGINT', () => void endpoint.close());
}
