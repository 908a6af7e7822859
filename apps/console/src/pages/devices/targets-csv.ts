import { csvRow, type JsonBulkTarget } from '@yaolian/contract';

export interface PageAsked {
  readonly limit: number;
  readonly cursor?: string;
}

type Target = Pick<JsonBulkTarget, 'device' | 'state' | 'reason' | 'changedAt'>;

/** What came of every device of a bulk job or a campaign. */
export async function targetsAsCsv(
  load: (asked: PageAsked) => Promise<{ readonly items: readonly Target[]; readonly next?: string }>,
): Promise<Blob> {
  // The mark at the start tells spreadsheets that it is UTF-8.
  const lines = ['\ufeff', csvRow(['device', 'state', 'reason', 'changedAt'])];
  let cursor: string | undefined;
  do {
    const page: Awaited<ReturnType<typeof load>> = await load({
      limit: 1000,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { device, state, reason, changedAt } of page.items)
      lines.push(csvRow([device, state, reason, changedAt]));
    cursor = page.next;
  } while (cursor !== undefined);
  return new Blob(lines, { type: 'text/csv;charset=utf-8' });
}
