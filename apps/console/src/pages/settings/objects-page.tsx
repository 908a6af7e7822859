import { type JsonObjectSummary, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useModelNames } from '../../platform/model-names.ts';
import { useMorePages } from '../../platform/more-pages.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import { forgetDefinitions } from '../device/definitions.ts';
import { AddObjectDialog } from './add-object-dialog.tsx';
import { ObjectDialog } from './object-dialog.tsx';
import { SettingsNav } from './settings-nav.tsx';

/** What the platform knows of objects: the registry's, and those that admins added. */
export function ObjectsPage() {
  const t = useText();
  const may = useMay('admin');
  const [isAdding, setAdding] = useState(false);
  const [search, setSearch] = useState('');
  const [changes, setChanges] = useState(0);
  const changed = () => {
    forgetDefinitions();
    setChanges((count) => count + 1);
  };
  const add = may && (
    <button type="button" class="primary" onClick={() => setAdding(true)}>
      <Icon name="plus" /> {t('objects.add')}
    </button>
  );
  return (
    <>
      <PageTitle text={t('objects.title')} />
      <SettingsNav current="/settings/objects" />
      <p class="hint">{t('objects.lead')}</p>
      <Objects
        key={`own ${changes}`}
        title={t('objects.own')}
        action={add}
        filter={{ source: 'user' }}
        empty={t('objects.own.empty')}
        onRemoved={may ? changed : undefined}
      />
      <div class="toolbar">
        <label class="search">
          <Icon name="search" />
          <input
            type="search"
            value={search}
            maxLength={100}
            placeholder={t('objects.search')}
            aria-label={t('objects.search')}
            onInput={(event) => setSearch(event.currentTarget.value.trim())}
          />
        </label>
      </div>
      <Objects
        key={`all ${changes} ${search}`}
        title={t('objects.all')}
        filter={search === '' ? {} : { search }}
        empty={t('objects.none')}
      />
      {isAdding && <AddObjectDialog onClose={() => setAdding(false)} onAdded={changed} />}
    </>
  );
}

interface ObjectsProps {
  readonly title: string;
  readonly action?: preact.ComponentChildren;
  readonly filter: { readonly source?: 'user'; readonly search?: string };
  readonly empty: string;
  /** Undefined: none of them can be removed here. */
  readonly onRemoved?: (() => void) | undefined;
}

function Objects({ title, action, filter, empty, onRemoved }: ObjectsProps) {
  const t = useText();
  const names = useModelNames();
  const [shown, setShown] = useState<JsonObjectSummary>();
  const { items, next, error, more } = useMorePages((cursor) =>
    call(routes.listObjects, { query: { ...filter, ...(cursor !== undefined && { cursor }) } }),
  );
  const remove = async ({ id, version }: JsonObjectSummary) => {
    await call(routes.removeObject, { params: { id }, query: { version } });
    onRemoved?.();
  };
  return (
    <Section title={title} action={action} items={items} error={error} empty={empty}>
      {items !== undefined && items.length > 0 && (
        <table>
          <TableHead
            columns={[t('objects.object'), t('objects.version'), { wide: t('objects.urn') }]}
            hasActions={onRemoved !== undefined}
          />
          <tbody>
            {items.map((one) => {
              const { id, version, urn, source } = one;
              // A definition of one's own is called what it says.
              const name = source === 'user' ? one.name : (names.object(id, one.name) ?? one.name);
              return (
                <tr key={`${id} ${version}`}>
                  <th scope="row">
                    <button type="button" class="link" onClick={() => setShown(one)}>
                      {name}
                    </button>{' '}
                    <small>{id}</small>
                  </th>
                  <td>{version}</td>
                  <td class="wide">
                    <code>{urn}</code>
                  </td>
                  {onRemoved !== undefined && (
                    <td>
                      <RemoveButton
                        title={t('objects.remove', { name, id: String(id), version })}
                        question={t('objects.remove.ask')}
                        onRemove={() => remove(one)}
                      />
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {next !== undefined && (
        <button type="button" onClick={more}>
          {t('common.more')}
        </button>
      )}
      {shown !== undefined && <ObjectDialog object={shown} onClose={() => setShown(undefined)} />}
    </Section>
  );
}
