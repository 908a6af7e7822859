import { isDeepStrictEqual } from 'node:util';
import {
  because,
  defaultOscoreAead,
  defaultOscoreHkdf,
  type FieldMistake,
  type JsonCredential,
  type JsonNewCredential,
  mistakeAt,
  NewCredentialSchema,
  oscoreAeadNames,
  oscoreAeads,
  oscoreHkdfNames,
  oscoreHkdfs,
  oscoreIdMistake,
  routes,
} from '@yaolian/contract';
import {
  type Credential,
  type CredentialEntry,
  type CredentialProof,
  type CredentialStore,
  type OscoreParameters,
  proofText,
  type SecretDigest,
} from '@yaolian/directory';
import { type Clock, decodeBase64, decodeHex, encodeHex, equalBytes, type Log, type Random } from '@yaolian/kernel';
import { decodeCursor, pageFrom } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal, unfit } from '../http/refusal.ts';
import { entryReader, refusedEntry } from './import-entries.ts';
import { timeToJson } from './times.ts';

export interface CredentialServices {
  readonly credentials: CredentialStore;
  readonly digest: SecretDigest;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Hears of credentials that were removed. */
  readonly onCredentialRemoved: (credential: Credential) => void;
}

/** With what terminals prove who they are. Secrets go in and never come out. */
export function addCredentialRoutes(table: RouteTable, services: CredentialServices): void {
  const { credentials, clock, random, log } = services;
  table.add(routes.listCredentials, async ({ query: { cursor, limit = 100, endpoint } }) => {
    const after = placeFrom(decodeCursor(cursor));
    const query = { limit: limit + 1, ...(after && { after }), ...(endpoint === undefined ? {} : { endpoint }) };
    return pageFrom(await credentials.credentials(query), limit, placeText, toJson);
  });
  const entryFrom = (body: JsonNewCredential): CredentialEntry => {
    const { key, ...proven } = proofFrom(body, services.digest);
    const { endpoint, purpose = 'any' } = body;
    return {
      credential: { id: encodeHex(random.bytes(8)), endpoint, purpose, ...proven, createdAt: clock.epoch() },
      key,
    };
  };
  table.add(routes.addCredential, async ({ body, actor }) => {
    const { credential, key } = entryFrom(body);
    const { id, endpoint, proof } = credential;
    if (!(await credentials.addCredential(credential, key))) throw existing(proof);
    log.info('credential added', { credential: id, endpoint, kind: proof.kind, operator: actor!.operator });
    return toJson({ ...credential, usedAt: undefined, supersededAt: undefined });
  });
  const readEntries = entryReader(NewCredentialSchema, entryFrom);
  table.add(routes.importCredentials, async ({ body, actor }) => {
    const { read, refused } = readEntries(body.entries);
    const outcomes = await credentials.addCredentials(read.map(({ value }) => value));
    const rest = read.filter((_, place) => !outcomes[place]);
    const unchanged: number[] = [];
    const taken = [...refused];
    for (const { index, value } of rest) {
      if (await isKept(credentials, value)) unchanged.push(index);
      else taken.push(refusedEntry(index, existing(value.credential.proof).problem));
    }
    const added = read.length - rest.length;
    log.info('credentials imported', { added, refused: taken.length, operator: actor!.operator });
    return { added, unchanged, refused: taken.toSorted((a, b) => a.index - b.index) };
  });
  table.add(routes.removeCredential, async ({ params: { id }, actor }) => {
    const credential = await credentials.credential(id);
    if (!credential || !(await credentials.removeCredential(id))) {
      throw new Refusal('not-found', { detail: `There is no credential ${id}.` });
    }
    services.onCredentialRemoved(credential);
    log.info('credential removed', { credential: id, endpoint: credential.endpoint, operator: actor!.operator });
  });
}

function existing(proof: CredentialProof): Refusal {
  const detail = `There is a credential with ${describe(proof)} already.`;
  return new Refusal('conflict', { ...because('credential-exists'), detail });
}

