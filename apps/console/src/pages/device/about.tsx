import { type JsonDeviceDetail, routes } from '@yaolian/contract';
import type { ComponentChildren } from 'preact';
import { formatFullTime, formatSeconds } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { placeOf } from '../devices/device-filter.ts';
import { BootstrapAgain } from './bootstrap-again.tsx';
import { connectionRows } from './connection-rows.ts';

type Rows = readonly (readonly [string, ComponentChildren])[];

/** Who the device is, and what it said when it registered. */
export function About({ detail }: { readonly detail: JsonDeviceDetail }) {
  const t = useText();
  return (
    <div class="columns even">
      <section class="card">
        <h2>{t('device.identity')}</h2>
        <Facts rows={useIdentity(detail)} />
      </section>
      {detail.links.length > 0 && !detail.registration ? null : (
        <section class="card">
          <h2>{t('device.registration')}</h2>
          <Facts rows={useRegistration(detail)} />
          <BootstrapAgain detail={detail} />
        </section>
      )}
    </div>
  );
}

function Facts({ rows }: { readonly rows: Rows }) {
  return (
    <dl class="facts">
      {rows.map(([title, value]) => (
        <>
          <dt>{title}</dt>
          <dd>{value ?? '—'}</dd>
        </>
      ))}
    </dl>
  );
}

function useIdentity(detail: JsonDeviceDetail): Rows {
  const t = useText();
  const { groups } = detail;
  const { key, endpoint, identity, activatedAt, lastRegisteredAt, lastAddress, vendor, model, version } = detail;
  return [
    [t('device.key'), key],
    [t('device.endpoint'), endpoint],
    ...Object.entries(identity).map(([name, value]) => [name === 'type' ? t('device.type') : name, value] as const),
    // As far as it was read.
    ...(
      [
        [t('filter.vendor'), vendor],
        [t('filter.model'), model],
        [t('device.firmware'), version],
      ] as const
    ).filter(([, value]) => value !== undefined),
    ...(groups.length === 0 ? [] : [[t('groups.title'), <GroupLinks key="groups" names={groups} />] as const]),
    ...(isOfProfileC(endpoint) ? [[t('reports.title'), <ReportGroupFact key="reports" device={key} />] as const] : []),
    [t('device.activated'), activatedAt && formatFullTime(activatedAt)],
    [t('device.last'), lastRegisteredAt && formatFullTime(lastRegisteredAt)],
    [t('device.last-address'), lastAddress],
  ];
}

/** Of a terminal of profile C: whose reporting rules it has. */
function ReportGroupFact({ device }: { readonly device: string }) {
  const t = useText();
  const params = { device };
  const { data } = useLoad((signal) => call(routes.showReportGroupsOfDevice, { params, signal }), [device]);
  if (data === undefined) return <>—</>;
  const { counts, fit } = data;
  const others = fit.filter((name) => name !== counts).join(', ');
  return (
    <a href="/settings/reports">
      {t(others === '' ? 'reports.of-device' : 'reports.of-device.also', { counts, others })}
    </a>
  );
}

/** A name of China Mobile's profile C has twelve fields. */
function isOfProfileC(endpoint: string | undefined): boolean {
  return endpoint?.split('||').length === 12;
}

function GroupLinks({ names }: { readonly names: readonly string[] }) {
  return (
    <>
      {names.map((name) => (
        <div key={name}>
          <a href={placeOf({ group: name })}>{name}</a>
        </div>
      ))}
    </>
  );
}

function useRegistration({ registration }: JsonDeviceDetail): Rows {
  const t = useText();
  if (!registration) return [[t('devices.state'), t('state.OFFLINE')]];
  const { address, lwm2mVersion, binding, queueMode, connection, lifetime, registeredAt, updatedAt, expiresAt } =
    registration;
  return [
    [t('device.address'), address],
    [t('device.version'), lwm2mVersion],
    [t('device.binding'), binding],
    [t('device.queue-mode'), t(queueMode ? 'common.yes' : 'common.no')],
    ...connectionRows(connection, t),
    [t('device.lifetime'), formatSeconds(lifetime)],
    [t('device.registered'), formatFullTime(registeredAt)],
    [t('device.updated'), formatFullTime(updatedAt)],
    [t('device.expires'), formatFullTime(expiresAt)],
    ...Object.entries(registration.otherParameters ?? {}),
  ];
}
