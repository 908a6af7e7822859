/** A CoAP server with /time, as libcoap's example server has it. `node coap-time.ts ADAPTER PORT` */
import { Code, ContentFormat, createCoapEndpoint, ResourceTree } from '@yaolian/coap';
import { encodeUtf8 } from '@yaolian/kernel';
import {
  nodeClock,
  nodeRandom,
  nodeTimers,
  openUdpPort,
  PrometheusMeter,
  type UdpAdapter,
} from '@yaolian/node-runtime';

const [adapter, portNumber] = process.argv.slice(2);
const meter = new PrometheusMeter();
const port = await openUdpPort({ host: '127.0.0.1', port: Number(portNumber), adapter: adapter as UdpAdapter, meter });
const endpoint = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom, meter });

/** The time to the second, made once a second. */
const clock = { second: 0, text: encodeUtf8('') };
function timeNow(): Uint8Array {
  const second = Math.floor(Date.now() / 1000);
  if (second !== clock.second) {
    clock.second = second;
    clock.text = encodeUtf8(new Date(second * 1000).toUTCString());
  }
  return clock.text;
}

const resources = new ResourceTree();
resources.add('/time', {
  ct: ContentFormat.Text,
  get: () => ({
    code: Code.Content,
    contentFormat: ContentFormat.Text,
    payload: timeNow(),
  }),
});
endpoint.handle(resources.handle);
console.log('ready');
