/**
 * The platform with accounts u0, u1, … of bench.test, password `secret`, and a door without TLS besides its own.
 * `node xmpp-platform.ts PLAIN-PORT TLS-PORT STARTTLS-PORT FOLDER ACCOUNTS on|off` (the last: archives)
 */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { listenXmpp } from '@yaolian/node-runtime';
import { startPlatform } from '@yaolian/server';
import { Storage } from '@yaolian/storage';
import type { ScramHash, ScramKeys } from '@yaolian/xmpp';

const [plainPort, tlsPort, startTlsPort, folder, accounts, archive] = process.argv.slice(2);

/** One set of keys for everybody: the password is the same, and making keys is not what is measured. */
function keysOf(hash: ScramHash): ScramKeys {
  const digest = hash.replace('-', '').toLowerCase();
  const salt = Buffer.from('the bench\u2019s salt');
  const iterations = 4096;
  const salted = pbkdf2Sync('secret', salt, iterations, hash === 'SHA-1' ? 20 : 32, digest);
  const hmac = (data: string) => createHmac(digest, salted).update(data).digest();
  const storedKey = createHash(digest).update(hmac('Client Key')).digest();
  return { hash, salt, iterations, storedKey, serverKey: hmac('Server Key') };
}

const storage = Storage.open({ folder: folder! });
const keys = [keysOf('SHA-1'), keysOf('SHA-256')];
await Promise.all(
  Array.from({ length: Number(accounts) }, (_, i) =>
    storage.raAccounts.addAccount({ name: `u${i}`, kind: 'user', keys, nick: undefined, createdAt: Date.now() }),
  ),
);
await storage.close();

const platform = await startPlatform({
  'data-dir': folder!,
  'coap.host': '127.0.0.1',
  'coap.port': 0,
  'coap.tcp': false,
  'coap.tls': false,
  'coap.multicast': false,
  'http.port': 0,
  'log.level': 'warn',
  'xmpp.domain': 'bench.test',
  'xmpp.host': '127.0.0.1',
  'xmpp.port': Number(startTlsPort),
  'xmpp.tls-port': Number(tlsPort),
  'xmpp.archive': archive === 'on',
  'xmpp.max-connections-per-host': 100_000,
  'xmpp.max-connections': 100_000,
  'xmpp.max-rate': 2 ** 30,
});
const plain = await listenXmpp({ host: '127.0.0.1', port: Number(plainPort) });
plain.accept((transport) => {
  // TLS is not what every figure is about.
  Object.defineProperty(transport, 'isSecure', { value: true });
  platform.xmpp!.accept(transport);
});
process.on('SIGTERM', () => process.exit()); // a profile is written then
process.on('SIGUSR2', () => globalThis.gc?.());
console.log('ready');
