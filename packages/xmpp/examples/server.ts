/** A message server with accounts in memory. `node server.ts [port]` */
import { listenXmpp, nodeClock, nodeRandom, nodeTimers, ownCertificate, saslCrypto } from '@yaolian/node-runtime';
import { ImServer, pingModule, type ScramKeys, scramKeysOf, scramMechanisms, XmppServer } from '@yaolian/xmpp';
import { memoryImStores } from '@yaolian/xmpp/memory';

export async function startServer(passwords: Readonly<Record<string, string>>, folder: string, port: number) {
  const accounts = new Map<string, readonly ScramKeys[]>();
  for (const [name, password] of Object.entries(passwords)) {
    accounts.set(name, (await scramKeysOf(saslCrypto, password))!); // what is kept of a password
  }
  const im = new ImServer({
    domain: 'localhost',
    stores: memoryImStores(), // or stores of your own, over any database
    accounts: { exists: async (name) => accounts.has(name) },
    clock: nodeClock,
    random: nodeRandom,
  }).use(pingModule());
  const credentials = await ownCertificate({ folder, clock: nodeClock });
  const listener = await listenXmpp({ host: '127.0.0.1', port, tls: { credentials } });
  const mechanisms = scramMechanisms({
    crypto: saslCrypto,
    credentials: { keys: async (name) => accounts.get(name) },
    fakeSaltKey: nodeRandom.bytes(32), // keep it: names without an account show the same salt each time
  });
  const server = new XmppServer({
    domains: ['localhost'],
    listeners: [listener],
    clock: nodeClock,
    timers: nodeTimers,
    random: nodeRandom,
    mechanisms: () => mechanisms,
    handler: im,
  });
  return { server, port: listener.localAddress.port, certificate: credentials.certificate };
}

if (import.meta.main) {
  const { port } = await startServer({ anna: 'secret', bob: 'secret' }, '.tls', Number(process.argv[2] ?? 5222));
  console.log(`anna@localhost and bob@localhost can come to port ${port}; their server's certificate is in .tls`);
}
