import { type JsonGroup, type JsonGroupQuery, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatNumber } from '../../platform/format.ts';
import { call, callTagged, type Tagged, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Section } from '../../ui/section.tsx';
import { askedOf, type DeviceFilter, isFiltered, placeOf } from './device-filter.ts';
import { EditGroup } from './edit-group.tsx';

/** Groups: those that there are, and a new one. */
export function GroupsPanel({
  groups,
  filter,
  error,
  onChange,
}: {
  readonly groups: readonly JsonGroup[] | undefined;
  readonly filter: DeviceFilter;
  readonly error: unknown;
  readonly onChange: () => void;
}) {
  const t = useText();
  const may = useMay('operator');
  return (
    <Section
      title={t('groups.title')}
      items={groups}
      error={error}
      empty={t(may ? 'groups.empty' : 'groups.empty.looking')}
    >
      <ul class="plain-list">
        {groups?.map((group) => (
          <GroupRow key={group.name} group={group} filter={filter} onChange={onChange} />
        ))}
      </ul>
      {may && <NewGroup filter={filter} onAdded={onChange} />}
    </Section>
  );
}

function NewGroup({ filter, onAdded }: { readonly filter: DeviceFilter; readonly onAdded: () => void }) {
  const t = useText();
  const [name, setName] = useState('');
  const [asksFilter, setAsksFilter] = useState(false);
  const [error, setError] = useState<unknown>();
  const { group: _, ...own } = filter;
  const canAsk = isFiltered(own);
  const add = async (event: Event) => {
    event.preventDefault();
    setError(undefined);
    try {
      const query = canAsk && asksFilter ? { query: askedOf(own) as JsonGroupQuery } : {};
      await call(routes.addGroup, { body: { name: name.trim(), ...query } });
      setName('');
      onAdded();
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <form class="toolbar" onSubmit={add}>
      <label class="field">
        <span>{t('groups.name')}</span>
        <input value={name} required maxLength={64} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      {canAsk && (
        <label class="field">
          <span>{t('groups.kind')}</span>
          <select
            value={asksFilter ? 'query' : 'members'}
            onChange={(event) => setAsksFilter(event.currentTarget.value === 'query')}
          >
            <option value="members">{t('groups.kind.members')}</option>
            <option value="query">{t('groups.kind.query')}</option>
          </select>
        </label>
      )}
      <button type="submit">{t('groups.add')}</button>
      {error !== undefined && <ProblemNote error={error} />}
    </form>
  );
}

function GroupRow({
  group: { name, note, query, members = 0 },
  filter,
  onChange,
}: {
  readonly group: JsonGroup;
  readonly filter: DeviceFilter;
  readonly onChange: () => void;
}) {
  const t = useText();
  const may = useMay('operator');
  const [edited, setEdited] = useState<Tagged<JsonGroup>>();
  // As it is now, whatever the page shows.
  const edit = () =>
    callTagged(routes.showGroup, { params: { group: name } })
      .then(setEdited)
      .catch(tellFailure)
      .finally(onChange);
  const text =
    query === undefined ? t('groups.members', { count: formatNumber(members) }) : Object.values(query).join(' · ');
  return (
    <li>
      <span>
        <a href={placeOf({ group: name })} title={t('groups.show')}>
          {name}
        </a>
        <small>{[text, note].filter((one) => one !== '').join(' · ')}</small>
      </span>
      {may && (
        <button
          type="button"
          class="quiet icon-only"
          aria-label={t('groups.edit', { name })}
          title={t('groups.edit', { name })}
          onClick={edit}
        >
          <Icon name="pencil" />
        </button>
      )}
      {edited && <EditGroup edited={edited} filter={filter} onDone={onChange} onClose={() => setEdited(undefined)} />}
      {may && (
        <RemoveButton
          title={t('groups.remove', { name })}
          question={t('groups.remove.ask')}
          onRemove={async () => {
            await call(routes.removeGroup, { params: { group: name } });
            onChange();
          }}
        />
      )}
    </li>
  );
}
