/**
 * A CoAP server with /time, as libcoap's example server has it; over DTLS where a crypto adapter is named. ADAPTER: `portable`,
 * `batched` or `tcp`. `node coap-time.ts ADAPTER PORT [CRYPTO]`
 */
import { Code, ContentFormat, createCoapEndpoint, createStreamCoapEndpoint, ResourceTree } from '@yaolian/coap';
import { createDtlsServer } from '@yaolian/dtls';
import { encodeUtf8 } from '@yaolian/kernel';
import {
  type CryptoAdapter,
  listenTcp,
  nodeClock,
  nodeRandom,
  nodeTimers,
  openCrypto,
  openUdpPort,
  PrometheusMeter,
  type UdpAdapter,
} from '@yaolian/node-runtime';

const [adapter, portNumber, cryptoAdapter] = process.argv.slice(2);
const meter = new PrometheusMeter();
const where = { host: '127.0.0.1', port: Number(portNumber) };
const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom, meter };
const psk = () => encodeUtf8('0123456789abcdef');

async function datagramPort() {
  const port = await openUdpPort({ ...where, adapter: adapter as UdpAdapter, meter });
  if (cryptoAdapter === undefined) return port;
  const crypto = await openCrypto(cryptoAdapter as CryptoAdapter);
  return createDtlsServer({ port, ...machine, crypto, credentials: { psk } });
}

const endpoint =
  adapter === 'tcp'
    ? createStreamCoapEndpoint({ ...machine, listener: await listenTcp(where) })
    : createCoapEndpoint({ ...machine, port: await datagramPort() });

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
