import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { allPages } from '../../platform/all-pages.ts';
import { useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { DeviceCount } from '../../ui/device-count.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';

/** `1%, 10%` or `5, 500`: at most twenty. */
const wavesForm = '[,\\s]*(?:\\d{1,7}(?:\\.\\d{1,3})?%?(?:[,\\s]+|$)){0,20}';

/** Asks what goes to whom, and starts it. */
export function NewCampaign({ onClose, onStarted }: { readonly onClose: () => void; readonly onStarted: () => void }) {
  const t = useText();
  const { data } = useLoad((signal) => allPages((query) => call(routes.listFirmware, { query, signal })), []);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState('');
  const [search, setSearch] = useState('');
  const groups = useLoad((signal) => allPages((query) => call(routes.listGroups, { query, signal })), []);
  const [group, setGroup] = useState('');
  const [software, setSoftware] = useState('');
  const [waves, setWaves] = useState('1%, 10%');
  const file = chosen === '' ? (data?.items[0]?.id ?? '') : chosen;
  const devices = {
    ...(search.trim() === '' ? {} : { search: search.trim() }),
    ...(group === '' ? {} : { group }),
  };
  const start = async () => {
    if (name.trim() === '' || file === '') return false;
    const list = waves.split(/[,\s]+/).filter(Boolean);
    const component = software.trim() === '' ? {} : { software: software.trim() };
    await call(routes.createCampaign, { body: { name: name.trim(), file, ...component, devices, waves: list } });
    tellDone(t('campaigns.started', { name }));
    onStarted();
    return true;
  };
  return (
    <Dialog title={t('campaigns.new')} action={t('campaigns.start')} onAction={start} onClose={onClose}>
      <label class="field">
        <span>{t('campaigns.name')}</span>
        <input value={name} maxLength={128} required onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label class="field">
        <span>{t('campaigns.package')}</span>
        <select value={file} required onChange={(event) => setChosen(event.currentTarget.value)}>
          {data?.items.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} {one.version}
            </option>
          ))}
        </select>
        {data?.items.length === 0 && <small class="wrong">{t('firmware.packages.empty')}</small>}
      </label>
      <label class="field">
        <span>{t('campaigns.software')}</span>
        <input value={software} maxLength={255} onInput={(event) => setSoftware(event.currentTarget.value)} />
        <small>{t('campaigns.software.hint')}</small>
      </label>
      <label class="field">
        <span>{t('campaigns.devices')}</span>
        <input value={search} maxLength={512} onInput={(event) => setSearch(event.currentTarget.value)} />
        <small>{t('campaigns.devices.hint')}</small>
      </label>
      {groups.data !== undefined && groups.data.items.length > 0 && (
        <label class="field">
          <span>{t('filter.group')}</span>
          <select value={group} onChange={(event) => setGroup(event.currentTarget.value)}>
            <option value="">{t('filter.any', { name: t('filter.group') })}</option>
            {groups.data.items.map(({ name: one }) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      )}
      <DeviceCount choice={devices} hint={t('count.firmware')} />
      <label class="field">
        <span>{t('campaigns.waves')}</span>
        <input
          value={waves}
          maxLength={200}
          pattern={wavesForm}
          onInput={(event) => setWaves(event.currentTarget.value)}
        />
        <small>{t('campaigns.waves.hint')}</small>
      </label>
    </Dialog>
  );
}
