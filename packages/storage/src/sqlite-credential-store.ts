import type { DatabaseSync } from 'node:sqlite';
import {
  type Credential,
  type CredentialEntry,
  type CredentialKind,
  type CredentialProof,
  type CredentialPurpose,
  type CredentialQuery,
  type CredentialStore,
  type NewCredential,
  type OscoreKeys,
  type OscoreParameters,
  proofText,
  type Sealer,
} from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';

/** Credentials of terminals in SQLite. A secret is sealed for its credential: it opens in no other row. */
export class SqliteCredentialStore implements CredentialStore {
  readonly #commit: GroupCommit;
  readonly #sealer: Sealer;
  readonly #statements: ReturnType<typeof prepareStatements>;
  /** Credentials on disk. */
  #count: number;

  constructor(database: DatabaseSync, commit: GroupCommit, sealer: Sealer) {
    this.#commit = commit;
    this.#sealer = sealer;
    this.#statements = prepareStatements(database);
    this.#count = Number((this.#statements.count.get() as { count: number }).count);
  }

  async addCredential(credential: NewCredential, key?: Uint8Array): Promise<boolean> {
    return (await this.addCredentials([{ credential, key }]))[0]!;
  }

  async addCredentials(entries: readonly CredentialEntry[]): Promise<readonly boolean[]> {
    const rows = entries.map(({ credential, key }) => this.#rowOf(credential, key));
    let added: readonly boolean[] = [];
    await this.#commit.changeTogether(() => {
      added = rows.map((row) => this.#statements.add.run(...row).changes > 0);
    });
    this.#count += added.filter(Boolean).length;
    return added;
  }

  #rowOf(credential: NewCredential, key?: Uint8Array) {
    const { id, endpoint, purpose, proof, createdAt, issued = false, oscore } = credential;
    const sealed = key === undefined ? null : this.#sealer.seal(key, contextOf(id, proof));
    const parameters = oscore === undefined ? null : JSON.stringify(oscore);
    return [
      id,
      endpoint,
      purpose,
      proof.kind,
      proofText(proof),
      sealed,
      createdAt,
      Number(issued),
      parameters,
    ] as const;
  }

  async credential(id: string): Promise<Credential | undefined> {
    return read(this.#statements.byId.get(id));
  }

  async credentials({ endpoint, after, limit }: CredentialQuery): Promise<readonly Credential[]> {
    const { endpoint: afterEndpoint = '', id: afterId = '' } = after ?? {};
    const rows =
      endpoint === undefined
        ? this.#statements.page.all(afterEndpoint, afterId, limit)
        : this.#statements.pageOfEndpoint.all(endpoint, afterEndpoint, afterId, limit);
    return rows.flatMap((row) => read(row) ?? []);
  }

  async removeCredential(id: string): Promise<boolean> {
    let removed = false;
    await this.#commit.change(() => {
      removed = this.#statements.remove.run(id).changes > 0;
    });
    if (removed) this.#count--;
    return removed;
  }

  async findCredential(proof: CredentialProof): Promise<Credential | undefined> {
    return read(this.#statements.byProof.get(proofText(proof)));
  }

  hasCredential(endpoint: string): boolean {
    // Every Register asks, also where no credential is kept at all.
    return this.#count > 0 && this.#statements.has.get(endpoint) !== undefined;
  }

  hasOscore(): boolean {
    return this.#count > 0 && this.#statements.anyOscore.get() !== undefined;
  }

  preSharedKey(identity: string): Uint8Array | undefined {
    const proof = { kind: 'psk', identity } as const;
    const row = this.#statements.byProof.get(proofText(proof)) as CredentialRow | undefined;
    if (row?.secret == null || row.superseded_at !== null) return undefined;
    return this.#sealer.open(row.secret, contextOf(row.id, proof));
  }

  oscoreKeys(senderId: string, idContext?: string): OscoreKeys | undefined {
    const row = this.#oscoreRow(senderId, idContext);
    const credential = read(row);
    if (row?.secret == null || row.superseded_at !== null || credential?.oscore === undefined) return undefined;
    const { proof, oscore } = credential;
    const masterSecret = this.#sealer.open(row.secret, contextOf(row.id, proof));
    if (masterSecret === undefined || proof.kind !== 'oscore') return undefined;
    return { credential: { ...credential, proof, oscore }, masterSecret };
  }

  #oscoreRow(senderId: string, idContext: string | undefined): CredentialRow | undefined {
    const proof = { kind: 'oscore', senderId, ...(idContext !== undefined && { idContext }) } as const;
    const exact = this.#statements.byProof.get(proofText(proof)) as CredentialRow | undefined;
    if (idContext !== undefined || exact?.superseded_at === null) return exact;
    const others = this.#statements.oscoreOf.all(senderId) as unknown as CredentialRow[];
    return others.length === 1 ? others[0] : undefined;
  }

  async recordUse(id: string, time: number): Promise<void> {
    await this.#commit.changeTogether(() => {
      if (this.#statements.use.run(time, id).changes > 0) this.#statements.supersede.run(time, id);
    });
  }
}

