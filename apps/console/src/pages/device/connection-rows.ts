import type { JsonConnection } from '@yaolian/contract';
import { formatFullTime } from '../../platform/format.ts';
import type { Translate } from '../../platform/text.ts';

type Row = readonly [name: string, value: string];

/** How a terminal is connected, and with what it proved who it is. */
export function connectionRows(connection: JsonConnection | undefined, t: Translate): readonly Row[] {
  if (!connection) return [];
  const { transport, cipherSuite, connectionId, security, names = [], digest, expiresAt } = connection;
  const carrier = t(`device.transport.${transport}`);
  const rows: Row[] = [
    [t('device.transport'), connectionId ? `${carrier} · ${t('device.connection-id')}` : carrier],
    [t('device.security'), t(`device.security.${security}`)],
  ];
  if (cipherSuite !== undefined) rows.push([t('device.cipher-suite'), cipherSuite]);
  if (connection.identity !== undefined) rows.push([t('device.key-identity'), connection.identity]);
  if (names.length > 0) rows.push([t('device.certificate-names'), names.join(', ')]);
  if (expiresAt !== undefined) rows.push([t('device.certificate-until'), formatFullTime(expiresAt)]);
  if (digest !== undefined) rows.push(['SHA-256', digest]);
  return rows;
}