/** Whether just this is there already: for the same endpoint and purpose, with the same secret, and in force. */
async function isKept(store: CredentialStore, { credential, key }: CredentialEntry): Promise<boolean> {
  const { endpoint, purpose, proof, oscore } = credential;
  const found = await store.findCredential(proof);
  const isSame = found?.endpoint === endpoint && found.purpose === purpose && found.supersededAt === undefined;
  if (!isSame || !isDeepStrictEqual(found.oscore, oscore)) return false;
  const kept = await secretOf(store, proof);
  return kept === undefined ? key === undefined : key !== undefined && equalBytes(kept, key);
}

async function secretOf(store: CredentialStore, proof: CredentialProof): Promise<Uint8Array | undefined> {
  if (proof.kind === 'psk') return store.preSharedKey(proof.identity);
  return proof.kind === 'oscore' ? (await store.oscoreKeys(proof.senderId, proof.idContext))?.masterSecret : undefined;
}

type Place = Pick<Credential, 'endpoint' | 'id'>;

const placeText = ({ endpoint, id }: Place): string => `${id} ${endpoint}`;

function placeFrom(text: string | undefined): Place | undefined {
  if (text === undefined) return undefined;
  const space = text.indexOf(' ');
  return { id: text.slice(0, space), endpoint: text.slice(space + 1) };
}

const fieldsOf = {
  psk: ['identity', 'key'],
  rpk: ['publicKey', 'fingerprint'],
  certificate: ['certificate', 'fingerprint'],
  'certificate-name': ['name'],
  oscore: ['senderId', 'recipientId', 'idContext', 'aead', 'hkdf', 'rederives', 'masterSecret', 'masterSalt'],
} as const;

const allFields = [...new Set(Object.values(fieldsOf).flat())];

interface ReadProof {
  readonly proof: CredentialProof;
  readonly oscore?: OscoreParameters;
  readonly key: Uint8Array | undefined;
}

/** @throws Refusal `invalid-value` that names the field */
function proofFrom(body: JsonNewCredential, digest: SecretDigest): ReadProof {
  const { kind, identity, key, name } = body;
  const allowed: readonly string[] = fieldsOf[kind];
  const misplaced = allFields.find((field) => body[field] !== undefined && !allowed.includes(field));
  if (misplaced !== undefined) {
    const params = { field: misplaced, other: `kind ${kind}` };
    throw wrong(mistakeAt(misplaced, `does not go with kind ${kind}`, 'field-misplaced', params));
  }
  if (kind === 'psk') {
    if (identity === undefined) throw wrong(mistakeAt('identity', 'is missing', 'missing'));
    if (key === undefined) throw wrong(mistakeAt('key', 'is missing', 'missing'));
    return { proof: { kind, identity }, key: decodeHex(key.toLowerCase()) };
  }
  if (kind === 'certificate-name') {
    if (name === undefined) throw wrong(mistakeAt('name', 'is missing', 'missing'));
    return { proof: { kind, name }, key: undefined };
  }
  if (kind === 'oscore') return contextFrom(body);
  const field = kind === 'rpk' ? 'publicKey' : 'certificate';
  const value = digestFrom(body, field, digest);
  return { proof: kind === 'rpk' ? { kind, keyDigest: value } : { kind, digest: value }, key: undefined };
}

/** A security context: everything about it is as the terminal sees it. */
function contextFrom(body: JsonNewCredential): ReadProof {
  const { senderId, recipientId, idContext, masterSecret, masterSalt } = body;
  const { aead = defaultOscoreAead, hkdf = defaultOscoreHkdf } = body;
  const mistake = oscoreIdMistake(body);
  if (mistake !== undefined) throw wrong(mistake);
  if (masterSecret === undefined) throw wrong(mistakeAt('masterSecret', 'is missing', 'missing'));
  const hex = (text: string) => text.toLowerCase();
  return {
    proof: { kind: 'oscore', senderId: hex(senderId!), ...(idContext !== undefined && { idContext: hex(idContext) }) },
    oscore: {
      recipientId: hex(recipientId!),
      aead: oscoreAeads[aead],
      kdf: oscoreHkdfs[hkdf],
      ...(masterSalt !== undefined && { masterSalt: hex(masterSalt) }),
      ...(body.rederives && { rederives: true }),
    },
    key: decodeHex(hex(masterSecret)),
  };
}

