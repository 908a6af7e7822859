/** A thermometer for the server of server.ts. `node terminal.ts [coap://host:port]` */
import { createCoapEndpoint } from '@yaolian/coap';
import { device, instance, Lwm2mClient } from '@yaolian/lwm2m/client';
import { defineObject } from '@yaolian/lwm2m-objects';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';

const temperature = defineObject({
  id: 3303,
  name: 'Temperature',
  version: '1.1',
  urn: 'urn:oma:lwm2m:ext:3303:1.1',
  multiple: true,
  resources: {
    sensorValue: { id: 5700, operations: 'R', type: 'float', units: 'Cel', mandatory: true },
    resetMinAndMax: { id: 5605, operations: 'E' },
  },
});

/** A thermometer that is bootstrapped, registers and reports. */
export async function startTerminal(host: string, bootstrapUri: string, print: (line: string) => void) {
  const ports = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const udp = await openUdpPort({ host, port: 0 });
  const endpoint = createCoapEndpoint({ port: udp, ...ports });
  const thermometer = instance(
    temperature,
    { sensorValue: 21.5 },
    { onExecute: { resetMinAndMax: () => print('reset') } },
  );
  const client = new Lwm2mClient({
    endpointName: 'urn:dev:os:0023C7-000001',
    transport: endpoint,
    ...ports,
    objects: [device({ manufacturer: 'Yaolian', modelNumber: 'T1' }), thermometer],
    bootstrap: { uri: bootstrapUri },
  });
  client.start();
  await client.registered();

  const close = async () => {
    await client.close(); // de-registers
    await endpoint.close();
    await udp.close();
  };
  return { measure: (celsius: number) => thermometer.set('sensorValue', celsius), close };
}

if (import.meta.main) {
  const { measure, close } = await startTerminal('127.0.0.1', process.argv[2] ?? 'coap://127.0.0.1:5683', console.log);
  console.log('registered; it is a little warmer every second');
  let celsius = 21.5;
  const measuring = setInterval(() => {
    celsius = Math.round((celsius + 0.1) * 10) / 10;
    measure(celsius);
  }, 1_000);
  process.once('SIGINT', () => {
    clearInterval(measuring);
    void close();
  });
}
