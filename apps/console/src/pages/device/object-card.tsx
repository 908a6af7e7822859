import type { JsonObjectDefinition } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useModelNames } from '../../platform/model-names.ts';
import type { NamesOfModel } from '../../platform/names-of-model.ts';
import { useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { useDefinition } from './definitions.ts';
import type { DeviceData } from './device-data.ts';
import { InstanceSection } from './instance-section.tsx';
import { LevelActions } from './level-actions.tsx';
import type { AnnouncedObject } from './object-list.tsx';

interface ObjectCardProps {
  readonly data: DeviceData;
  readonly object: AnnouncedObject;
  /** Lower case; empty: everything. */
  readonly filter: string;
  /** There are so many others that each is asked for, and drawn, when somebody opens it. */
  readonly isOneOfMany: boolean;
}

/** One object of a device, which opens to show its instances. */
export function ObjectCard({ data, object, filter, isOneOfMany }: ObjectCardProps) {
  const t = useText();
  const { prefix, id, name, version, instances } = object;
  const isOpen = id === 3 || (!isOneOfMany && (filter !== '' || id > 3000));
  const [wasOpened, setOpened] = useState(false);
  const isDrawn = isOpen || wasOpened;
  const { data: definition } = useDefinition(id, version, isDrawn || !isOneOfMany);
  const mayObserve = useMay('operator');
  const mayCreate = mayObserve && !data.speaksRa && (definition?.multiple ?? true);
  const [isCreating, setCreating] = useState(false);
  const names = useModelNames();
  const ownName = name ?? definition?.name ?? '';
  const title = names.object(id, ownName) || t('object.unknown', { id });
  const isNamed = `${title} ${ownName} ${prefix}/${id}`.toLowerCase().includes(filter);
  if (!isNamed && !hasResource(definition, filter, names)) return null;
  return (
    <details class="card object" open={isOpen} onToggle={({ currentTarget }) => currentTarget.open && setOpened(true)}>
      <summary>
        <h2>{title}</h2>
        <code>
          {prefix}/{id}
        </code>
        {version !== undefined && <small>{version}</small>}
      </summary>
      {isDrawn && (
        <>
          {instances.length > 0 && mayObserve && !data.speaksRa && (
            <div class="instance-head">
              <span>{t('object.whole')}</span>
              <LevelActions data={data} path={`${prefix}/${id}`} />
            </div>
          )}
          {instances.length === 0 && <p class="hint">{t('object.no-instance')}</p>}
          {instances.map((path) => (
            <InstanceSection
              key={path}
              data={data}
              path={path}
              definition={definition}
              filter={isNamed ? '' : filter}
            />
          ))}
          {mayCreate && (
            <button type="button" onClick={() => setCreating(true)}>
              <Icon name="plus" /> {t('object.create')}
            </button>
          )}
        </>
      )}
      {isCreating && (
        <CreateDialog data={data} object={object} definition={definition} onClose={() => setCreating(false)} />
      )}
    </details>
  );
}

function hasResource(definition: JsonObjectDefinition | undefined, filter: string, names: NamesOfModel): boolean {
  return (
    definition?.resources.some(({ id, name }) =>
      `${names.resource(`/${definition.id}/0/${id}`, name)} ${name}`.toLowerCase().includes(filter),
    ) ?? false
  );
}
