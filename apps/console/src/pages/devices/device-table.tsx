import { type JsonDevice, type RouteQuery, routes } from '@yaolian/contract';
import { useEffect, useState } from 'preact/hooks';
import { closedIn } from '../../platform/closed-in.ts';
import { formatFullTime, formatNumber, formatRelative } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { askedOf, type DeviceFilter, placeOf } from './device-filter.ts';
import type { Selection } from './selection.ts';

interface DeviceTableProps {
  readonly items: readonly JsonDevice[];
  readonly next: string | undefined;
  readonly isLoading: boolean;
  readonly more: () => void;
  /** What the items are the answer to. */
  readonly filter: DeviceFilter;
  /** Absent: nothing can be chosen. */
  readonly selection: Selection | undefined;
}

/** As styles/devices.css has it. */
const rowHeight = 48;
const spare = 10;

/** Draws only the rows that are seen, and fetches the next page before the end is reached: 100,000 rows cost what 40 do. */
export function DeviceTable({ items, next, isLoading, more, filter, selection }: DeviceTableProps) {
  const t = useText();
  const [table, setTable] = useState<HTMLElement | null>(null);
  const { first, end } = useWindow(table, items.length);
  useEffect(() => {
    if (end >= items.length) more();
  });
  const below = (items.length - end) * rowHeight;
  return (
    <>
      <div class="card flush">
        <table class="devices" ref={setTable} aria-rowcount={next === undefined ? items.length + 1 : -1}>
          <caption class="unseen">{t('devices.table')}</caption>
          <thead>
            <tr aria-rowindex={1}>
              {selection && (
                <td class="pick">
                  <input
                    type="checkbox"
                    aria-label={t('select.all')}
                    title={t('select.all')}
                    checked={selection.chosen === 'all'}
                    onChange={selection.toggleAll}
                  />
                </td>
              )}
              <th scope="col">{t('devices.name')}</th>
              <th scope="col" class="state">
                {t('devices.state')}
              </th>
              <th scope="col" class="wide model">
                {t('filter.model')}
              </th>
              <th scope="col" class="wide narrow">
                {t('filter.version')}
              </th>
              <th scope="col" class="wide wider">
                {t('devices.address')}
              </th>
              <th scope="col" class="wide seen">
                {t('devices.registered')}
              </th>
              <th scope="col" class="wide wider">
                {t('devices.expires')}
              </th>
            </tr>
          </thead>
          <tbody>
            <Gap height={first * rowHeight} />
            {items.slice(first, end).map((device, index) => (
              <Row key={device.key} device={device} index={first + index + 2} selection={selection} />
            ))}
            <Gap height={below} />
          </tbody>
        </table>
      </div>
      <p class="hint" role="status">
        {isLoading ? t('common.loading') : <Shown count={items.length} isAll={next === undefined} filter={filter} />}
      </p>
    </>
  );
}

interface ShownProps {
  readonly count: number;
  readonly isAll: boolean;
  readonly filter: DeviceFilter;
}

/** How many are shown, and of how many. */
function Shown({ count, isAll, filter }: ShownProps) {
  const t = useText();
  const query = askedOf(filter) as RouteQuery<typeof routes.countDevices>;
  // Who has them all has counted them.
  const { data } = useLoad(
    async (signal) => (isAll ? undefined : call(routes.countDevices, { query, signal })),
    [isAll, placeOf(filter)],
  );
  const shown = formatNumber(count);
  if (isAll) return <>{t('devices.count', { count: shown })}</>;
  if (data === undefined) return <>{t('devices.count.more', { count: shown })}</>;
  return <>{t('devices.count.of', { count: shown, total: formatNumber(data.total) })}</>;
}

function Gap({ height }: { readonly height: number }) {
  return height === 0 ? null : (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row takes no focus
    <tr aria-hidden="true" class="gap">
      <td style={{ height: `${height}px` }} />
    </tr>
  );
}

function Row({
  device,
  index,
  selection,
}: {
  readonly device: JsonDevice;
  readonly index: number;
  readonly selection: Selection | undefined;
}) {
  const t = useText();
  const { key, endpoint, state, model, version, lastAddress, lastRegisteredAt, expiresAt } = device;
  const isAlone = endpoint === undefined || endpoint === key;
  return (
    <tr aria-rowindex={index}>
      {selection && (
        <td class="pick">
          <input
            type="checkbox"
            aria-label={t('select.one', { name: endpoint ?? key })}
            checked={selection.has(key)}
            disabled={selection.chosen === 'all'}
            onChange={() => selection.toggle(key)}
          />
        </td>
      )}
      <th scope="row">
        <a href={`/devices/${encodeURIComponent(key)}`} title={endpoint ?? key}>
          <span class={isAlone ? 'two-lines' : undefined}>{closedIn(endpoint ?? key)}</span>
        </a>
        {!isAlone && <small>{closedIn(key)}</small>}
      </th>
      <td>
        <StateBadge state={state} />
      </td>
      <td class="wide model" title={model}>
        <span class="two-lines">{closedIn(model ?? '—')}</span>
      </td>
      <td class="wide narrow" title={version}>
        <span class="two-lines">{closedIn(version ?? '—')}</span>
      </td>
      <td class="wide wider">
        <code>{lastAddress ?? '—'}</code>
      </td>
      <td class="wide">{lastRegisteredAt === undefined ? '—' : <Ago time={lastRegisteredAt} />}</td>
      <td class="wide wider">{expiresAt === undefined ? '—' : <Ago time={expiresAt} />}</td>
    </tr>
  );
}

function Ago({ time }: { readonly time: string }) {
  return (
    <time dateTime={time} title={formatFullTime(time)}>
      {formatRelative(time)}
    </time>
  );
}

/** Which rows are on the screen, and a few around them. */
function useWindow(table: HTMLElement | null, count: number): { readonly first: number; readonly end: number } {
  const [top, setTop] = useState(0);
  useEffect(() => {
    if (!table) return undefined;
    const look = () => setTop(Math.max(0, Math.floor(-table.getBoundingClientRect().top / rowHeight)));
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look, { passive: true });
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [table]);
  const first = Math.min(Math.max(0, top - spare), Math.max(0, count - 1));
  return { first, end: Math.min(count, top + Math.ceil(innerHeight / rowHeight) + spare) };
}