interface CredentialRow {
  readonly id: string;
  readonly endpoint: string;
  readonly purpose: CredentialPurpose;
  readonly kind: CredentialKind;
  readonly proof: string;
  readonly secret: Uint8Array | null;
  readonly created_at: number;
  readonly used_at: number | null;
  readonly superseded_at: number | null;
  readonly issued: number;
  readonly parameters: string | null;
}

function contextOf(id: string, proof: CredentialProof): string {
  return `credential/${id}/${proofText(proof)}`;
}

function read(found: unknown): Credential | undefined {
  const row = found as CredentialRow | undefined;
  if (row === undefined) return undefined;
  const { id, endpoint, purpose, created_at: createdAt } = row;
  const usedAt = row.used_at ?? undefined;
  return {
    id,
    endpoint,
    purpose,
    proof: proofFrom(row),
    ...(row.parameters !== null && { oscore: JSON.parse(row.parameters) as OscoreParameters }),
    ...(row.issued === 1 && { issued: true as const }),
    createdAt,
    usedAt,
    supersededAt: row.superseded_at ?? undefined,
  };
}

function proofFrom({ kind, proof }: CredentialRow): CredentialProof {
  const text = proof.slice(kind.length + 1);
  if (kind === 'psk') return { kind, identity: text };
  if (kind === 'rpk') return { kind, keyDigest: text };
  if (kind === 'oscore') {
    const [senderId, idContext] = text.split('@') as [string, string?];
    return { kind, senderId, ...(idContext !== undefined && { idContext }) };
  }
  return kind === 'certificate' ? { kind, digest: text } : { kind, name: text };
}

function prepareStatements(database: DatabaseSync) {
  return {
    add: database.prepare(
      `INSERT INTO credential (id, endpoint, purpose, kind, proof, secret, created_at, issued, parameters)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ),
    byId: database.prepare('SELECT * FROM credential WHERE id = ?'),
    byProof: database.prepare('SELECT * FROM credential WHERE proof = ?'),
    // `A` comes after `@`: all that have an ID Context.
    oscoreOf: database.prepare(
      `SELECT * FROM credential WHERE proof > 'oscore:' || ?1 || '@' AND proof < 'oscore:' || ?1 || 'A'
         AND superseded_at IS NULL LIMIT 2`,
    ),
    // `;` comes after `:`. A Sender ID may be empty.
    anyOscore: database.prepare("SELECT 1 FROM credential WHERE proof >= 'oscore:' AND proof < 'oscore;' LIMIT 1"),
    page: database.prepare('SELECT * FROM credential WHERE (endpoint, id) > (?, ?) ORDER BY endpoint, id LIMIT ?'),
    pageOfEndpoint: database.prepare(
      'SELECT * FROM credential WHERE endpoint = ? AND (endpoint, id) > (?, ?) ORDER BY endpoint, id LIMIT ?',
    ),
    count: database.prepare('SELECT count(*) AS count FROM credential'),
    has: database.prepare('SELECT 1 FROM credential WHERE endpoint = ? AND superseded_at IS NULL LIMIT 1'),
    remove: database.prepare('DELETE FROM credential WHERE id = ?'),
    use: database.prepare('UPDATE credential SET used_at = ? WHERE id = ? AND used_at IS NULL'),
    supersede: database.prepare(
      `UPDATE credential SET superseded_at = ?1 FROM credential AS used
       WHERE used.id = ?2 AND credential.endpoint = used.endpoint AND credential.purpose = used.purpose
         AND credential.created_at < used.created_at AND credential.superseded_at IS NULL`,
    ),
  };
}
