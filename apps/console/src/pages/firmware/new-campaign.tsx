import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { allPages } from '../../platform/all-pages.ts';
import { useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { type CampaignChoice, CampaignPreview } from '../../ui/campaign-preview.tsx';
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
  const [chosenBy, setChoice] = useState<CampaignChoice>({});
  const facts = useLoad((signal) => call(routes.showDeviceFacts, { signal }), []);
  const groups = useLoad((signal) => allPages((query) => call(routes.listGroups, { query, signal })), []);
  const [software, setSoftware] = useState('');
  const [waves, setWaves] = useState('1%, 10%');
  const file = chosen === '' ? (data?.items[0]?.id ?? '') : chosen;
  const set = (change: CampaignChoice) => setChoice((before) => ({ ...before, ...change }));
  const choice = askedOf(chosenBy);
  const start = async () => {
    if (name.trim() === '' || file === '') return false;
    const list = waves.split(/[,\s]+/).filter(Boolean);
    const component = software.trim() === '' ? {} : { software: software.trim() };
    await call(routes.createCampaign, {
      body: { name: name.trim(), file, ...component, devices: choice, waves: list },
    });
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
        <input
          value={chosenBy.search ?? ''}
          maxLength={200}
          onInput={(event) => set({ search: event.currentTarget.value })}
        />
        <small>{t('campaigns.devices.hint')}</small>
      </label>
      {(['vendor', 'model', 'version'] as const).map((fact) => (
        <ChoiceField
          key={fact}
          name={t(`filter.${fact}`)}
          value={choice[fact] ?? ''}
          options={(facts.data?.[fact] ?? []).map(({ value }) => value)}
          onChange={(value) => set({ [fact]: value })}
        />
      ))}
      <ChoiceField
        name={t('filter.group')}
        value={choice.group ?? ''}
        options={(groups.data?.items ?? []).map(({ name: one }) => one)}
        onChange={(group) => set({ group })}
      />
      <CampaignPreview file={file} choice={choice} onUnread={(unread) => set({ unread })} />
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

interface ChoiceFieldProps {
  readonly name: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onChange: (value: string) => void;
}

/** One of what there is, or any; nothing where there is nothing to choose. */
function ChoiceField({ name, value, options, onChange }: ChoiceFieldProps) {
  const t = useText();
  if (options.length === 0) return null;
  return (
    <label class="field">
      <span>{name}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{t('filter.any', { name })}</option>
        {options.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What of a choice is asked, without what is not. */
function askedOf(choice: CampaignChoice): CampaignChoice {
  const given = Object.entries(choice).map(([name, text]) => [name, text.trim()]);
  return Object.fromEntries(given.filter(([, text]) => text !== ''));
}
