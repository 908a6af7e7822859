import { decodeHex, encodeHex, type Random } from '@yaolian/kernel';
import { saslCrypto } from '@yaolian/node-runtime';
import type { Storage } from '@yaolian/storage';
import {
  type CredentialStore,
  certificateAddresses,
  externalMechanism,
  plainMechanism,
  type SaslMechanism,
  scramMechanisms,
} from '@yaolian/xmpp';
import type { Config } from '../config/settings.ts';

export interface XmppMechanismsOptions {
  readonly config: Config;
  readonly storage: Storage;
  readonly random: Random;
  /** Who may log in. */
  readonly credentials: CredentialStore;
}

const fakeSaltName = 'xmpp.fake-salt';

/** Unknown names show the same salts after a restart (RFC 5802 leaves to servers how not to tell who has an account). */
async function fakeSaltKey({
  storage,
  random,
}: Pick<XmppMechanismsOptions, 'storage' | 'random'>): Promise<Uint8Array> {
  const known = await storage.settings.setting(fakeSaltName);
  const key = typeof known === 'string' ? decodeHex(known) : undefined;
  if (key !== undefined && key.length >= 16) return key;
  const made = random.bytes(32);
  await storage.settings.setSetting(fakeSaltName, encodeHex(made));
  return made;
}

/** How accounts of a domain log in, in the order of preference. */
export async function mechanismsOf(options: XmppMechanismsOptions): Promise<readonly SaslMechanism[]> {
  const { config, credentials } = options;
  const crypto = saslCrypto;
  const iterations = config['xmpp.iterations'];
  return [
    // Offered to who showed a certificate of an authority that is believed.
    externalMechanism(certificateAddresses, credentials),
    ...scramMechanisms({
      crypto,
      credentials,
      fakeSaltKey: await fakeSaltKey(options),
      iterations,
    }),
    ...(config['xmpp.plain'] ? [plainMechanism({ crypto, credentials, iterations })] : []),
  ];
}
