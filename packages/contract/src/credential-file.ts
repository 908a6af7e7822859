import { failure, type Result, success } from '@yaolian/kernel';
import { csvFields as fieldsOf } from './csv.ts';
import { lineMistake as at, type LineReader, type ReadLine } from './import-file.ts';
import {
  type OscoreAeadName,
  oscoreAeadNames,
  oscoreAeads,
  oscoreHkdfNames,
  oscoreHkdfs,
  oscoreIdMistake,
} from './oscore-algorithms.ts';
import { type FieldMistake, mistakeAt } from './reason.ts';
import { credentialKinds, credentialPurposes, type JsonNewCredential } from './schemas/credential.ts';

/** The columns of a file of credentials, in any order; empty fields are left out. */
const columns = [
  ...['endpoint', 'kind', 'purpose', 'identity', 'key', 'public-key', 'certificate', 'fingerprint', 'name'],
  ...['sender-id', 'recipient-id', 'id-context', 'master-secret', 'master-salt', 'aead', 'hkdf', 'rederives'],
];

/** Fields of a credential and their columns. */
const optional = {
  identity: 'identity',
  key: 'key',
  publicKey: 'public-key',
  certificate: 'certificate',
  fingerprint: 'fingerprint',
  name: 'name',
  senderId: 'sender-id',
  recipientId: 'recipient-id',
  idContext: 'id-context',
  masterSecret: 'master-secret',
  masterSalt: 'master-salt',
  aead: 'aead',
  hkdf: 'hkdf',
} as const;

/** Columns of kind oscore in hexadecimal, and how many bytes they may have. */
const oscoreBytes = {
  'sender-id': [0, 7],
  'recipient-id': [0, 7],
  'id-context': [1, 255],
  'master-secret': [16, 64],
  'master-salt': [1, 64],
} as const;

/** What else a security context of OSCORE has. */
const oscoreChoices = ['aead', 'hkdf', 'rederives'];

/**
 * Reads the lines of a CSV file of credentials (RFC 4180, with a header), one after the other. Every line that is wrong is told, not the
 * first alone; a header that is wrong ends it.
 */
export class CredentialFileReader implements LineReader<JsonNewCredential> {
  #names: readonly string[] | undefined;
  readonly #seen = new Map<string, number>();

