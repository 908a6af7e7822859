import { deviceStates, routes } from '@yaolian/contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLoad } from '../../platform/load.ts';
import { navigate } from '../../platform/router.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { type DeviceFilter, placeOf } from './device-filter.ts';

/** Search, state, and what devices are like. */
export function FilterBar({ filter, groups }: { readonly filter: DeviceFilter; readonly groups: readonly string[] }) {
  const t = useText();
  const { data } = useLoad((signal) => call(routes.showDeviceFacts, { signal }), []);
  const set = (change: DeviceFilter) => navigate(placeOf({ ...filter, ...change }), 'replace');
  // On a phone they are folded away; wider, they are always there.
  const [isOpen, setOpen] = useState(false);
  const count = [
    filter.vendor,
    filter.model,
    filter.version,
    filter.group,
    filter.seenSince ?? filter.seenBefore,
  ].filter(Boolean).length;
  const seen = filter.seenSince ? `since-${filter.seenSince}` : filter.seenBefore ? `before-${filter.seenBefore}` : '';
  return (
    <fieldset class="filters">
      <legend class="unseen">{t('filter.label')}</legend>
      <SearchField value={filter.search ?? ''} onChange={(search) => set({ search })} />
      <StateFilter filter={filter} onChange={set} />
      <button type="button" class="more-filters" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name="sliders" /> {count === 0 ? t('filter.more') : t('filter.more.count', { count })}
      </button>
      <div class={`facets${isOpen ? ' is-open' : ''}`}>
        {(['vendor', 'model', 'version'] as const).map((name) => (
          <Choice
            key={name}
            name={t(`filter.${name}`)}
            value={filter[name] ?? ''}
            options={(data?.[name] ?? []).map(({ value, count }) => [value, `${value} (${count})`])}
            onChange={(value) => set({ [name]: value })}
          />
        ))}
        <Choice
          name={t('filter.group')}
          value={filter.group ?? ''}
          options={groups.map((name) => [name, name])}
          onChange={(group) => set({ group })}
        />
        <Choice
          name={t('filter.seen')}
          value={seen}
          options={spans.map((span) => [span, t(`filter.seen.${span}`)])}
          onChange={(span) => {
            const [way, length] = span.split('-', 2);
            set({ seenSince: way === 'since' ? length : '', seenBefore: way === 'before' ? length : '' });
          }}
        />
      </div>
    </fieldset>
  );
}

const spans = ['since-1h', 'since-24h', 'before-24h', 'before-7d', 'before-30d'] as const;

function Choice({
  name,
  value,
  options,
  onChange,
}: {
  readonly name: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
}) {
  const t = useText();
  const known =
    value === '' || options.some(([one]) => one === value) ? options : [[value, value] as const, ...options];
  if (known.length === 0) return null;
  return (
    <select aria-label={name} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{t('filter.any', { name })}</option>
      {known.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  );
}

function SearchField({ value, onChange }: { readonly value: string; readonly onChange: (text: string) => void }) {
  const t = useText();
  const [text, setText] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return undefined;
    const timer = setTimeout(() => latest.current(text.trim()), 250);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <label class="search">
      <Icon name="search" />
      <input
        type="search"
        value={text}
        maxLength={200}
        placeholder={t('devices.search')}
        aria-label={t('devices.search')}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </label>
  );
}

function StateFilter({
  filter,
  onChange,
}: {
  readonly filter: DeviceFilter;
  readonly onChange: (change: DeviceFilter) => void;
}) {
  const t = useText();
  return (
    <fieldset class="segments">
      <legend class="unseen">{t('devices.state')}</legend>
      {[undefined, ...deviceStates].map((one) => (
        <button
          key={one ?? 'all'}
          type="button"
          aria-pressed={one === filter.state}
          onClick={() => onChange({ state: one })}
        >
          {one === undefined ? t('devices.state.all') : t(`state.${one}`)}
        </button>
      ))}
    </fieldset>
  );
}
