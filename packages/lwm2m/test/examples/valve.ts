import { type CoapUri, Code, createCoapEndpoint } from '@yaolian/coap';
import { createDtlsClient } from '@yaolian/dtls';
import type { SocketAddress } from '@yaolian/kernel';
import {
  type ClientRecord,
  coapFetcher,
  creatable,
  device,
  FirmwareUpdate,
  instance,
  type Journal,
  Lwm2mClient,
  MemoryPackageStore,
  refuse,
  SecurityMode,
  type ServerAccess,
  transportConnector,
} from '@yaolian/lwm2m/client';
import { defineObject } from '@yaolian/lwm2m-objects';
import { nodeClock, nodeRandom, nodeTimers, openCrypto, openUdpPort } from '@yaolian/node-runtime';

const ports = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };

const valve = defineObject({
  id: 33_001,
  name: 'Valve',
  multiple: true,
  resources: {
    opening: { id: 0, operations: 'RW', type: 'integer', units: '%', range: '0..100', mandatory: true },
    flow: { id: 1, operations: 'R', type: 'float', units: 'l/min' },
    zones: { id: 2, operations: 'RW', type: 'string', multiple: true },
    flush: { id: 3, operations: 'E' },
  },
});

export interface ValveOptions {
  /** `coaps://192.0.2.1:5684` */
  readonly uri: string;
  readonly identity: Uint8Array;
  readonly key: Uint8Array;
  /** A file, say: keys are in it. */
  readonly memory: Journal<ClientRecord>;
  readonly print: (line: string) => void;
}

/** A valve that proves itself by a pre-shared key, refuses what it cannot do, takes firmware, and remembers its servers. */
export async function startValve({ uri, identity, key, memory, print }: ValveOptions) {
  const connector = transportConnector({ openSecureDatagrams });
  const facts = device({ manufacturer: 'Yaolian', modelNumber: 'V1', firmwareVersion: '1.0' });
  // `verify` says what a package is, or what is wrong with it: 'integrity', 'unsupported-type'.
  const packages = new MemoryPackageStore({ verify: () => ({ name: 'valve', version: '2.0' }) });
  const firmware = new FirmwareUpdate({
    ...ports,
    store: packages,
    fetchers: { coaps: coapFetcher(connector, () => client.accounts) },
    installer: {
      install: async () => {
        print(`installing ${packages.length} bytes`);
        facts.set('firmwareVersion', '2.0');
        return 'installed';
      },
    },
  });
  const first = instance(
    valve,
    { opening: 0, zones: ['north', 'south'] },
    {
      onRead: { flow: (self) => Number(self.get('opening')) / 4 },
      onWrite: {
        opening: (percent) => {
          if (percent > 80) return refuse(Code.Forbidden, 'the pump is not strong enough');
          print(`opening ${percent} %`);
        },
      },
      onExecute: { flush: (args) => print(`flushing ${args.get(0) ?? 'all zones'}`) },
    },
  );
  const client: Lwm2mClient = new Lwm2mClient({
    endpointName: 'urn:dev:os:0023C7-000002',
    transport: connector,
    ...ports,
    objects: [facts, firmware.instance, first, creatable(valve, { maximumInstances: 4 })],
    servers: [{ uri, securityMode: SecurityMode.PreSharedKey, publicKeyOrIdentity: identity, secretKey: key }],
    memory,
    onEvent: (event) => {
      if (event.type === 'registration-failed') print(`not registered: ${event.failure.message}`);
    },
  });
  // Timers of the ports keep no process alive, and between two sessions nothing is open.
  const alive = setInterval(() => {}, 60_000);
  await firmware.start(); // goes on with an update that an earlier process began, where it is given a `journal`
  client.start();
  await client.registered();

  const close = async () => {
    firmware.close();
    await client.close();
    clearInterval(alive);
  };
  return { client, close };
}

/** DTLS to one server, with what its account says. The first request shakes hands. */
async function openSecureDatagrams(_: CoapUri, account: ServerAccess, server: SocketAddress) {
  const dtls = createDtlsClient({
    port: await openUdpPort({ host: server.family === 6 ? '::' : '0.0.0.0', port: 0 }),
    crypto: await openCrypto(),
    credentials: { psk: { identity: account.publicKeyOrIdentity, key: account.secretKey } },
    ...ports,
  });
  return { endpoint: createCoapEndpoint({ port: dtls, ...ports }), disconnect: () => dtls.disconnect(server) };
}