  read(content: string, line: number): ReadLine<JsonNewCredential> {
    if (content.trim() === '' || content.startsWith('#')) return undefined;
    if (this.#names === undefined) {
      const header = namesIn(content);
      if (!header.ok) return { mistake: { ...at(line, header.error), endsAll: true } };
      this.#names = header.value;
      return undefined;
    }
    const credential = readRow(content, this.#names);
    if (!credential.ok) return { mistake: at(line, credential.error) };
    const proof = proofIn(credential.value);
    const earlier = this.#seen.get(proof);
    this.#seen.set(proof, earlier ?? line);
    if (earlier === undefined) return { name: credential.value.endpoint, entry: credential.value };
    const message = `the same as line ${earlier}: a credential stands for one endpoint`;
    return { mistake: at(line, mistakeAt('line', message, 'same-as-line', { line: earlier })) };
  }
}

function namesIn(header: string): Result<readonly string[], FieldMistake> {
  const names = fieldsOf(header)?.map((name) => name.trim().toLowerCase()) ?? [];
  const unknown = names.find((name) => !columns.includes(name));
  if (names.includes('endpoint') && names.includes('kind') && unknown === undefined) return success(names);
  const right = `the header names columns of: ${columns.join(', ')}`;
  const params = { columns: columns.join(', ') };
  return failure(
    unknown === undefined
      ? mistakeAt('header', `endpoint and kind are needed; ${right}`, 'columns-missing', params)
      : mistakeAt('header', `there is no column "${unknown}"; ${right}`, 'column-unknown', {
          name: unknown,
          ...params,
        }),
  );
}

function readRow(content: string, names: readonly string[]): Result<JsonNewCredential, FieldMistake> {
  const fields = fieldsOf(content);
  if (fields === undefined) {
    return failure(mistakeAt('line', 'a quotation mark is not closed, or stands within a field', 'quotation-open'));
  }
  if (fields.length !== names.length) {
    const params = { found: fields.length, right: names.length };
    const message = `${params.found} fields, the header has ${params.right}`;
    return failure(mistakeAt('line', message, 'fields-differ', params));
  }
  const values = new Map(names.map((name, index) => [name, fields[index]!.trim()]));
  // An ID of OSCORE may be empty; other fields are left out then.
  const mayBeEmpty = values.get('kind') === 'oscore' ? ['sender-id', 'recipient-id'] : [];
  const of = (name: string) => values.get(name) || (mayBeEmpty.includes(name) ? values.get(name) : undefined);
  const [endpoint, kind, purpose] = [of('endpoint'), of('kind'), of('purpose')];
  if (endpoint === undefined) {
    return failure(mistakeAt('endpoint', 'the endpoint is missing', 'names-missing', { names: 'endpoint' }));
  }
  const knownKind = credentialKinds.find((one) => one === kind);
  if (knownKind === undefined) return failure(notOneOf('kind', credentialKinds, `, not "${kind ?? ''}"`));
  const knownPurpose = credentialPurposes.find((one) => one === (purpose ?? 'any'));
  if (knownPurpose === undefined) return failure(notOneOf('purpose', credentialPurposes, ''));
  const mistake = mistakeIn(knownKind, of);
  if (mistake !== undefined) return failure(mistake);
  const given = Object.entries(optional).flatMap(([field, column]) => {
    const value = of(column);
    return value === undefined ? [] : [[field, value]];
  });
  const rederives = of('rederives') === 'true' && { rederives: true };
  return success({ endpoint, kind: knownKind, purpose: knownPurpose, ...Object.fromEntries(given), ...rederives });
}

const needed = {
  psk: ['identity'],
  rpk: ['public-key', 'fingerprint'],
  certificate: ['certificate', 'fingerprint'],
  'certificate-name': ['name'],
  oscore: ['master-secret'],
} as const;

function notOneOf(field: string, right: readonly string[], found: string): FieldMistake {
  const values = right.join(', ');
  return mistakeAt(field, `${field} is one of ${values}${found}`, 'column-not-one-of', { field, values });
}

function mistakeIn(kind: keyof typeof needed, of: (name: string) => string | undefined): FieldMistake | undefined {
  const wanted: readonly string[] = needed[kind];
  if (!wanted.some((name) => of(name) !== undefined)) {
    const fields = wanted.join(', ');
    return mistakeAt('kind', `kind ${kind} needs ${wanted.join(' or ')}`, 'kind-needs', { kind, fields });
  }
  const key = of('key');
  if (kind === 'psk' && (key === undefined || !/^(?:[0-9a-f]{2}){8,64}$/i.test(key))) {
    return mistakeAt('key', 'key is 8 to 64 bytes in hexadecimal', 'key-unfit');
  }
  const mistakeOfContext = kind === 'oscore' ? contextMistake(of) : undefined;
  if (mistakeOfContext !== undefined) return mistakeOfContext;
  const allowed: readonly string[] =
    kind === 'psk' ? ['identity', 'key'] : kind === 'oscore' ? [...Object.keys(oscoreBytes), ...oscoreChoices] : wanted;
  const misplaced = columns.slice(3).find((name) => of(name) !== undefined && !allowed.includes(name));
  if (misplaced !== undefined) {
    const params = { field: misplaced, other: `kind ${kind}` };
    return mistakeAt(misplaced, `${misplaced} does not go with kind ${kind}`, 'field-misplaced', params);
  }
  const fingerprint = of('fingerprint');
  const isDigest = fingerprint === undefined || /^[0-9a-f]{64}$/i.test(fingerprint);
  if (isDigest) return undefined;
  return mistakeAt('fingerprint', 'fingerprint is SHA-256: 64 hex digits', 'fingerprint-unfit');
}

function contextMistake(of: (name: string) => string | undefined): FieldMistake | undefined {
  for (const [field, [least, most]] of Object.entries(oscoreBytes)) {
    const text = of(field);
    const isRight = text === undefined || (/^(?:[0-9a-f]{2})*$/i.test(text) && isWithin(text.length / 2, least, most));
    if (!isRight) {
      const message = `${field} is ${least} to ${most} bytes in hexadecimal`;
      return mistakeAt(field, message, 'hex-unfit', { field, least, most });
    }
  }
  const aead = of('aead');
  if (aead !== undefined && !(aead in oscoreAeads)) return notOneOf('aead', oscoreAeadNames, `, not "${aead}"`);
  const hkdf = of('hkdf');
  if (hkdf !== undefined && !(hkdf in oscoreHkdfs)) return notOneOf('hkdf', oscoreHkdfNames, `, not "${hkdf}"`);
  const rederives = of('rederives') ?? 'false';
  const yesOrNo = ['true', 'false'];
  if (!yesOrNo.includes(rederives)) return notOneOf('rederives', yesOrNo, `, not "${rederives}"`);
  const ids = { senderId: of('sender-id'), recipientId: of('recipient-id'), aead: aead as OscoreAeadName | undefined };
  const mistake = oscoreIdMistake(ids);
  if (mistake === undefined) return undefined;
  const field = mistake.where === 'senderId' ? 'sender-id' : 'recipient-id';
  return { ...mistake, where: field, message: `${field} ${mistake.message.replace('senderId', 'sender-id')}` };
}

function isWithin(length: number, least: number, most: number): boolean {
  return length >= least && length <= most;
}

function proofIn(credential: JsonNewCredential): string {
  const { kind, identity, publicKey, certificate, fingerprint, name, senderId, idContext } = credential;
  if (kind === 'oscore') return `oscore:${senderId}@${idContext ?? ''}`.toLowerCase();
  return `${kind}:${identity ?? publicKey ?? certificate ?? fingerprint?.toLowerCase() ?? name}`;
}
