import { type JsonGroup, type JsonGroupQuery, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call, type Tagged, unlessChanged } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { askedOf, type DeviceFilter, isFiltered } from './device-filter.ts';

interface EditGroupProps {
  /** As it was when somebody began to change it. */
  readonly edited: Tagged<JsonGroup>;
  /** Of the list of devices. */
  readonly filter: DeviceFilter;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Gives a group another note and, where it is a question, the present filter as its question. */
export function EditGroup({ edited, filter, onDone, onClose }: EditGroupProps) {
  const t = useText();
  const { name, note: before, query } = edited.value;
  const [note, setNote] = useState(before);
  const [takesFilter, setTakesFilter] = useState(false);
  const { group: _, ...own } = filter;
  const save = async () => {
    const asked = takesFilter ? (askedOf(own) as JsonGroupQuery) : query;
    const body = { note: note.trim(), ...(asked === undefined ? {} : { query: asked }) };
    await call(routes.changeGroup, { params: { group: name }, body, ...unlessChanged(edited.tag) });
    tellDone(t('groups.changed', { name }));
    onDone();
  };
  return (
    <Dialog title={t('groups.edit', { name })} action={t('common.save')} onAction={save} onClose={onClose}>
      <label class="field">
        <span>{t('groups.note')}</span>
        <input value={note} maxLength={500} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      {query !== undefined && <p class="hint">{t('groups.asks', { query: Object.values(query).join(' · ') })}</p>}
      {query !== undefined && isFiltered(own) && (
        <label class="check">
          <input
            type="checkbox"
            checked={takesFilter}
            onChange={(event) => setTakesFilter(event.currentTarget.checked)}
          />
          <span>{t('groups.takes-filter', { query: Object.values(askedOf(own)).join(' · ') })}</span>
        </label>
      )}
    </Dialog>
  );
}
