import { failure, type Result, success } from '@yaolian/kernel';
import { credentialKinds, credentialPurposes, type JsonNewCredential } from './schemas/credential.ts';

/** The columns of a file of credentials, in any order; empty fields are left out. */
const columns = ['endpoint', 'kind', 'purpose', 'identity', 'key', 'public-key', 'certificate', 'fingerprint', 'name'];

export interface CredentialLine {
  /** From 1, as editors count. */
  readonly line: number;
  readonly credential: JsonNewCredential;
}

export interface LineMistake {
  readonly line: number;
  readonly message: string;
}

/** Reads a CSV file of credentials (RFC 4180, with a header); every line that is wrong is told, not the first alone. */
export function readCredentialFile(text: string): Result<readonly CredentialLine[], readonly LineMistake[]> {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((content, index) => ({ content, line: index + 1 }))
    .filter(({ content }) => content.trim() !== '' && !content.startsWith('#'));
  const [header, ...rows] = lines;
  if (header === undefined) return failure([{ line: 1, message: 'the file is empty' }]);
  const names = fieldsOf(header.content)?.map((name) => name.trim().toLowerCase()) ?? [];
  const unknown = names.find((name) => !columns.includes(name));
  const isHeader = names.includes('endpoint') && names.includes('kind') && unknown === undefined;
  if (!isHeader) {
    const why = unknown === undefined ? 'endpoint and kind are needed' : `there is no column "${unknown}"`;
    return failure([{ line: header.line, message: `${why}; the header names columns of: ${columns.join(', ')}` }]);
  }
  const mistakes: LineMistake[] = [];
  const read: CredentialLine[] = [];
  const seen = new Map<string, number>();
  for (const { content, line } of rows) {
    const credential = readRow(content, names);
    if (!credential.ok) mistakes.push({ line, message: credential.error });
    else {
      const proof = proofIn(credential.value);
      const earlier = seen.get(proof);
      if (earlier === undefined) read.push({ line, credential: credential.value });
      else mistakes.push({ line, message: `the same as line ${earlier}: a credential stands for one endpoint` });
      seen.set(proof, earlier ?? line);
    }
  }
  return mistakes.length > 0 ? failure(mistakes) : success(read);
}

function readRow(content: string, names: readonly string[]): Result<JsonNewCredential, string> {
  const fields = fieldsOf(content);
  if (fields === undefined) return failure('a quotation mark is not closed, or stands within a field');
  if (fields.length !== names.length) return failure(`${fields.length} fields, the header has ${names.length}`);
  const values = new Map(names.map((name, index) => [name, fields[index]!.trim()]));
  const of = (name: string) => values.get(name) || undefined;
  const [endpoint, kind, purpose] = [of('endpoint'), of('kind'), of('purpose')];
  if (endpoint === undefined) return failure('the endpoint is missing');
  const knownKind = credentialKinds.find((one) => one === kind);
  if (knownKind === undefined) return failure(`kind is one of ${credentialKinds.join(', ')}, not "${kind ?? ''}"`);
  const knownPurpose = credentialPurposes.find((one) => one === (purpose ?? 'any'));
  if (knownPurpose === undefined) return failure(`purpose is one of ${credentialPurposes.join(', ')}`);
  const mistake = mistakeIn(knownKind, of);
  if (mistake !== undefined) return failure(mistake);
  const others = { identity: 'identity', key: 'key', publicKey: 'public-key', certificate: 'certificate' };
  const optional = { ...others, fingerprint: 'fingerprint', name: 'name' };
  const given = Object.entries(optional).flatMap(([field, column]) => {
    const value = of(column);
    return value === undefined ? [] : [[field, value]];
  });
  return success({ endpoint, kind: knownKind, purpose: knownPurpose, ...Object.fromEntries(given) });
}

const needed = {
  psk: ['identity'],
  rpk: ['public-key', 'fingerprint'],
  certificate: ['certificate', 'fingerprint'],
  'certificate-name': ['name'],
} as const;

function mistakeIn(kind: keyof typeof needed, of: (name: string) => string | undefined): string | undefined {
  const wanted: readonly string[] = needed[kind];
  if (!wanted.some((name) => of(name) !== undefined)) return `kind ${kind} needs ${wanted.join(' or ')}`;
  const key = of('key');
  if (kind === 'psk' && (key === undefined || !/^(?:[0-9a-f]{2}){8,64}$/i.test(key))) {
    return 'key is 8 to 64 bytes in hexadecimal';
  }
  const allowed: readonly string[] = kind === 'psk' ? ['identity', 'key'] : wanted;
  const misplaced = columns.slice(3).find((name) => of(name) !== undefined && !allowed.includes(name));
  if (misplaced !== undefined) return `${misplaced} does not go with kind ${kind}`;
  const fingerprint = of('fingerprint');
  const isDigest = fingerprint === undefined || /^[0-9a-f]{64}$/i.test(fingerprint);
  return isDigest ? undefined : 'fingerprint is SHA-256: 64 hex digits';
}

function proofIn({ kind, identity, publicKey, certificate, fingerprint, name }: JsonNewCredential): string {
  return `${kind}:${identity ?? publicKey ?? certificate ?? fingerprint?.toLowerCase() ?? name}`;
}

/** The fields of one line (RFC 4180 §2); undefined when its quotation marks make no sense. */
function fieldsOf(line: string): string[] | undefined {
  const fields: string[] = [];
  const field = /\s*(?:"((?:[^"]|"")*)"\s*|([^",]*))(,|$)/y;
  for (;;) {
    const match = field.exec(line);
    if (match === null) return undefined;
    const [, quoted, plain = '', end] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '') return fields;
  }
}
