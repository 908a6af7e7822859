import { type JsonObjectDefinition, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { Replaces } from './object-dialog.tsx';

interface AddObjectDialogProps {
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

/** A DDF file. Where it stands in for a definition of the registry, the dialog stays and says what is different. */
export function AddObjectDialog({ onClose, onAdded }: AddObjectDialogProps) {
  const t = useText();
  const [file, setFile] = useState<File>();
  const [added, setAdded] = useState<JsonObjectDefinition>();
  const add = async () => {
    if (file === undefined) return false;
    const definition = await call(routes.addObject, { body: await file.text() });
    onAdded();
    const { id, name, replaces } = definition;
    tellDone(t('objects.added', { id: String(id), name }));
    if (replaces !== undefined) setAdded(definition);
    return replaces === undefined;
  };
  if (added !== undefined) {
    return (
      <Dialog
        key="added"
        title={`${added.name} (${added.id})`}
        action={t('common.close')}
        isTold
        onAction={async () => {}}
        onClose={onClose}
      >
        <Replaces definition={added} />
      </Dialog>
    );
  }
  return (
    <Dialog key="add" title={t('objects.add')} action={t('objects.add.action')} onAction={add} onClose={onClose}>
      <label class="field">
        <span>{t('objects.add.file')}</span>
        <input
          type="file"
          required
          accept=".xml,application/xml,text/xml"
          onChange={(event) => setFile(event.currentTarget.files?.[0])}
        />
        <small>{t('objects.add.hint')}</small>
      </label>
    </Dialog>
  );
}
