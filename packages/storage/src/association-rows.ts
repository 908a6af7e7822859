import type {
  AccessClass,
  AccessOperation,
  AccessSubject,
  Binding,
  Friendship,
  Grant,
  StoredCode,
} from '@yaolian/directory';

export interface CodeRow {
  readonly device: string;
  readonly id: string;
  readonly salt: Uint8Array;
  readonly digest: Uint8Array;
  readonly issued_at: number;
  readonly expires_at: number | null;
}

export interface BindingRow extends Omit<Binding, 'groups'> {
  /** JSON. */
  readonly groups: string;
}

export interface FriendshipRow extends Omit<Friendship, 'groups'> {
  readonly groups: string;
}

export interface LinkRow {
  readonly device: string;
  readonly other: string;
  readonly made_by: string;
  readonly since: number;
}

export interface GrantRow {
  readonly device: string;
  readonly subject: string;
  readonly feature: string;
  readonly operations: string;
  readonly expires_at: number | null;
  readonly granted_by: string;
  readonly granted_at: number;
}

export function readCode(row: CodeRow): StoredCode {
  const { device, id, salt, digest } = row;
  return { device, id, salt, digest, issuedAt: row.issued_at, expiresAt: row.expires_at ?? undefined };
}

export function readBinding(row: BindingRow): Binding {
  return { ...row, groups: JSON.parse(row.groups) as string[] };
}

export function readFriendship(row: FriendshipRow): Friendship {
  return { ...row, groups: JSON.parse(row.groups) as string[] };
}

export function readLink({ device, other, made_by: madeBy, since }: LinkRow) {
  return { device, other, madeBy, since };
}

export function readGrant(row: GrantRow): Grant {
  return {
    device: row.device,
    subject: readSubject(row.subject),
    feature: row.feature,
    operations: row.operations.split(' ').filter((name) => name !== '') as AccessOperation[],
    expiresAt: row.expires_at ?? undefined,
    grantedBy: row.granted_by,
    grantedAt: row.granted_at,
  };
}

export function subjectText(subject: AccessSubject): string {
  return subject.kind === 'account' ? `a:${subject.account}` : `c:${subject.class}`;
}

function readSubject(text: string): AccessSubject {
  const name = text.slice(2);
  return text.startsWith('a:') ? { kind: 'account', account: name } : { kind: 'class', class: name as AccessClass };
}
