import { deviceCsvHead, deviceCsvRow, routes } from '@yaolian/contract';
import { call } from '../../platform/session.ts';
import { type DeviceFilter, listQuery } from './device-filter.ts';

/** Every device that the filter lets through, page by page. `onProgress` hears how many there are so far. */
export async function devicesAsCsv(
  filter: DeviceFilter,
  signal: AbortSignal,
  onProgress: (count: number) => void,
): Promise<Blob> {
  // The mark at the start tells spreadsheets that it is UTF-8.
  const parts = ['\ufeff', deviceCsvHead];
  let cursor: string | undefined;
  let count = 0;
  do {
    const page = await call(routes.listDevices, { query: listQuery(filter, cursor, 1000), signal });
    for (const device of page.items) parts.push(deviceCsvRow(device));
    count += page.items.length;
    onProgress(count);
    cursor = page.next;
  } while (cursor !== undefined);
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}
