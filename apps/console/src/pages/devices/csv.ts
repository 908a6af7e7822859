import { csvRow, type JsonDevice, routes } from '@yaolian/contract';
import { call } from '../../platform/session.ts';
import { type DeviceFilter, listQuery } from './device-filter.ts';

const columns: readonly (readonly [string, (device: JsonDevice) => string | number | undefined])[] = [
  ['key', (device) => device.key],
  ['endpoint', (device) => device.endpoint],
  ['state', (device) => device.state],
  ['vendor', (device) => device.vendor],
  ['model', (device) => device.model],
  ['version', (device) => device.version],
  ['address', (device) => device.lastAddress],
  ['security', (device) => device.security],
  ['lifetime', (device) => device.lifetime],
  ['activatedAt', (device) => device.activatedAt],
  ['lastRegisteredAt', (device) => device.lastRegisteredAt],
  ['expiresAt', (device) => device.expiresAt],
  [
    'identity',
    (device) =>
      Object.entries(device.identity)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
  ],
];

/** Every device that the filter lets through, page by page. `onProgress` hears how many there are so far. */
export async function devicesAsCsv(
  filter: DeviceFilter,
  signal: AbortSignal,
  onProgress: (count: number) => void,
): Promise<Blob> {
  // The mark at the start tells spreadsheets that it is UTF-8.
  const parts = ['\ufeff', csvRow(columns.map(([title]) => title))];
  let cursor: string | undefined;
  let count = 0;
  do {
    const page = await call(routes.listDevices, { query: listQuery(filter, cursor, 1000), signal });
    for (const device of page.items) parts.push(csvRow(columns.map(([, cell]) => cell(device))));
    count += page.items.length;
    onProgress(count);
    cursor = page.next;
  } while (cursor !== undefined);
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}
