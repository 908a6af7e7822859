import { decodeUtf8, emptyBytes, encodeUtf8 } from '@yaolian/kernel';
import { Jid } from '../jid/jid.ts';
import { prepareLocal } from '../jid/preparation.ts';
import type { SaslCrypto } from './crypto.ts';
import type { SaslChannel, SaslClientMechanism, SaslExchange, SaslMechanism, SaslStep } from './mechanism.ts';
import { preparePassword } from './password.ts';
import { type CredentialStore, defaultIterations, keysOfSaltedPassword } from './scram-keys.ts';
import { ownAuthorization } from './scram-server.ts';

export interface PlainServerOptions {
  readonly crypto: SaslCrypto;
  readonly credentials: CredentialStore;
  /** What a name without an account costs: as much as one with a new password. Default {@link defaultIterations}. */
  readonly iterations?: number;
}

const fakeKey = new Uint8Array(32);

/** PLAIN (RFC 4616), inside TLS only, against SCRAM keys. */
export function plainMechanism(options: PlainServerOptions): SaslMechanism {
  return {
    name: 'PLAIN',
    isOffered: ({ isSecure }) => isSecure,
    begin: (channel) => oneResponse((response) => checkPlain(response, channel, options)),
  };
}

async function checkPlain(
  response: Uint8Array,
  channel: SaslChannel,
  { crypto, credentials, iterations = defaultIterations }: PlainServerOptions,
): Promise<SaslStep> {
  const parts = (response.length > 4096 ? undefined : decodeUtf8(response))?.split('\0');
  if (parts?.length !== 3) return { kind: 'failure', condition: 'malformed-request' };
  const [authorizationId, name, secret] = parts as [string, string, string];
  const username = prepareLocal(name);
  const password = preparePassword(secret);
  if (username === undefined || password === undefined) return { kind: 'failure', condition: 'not-authorized' };
  if (!ownAuthorization(authorizationId, username, channel.domain)) {
    return { kind: 'failure', condition: 'invalid-authzid', username };
  }
  const known = (await credentials.keys(username))?.at(-1);
  const keys = known ?? { hash: 'SHA-256' as const, salt: fakeKey, iterations, storedKey: fakeKey };
  const salted = await crypto.pbkdf2(keys.hash, password, keys.salt, keys.iterations);
  const { storedKey } = await keysOfSaltedPassword(crypto, keys.hash, salted);
  const proven = crypto.equal(storedKey, keys.storedKey) && known !== undefined;
  return proven ? { kind: 'success', username } : { kind: 'failure', condition: 'not-authorized', username };
}

/** The bare JIDs of a client certificate (RFC 6120 §13.7.1.4). */
export type CertificateAddresses = (channel: SaslChannel) => readonly string[];

/** The JIDs among the names of a client certificate: `xmpp:juliet@example.com`, with or without the scheme. */
export const certificateAddresses: CertificateAddresses = ({ identity }) =>
  identity?.kind === 'certificate'
    ? identity.names.map((name) => name.replace(/^xmpp:/i, '')).filter((name) => name.includes('@'))
    : [];

/** EXTERNAL (RFC 4422 appendix A, XEP-0178): who comes in is who the certificate of TLS says. */
export function externalMechanism(addresses: CertificateAddresses, credentials: CredentialStore): SaslMechanism {
  const accounts = (channel: SaslChannel) =>
    addresses(channel).flatMap((text) => {
      const jid = Jid.parse(text);
      return jid?.domain === channel.domain && jid.local !== undefined && jid.isBare ? [jid.local] : [];
    });
  return {
    name: 'EXTERNAL',
    isOffered: (channel) => channel.isSecure && accounts(channel).length > 0,
    begin: (channel) => oneResponse((response) => checkExternal(response, channel, accounts(channel), credentials)),
  };
}

async function checkExternal(
  response: Uint8Array,
  channel: SaslChannel,
  accounts: readonly string[],
  credentials: CredentialStore,
): Promise<SaslStep> {
  const wanted = response.length > 4096 ? undefined : decodeUtf8(response);
  if (wanted === undefined) return { kind: 'failure', condition: 'malformed-request' };
  // XEP-0178 §2: without an authorization identity the certificate must leave no choice.
  const username =
    wanted === '' ? (accounts.length === 1 ? accounts[0] : undefined) : namedAccount(wanted, channel, accounts);
  if (username === undefined) return { kind: 'failure', condition: 'invalid-authzid' };
  const known = (await credentials.keys(username)) !== undefined;
  return known ? { kind: 'success', username } : { kind: 'failure', condition: 'not-authorized', username };
}

function namedAccount(wanted: string, channel: SaslChannel, accounts: readonly string[]): string | undefined {
  return accounts.find((account) => ownAuthorization(wanted, account, channel.domain));
}

/** An exchange of one message of the client, sent at once or when it is asked for. */
function oneResponse(check: (response: Uint8Array) => Promise<SaslStep>): SaslExchange {
  let isOver = false;
  const take = async (response: Uint8Array): Promise<SaslStep> => {
    if (isOver) return { kind: 'failure', condition: 'malformed-request' };
    isOver = true;
    return check(response);
  };
  return {
    start: async (initial) => (initial === undefined ? { kind: 'challenge', data: emptyBytes } : take(initial)),
    next: take,
  };
}

/** PLAIN of a client: it tells the password, so only inside TLS. */
export function plainClient(username: string, password: string): SaslClientMechanism {
  return clientOfOneMessage('PLAIN', encodeUtf8(`\0${username}\0${password}`));
}

/** EXTERNAL of a client that has shown a certificate. @param authorizationId its bare JID; undefined: what the certificate says */
export function externalClient(authorizationId?: string): SaslClientMechanism {
  return clientOfOneMessage('EXTERNAL', encodeUtf8(authorizationId ?? ''));
}

function clientOfOneMessage(name: string, message: Uint8Array): SaslClientMechanism {
  return {
    name,
    isUsable: ({ isSecure }) => isSecure,
    begin: () => ({
      start: () => message,
      next: (challenge) => {
        if (challenge.length > 0) throw new Error(`${name} has no challenges`);
        return message;
      },
      finish: () => {},
    }),
  };
}
