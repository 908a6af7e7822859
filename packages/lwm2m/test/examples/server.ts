/** An LwM2M server that reads and observes whatever registers. `node server.ts [port]` */
import { createCoapEndpoint, ResourceTree } from '@yaolian/coap';
import { formatPath, lwm2mPath, nodeToJson } from '@yaolian/lwm2m';
import { BootstrapServer } from '@yaolian/lwm2m/bootstrap';
import { createPlainProfile, Lwm2mServer } from '@yaolian/lwm2m/server';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { Storage } from '@yaolian/storage';

/** A server and a bootstrap server on one UDP port, with registrations kept in `folder`. */
export async function startServer(folder: string, host: string, port: number, print: (line: string) => void) {
  const ports = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const storage = Storage.open({ folder });
  const udp = await openUdpPort({ host, port });
  const endpoint = createCoapEndpoint({ port: udp, ...ports });
  const profile = createPlainProfile({ devices: storage.devices, enrolmentMode: () => 'open' });

  const server = new Lwm2mServer({
    endpoints: [{ endpoint }],
    store: storage.registrations,
    profile,
    model: omaObjects,
    ...ports,
  });
  const bootstrap = new BootstrapServer({ configs: storage.bootstrapConfigs, profile, model: omaObjects, ...ports });
  await storage.bootstrapConfigs.put(undefined, {
    security: [{ instanceId: 1, uri: `coap://${udp.localAddress.key}`, shortServerId: 1 }],
    servers: [{ instanceId: 0, shortServerId: 1, lifetime: 3_600 }],
  });

  server.events.on('registered', async ({ registration }) => {
    print(`${registration.endpoint} registered from ${registration.address.key}`);
    const answer = await server.read(registration, lwm2mPath(3, 0, 0));
    // A refusal is a value; a terminal that cannot be asked is a YaolianError.
    print(answer.ok ? JSON.stringify(nodeToJson(answer.value.node)) : `refused with ${answer.error.code}`);
    await server.observe(registration, lwm2mPath(3303, 0, 5700));
  });
  server.events.on('notification', ({ registration, path, node }) =>
    print(`${registration.endpoint} ${formatPath(path)} ${JSON.stringify(nodeToJson(node))}`),
  );
  server.events.on('deregistered', ({ registration }) => print(`${registration.endpoint} left`));

  await server.start();
  const tree = new ResourceTree();
  for (const { path, handler } of [...server.mounts(endpoint), ...bootstrap.mounts(endpoint)])
    tree.mount(path, handler);
  endpoint.handle(tree.handle);

  const close = async () => {
    await bootstrap.close();
    await server.close();
    await endpoint.close();
    await udp.close();
    await storage.close();
  };
  return { uri: `coap://${udp.localAddress.key}`, close };
}

if (import.meta.main) {
  const { uri, close } = await startServer('data', '127.0.0.1', Number(process.argv[2] ?? 5683), console.log);
  console.log(`terminals can come to ${uri}`);
  process.once('SIGINT', () => void close());
}
