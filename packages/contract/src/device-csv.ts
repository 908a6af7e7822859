import { csvRow } from './csv.ts';
import type { JsonDevice } from './schemas/device.ts';

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

/** What the columns of {@link deviceCsvRow} are called. */
export const deviceCsvHead = csvRow(columns.map(([title]) => title));

/** A device in a row of CSV, as console and command line export it. */
export function deviceCsvRow(device: JsonDevice): string {
  return csvRow(columns.map(([, cell]) => cell(device)));
}
