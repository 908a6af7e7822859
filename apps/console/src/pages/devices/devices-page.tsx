import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { allPages } from '../../platform/all-pages.ts';
import { useEvents } from '../../platform/events.ts';
import { useLoad } from '../../platform/load.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { TryButton } from '../tour/try-card.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { isFiltered, placeOf, useFilter } from './device-filter.ts';
import { useDevicePages } from './device-pages.ts';
import { DeviceTable } from './device-table.tsx';
import { ExportButton } from './export-button.tsx';
import { FilterBar } from './filter-bar.tsx';
import { GroupsPanel } from './groups-panel.tsx';
import { Jobs } from './jobs.tsx';
import { NoDevices, NoMatch } from './no-devices.tsx';
import { useSelection } from './selection.ts';

const changes = [
  'device.registered',
  'device.deregistered',
  'device.expired',
  'device.connected',
  'device.disconnected',
  'device.removed',
] as const;

/** Every device: find one, or look over many. The address keeps the filter, so that it can be passed on. */
export function DevicesPage() {
  const t = useText();
  const may = useMay('operator');
  const filter = useFilter();
  const pages = useDevicePages(filter);
  const selection = useSelection(placeOf(filter));
  const groups = useLoad((signal) => allPages((query) => call(routes.listGroups, { query, signal })), []);
  const [managesGroups, setManagesGroups] = useState(false);
  const [round, setRound] = useState(0);
  useEvents({ types: changes }, ({ type, device }) => {
    if (device === undefined) return;
    if (type === 'device.removed') pages.drop(device);
    // One that is not shown belongs to a list that is short.
    else if (pages.items.length < 100 || pages.items.some(({ key }) => key === device)) pages.refresh(device);
  });
  // A page may have found nothing yet, and the next one has it.
  const isEmpty = pages.items.length === 0 && pages.next === undefined && !pages.isLoading && pages.error === undefined;
  const allGroups = groups.data?.items ?? [];
  return (
    <>
      <PageTitle text={t('nav.devices')} />
      <div class="toolbar">
        <FilterBar filter={filter} groups={allGroups.map(({ name }) => name)} />
        <button type="button" aria-expanded={managesGroups} onClick={() => setManagesGroups(!managesGroups)}>
          {t('groups.manage')}
        </button>
        <ExportButton filter={filter} />
        {pages.items.length > 0 && <TryButton />}
      </div>
      {managesGroups && (
        <GroupsPanel groups={groups.data?.items} error={groups.error} filter={filter} onChange={groups.reload} />
      )}
      {may && (
        <BulkBar
          selection={selection}
          filter={filter}
          groups={allGroups}
          onStarted={() => {
            setRound((count) => count + 1);
            groups.reload();
          }}
        />
      )}
      <Jobs round={round} />
      {pages.error !== undefined && <ProblemNote error={pages.error} onRetry={pages.reload} />}
      {isEmpty ? (
        isFiltered(filter) ? (
          <NoMatch />
        ) : (
          <NoDevices />
        )
      ) : (
        <DeviceTable {...pages} filter={filter} selection={may ? selection : undefined} />
      )}
    </>
  );
}
