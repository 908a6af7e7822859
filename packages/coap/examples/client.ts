/** Finds the lamp of server.ts, observes it, switches it on and off. `node client.ts [address:port]` */
import { Code, ContentFormat, createCoapEndpoint, decodeLinks, describeCode } from '@yaolian/coap';
import { decodeUtf8, encodeUtf8, hasCode, parseSocketAddress, type SocketAddress, seconds } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';

export async function switchLamp(server: SocketAddress, print: (line: string) => void): Promise<void> {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
  const endpoint = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  try {
    const found = await endpoint.request(server, {
      method: Code.GET,
      path: '/.well-known/core',
      query: ['rt=light'],
    });
    const links = decodeLinks(found.payload);
    const path = links.ok ? links.value[0]?.target : undefined;
    if (path === undefined) throw new Error(`${server.key} has no lamp`);
    print(`found ${path}`);

    const { response, observation } = await endpoint.observe(
      server,
      { method: Code.GET, path },
      { onNotification: ({ payload }) => print(`it is ${decodeUtf8(payload)} now`) },
    );
    print(`it is ${decodeUtf8(response.payload)}`);

    for (const state of ['on', 'off', 'dim']) {
      // A refusal is an answer; only what could not be asked throws.
      const answer = await endpoint.request(
        server,
        { method: Code.PUT, path, contentFormat: ContentFormat.Text, payload: encodeUtf8(state) },
        { timeout: seconds(10), signal: AbortSignal.timeout(30_000) },
      );
      print(`${state}: ${describeCode(answer.code)}`);
    }
    await observation?.cancel();
  } catch (error) {
    if (!hasCode(error, 'COAP_TIMEOUT')) throw error;
    print('nobody answered');
  } finally {
    await endpoint.close();
  }
}

if (import.meta.main) {
  const server = parseSocketAddress(process.argv[2] ?? '127.0.0.1:5683');
  if (server.ok) await switchLamp(server.value, console.log);
  else console.error(server.error);
}
