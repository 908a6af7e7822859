import { csvRow, routes } from '@yaolian/contract';
import { call } from '../../platform/session.ts';
import type { AuditFilter } from './audit-log.tsx';

const columns = ['time', 'door', 'actor', 'action', 'device', 'subject', 'outcome'] as const;
const ofPermissions = ['to', 'feature', 'operations', 'expiresAt'] as const;

/** Every entry that the filter lets through, the newest first. `onProgress` hears how many there are so far. */
export async function auditAsCsv(
  filter: AuditFilter,
  signal: AbortSignal,
  onProgress: (count: number) => void,
): Promise<Blob> {
  // The mark at the start tells spreadsheets that it is UTF-8.
  const parts = ['\ufeff', csvRow([...columns, ...ofPermissions])];
  let cursor: string | undefined;
  let count = 0;
  do {
    const page: Awaited<ReturnType<typeof load>> = await load(filter, cursor, signal);
    for (const entry of page.items) {
      const { to, feature, operations, expiresAt } = entry.permission ?? {};
      const permission = [to, feature, operations?.join(' '), expiresAt];
      parts.push(csvRow([...columns.map((name) => entry[name]), ...permission]));
    }
    count += page.items.length;
    onProgress(count);
    cursor = page.next;
  } while (cursor !== undefined);
  return new Blob(parts, { type: 'text/csv' });
}

function load(filter: AuditFilter, cursor: string | undefined, signal: AbortSignal) {
  const query = { ...filter, limit: 1000, ...(cursor === undefined ? {} : { cursor }) };
  return call(routes.listAudit, { query, signal });
}