function digestFrom(body: JsonNewCredential, field: 'publicKey' | 'certificate', digest: SecretDigest): string {
  const { fingerprint, [field]: content } = body;
  if (fingerprint !== undefined && content !== undefined) {
    const params = { one: field, other: 'fingerprint' };
    throw wrong(mistakeAt(field, 'and fingerprint exclude each other', 'fields-exclude', params));
  }
  if (fingerprint !== undefined) return fingerprint.toLowerCase();
  if (content === undefined) throw wrong(mistakeAt(field, 'is missing, or its fingerprint', 'missing'));
  const bytes = decodeBase64(content);
  // DER: a SEQUENCE, which both are.
  if (bytes?.[0] !== 0x30) throw wrong(mistakeAt(field, 'is not DER in base64', 'no-der'));
  return encodeHex(digest.sha256(bytes));
}

/** @param mistake its "where" is a field of the body */
function wrong(mistake: FieldMistake): Refusal {
  const { where: field, message } = mistake;
  return unfit('invalid-value', [{ ...mistake, where: `body.${field}` }], `${field} ${message}.`);
}

function describe(proof: CredentialProof): string {
  if (proof.kind === 'psk') return `the PSK identity "${proof.identity}"`;
  if (proof.kind === 'oscore') {
    const within = proof.idContext === undefined ? 'without ID Context' : `in the ID Context ${proof.idContext}`;
    return `the OSCORE Sender ID "${proof.senderId}" ${within}`;
  }
  return proof.kind === 'certificate-name'
    ? `the name "${proof.name}"`
    : `the fingerprint ${proofText(proof).replace(/^.*:/, '')}`;
}

function toJson(credential: Credential): JsonCredential {
  const { id, endpoint, purpose, proof, createdAt, usedAt, supersededAt } = credential;
  const state = supersededAt !== undefined ? 'superseded' : usedAt !== undefined ? 'used' : 'unused';
  return {
    id,
    endpoint,
    purpose,
    kind: proof.kind,
    ...(proof.kind === 'psk' && { identity: proof.identity }),
    ...(proof.kind === 'rpk' && { fingerprint: proof.keyDigest }),
    ...(proof.kind === 'certificate' && { fingerprint: proof.digest }),
    ...(proof.kind === 'certificate-name' && { name: proof.name }),
    ...(proof.kind === 'oscore' && contextToJson(proof, credential.oscore)),
    ...(credential.issued && { issued: true }),
    state,
    createdAt: timeToJson(createdAt),
    ...(usedAt === undefined ? {} : { usedAt: timeToJson(usedAt) }),
    ...(supersededAt === undefined ? {} : { supersededAt: timeToJson(supersededAt) }),
  };
}

/** Without the Master Salt: it goes in and is not needed by anybody who looks. */
function contextToJson(
  { senderId, idContext }: CredentialProof & { readonly kind: 'oscore' },
  parameters: OscoreParameters | undefined,
): Partial<JsonCredential> {
  const aead = oscoreAeadNames.find((name) => oscoreAeads[name] === parameters?.aead);
  const hkdf = oscoreHkdfNames.find((name) => oscoreHkdfs[name] === parameters?.kdf);
  return {
    senderId,
    ...(idContext !== undefined && { idContext }),
    ...(parameters && { recipientId: parameters.recipientId }),
    ...(aead && { aead }),
    ...(hkdf && { hkdf }),
    ...(parameters?.rederives && { rederives: true }),
  };
}
