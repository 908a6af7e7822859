import { type JsonObjectDefinition, routes } from '@yaolian/contract';
import { useRef, useState } from 'preact/hooks';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { Definition } from './object-dialog.tsx';

interface AddObjectDialogProps {
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

interface Preview {
  readonly xml: string;
  readonly definition: JsonObjectDefinition;
  /** What the version that was added before is called. */
  readonly before: string | undefined;
}

/** A DDF file. What it would be and replace is shown before it is kept. */
export function AddObjectDialog({ onClose, onAdded }: AddObjectDialogProps) {
  const t = useText();
  const [preview, setPreview] = useState<Preview>();
  const [error, setError] = useState<unknown>();
  const newest = useRef<File | undefined>(undefined);
  const look = async (file: File | undefined) => {
    newest.current = file;
    setPreview(undefined);
    setError(undefined);
    if (file === undefined) return;
    try {
      const found = await previewOf(file);
      if (newest.current === file) setPreview(found);
    } catch (reason) {
      if (newest.current === file) setError(reason);
    }
  };
  const add = async () => {
    if (preview === undefined) return false;
    const { id, name } = await call(routes.addObject, { body: preview.xml });
    onAdded();
    tellDone(t('objects.added', { id: String(id), name }));
    return true;
  };
  const { definition, before } = preview ?? {};
  return (
    <Dialog title={t('objects.add')} action={t('objects.add.action')} onAction={add} onClose={onClose}>
      <label class="field">
        <span>{t('objects.add.file')}</span>
        <input
          type="file"
          required
          accept=".xml,application/xml,text/xml"
          onChange={(event) => void look(event.currentTarget.files?.[0])}
        />
        <small>{t('objects.add.hint')}</small>
      </label>
      {error !== undefined && <ProblemNote error={error} />}
      {definition !== undefined && (
        <div role="status">
          <p>
            <strong>{definition.name}</strong> ({definition.id}) {definition.version}
          </p>
          {before !== undefined && <p>{t('objects.add.replaces', { name: before })}</p>}
          <Definition definition={definition} />
        </div>
      )}
    </Dialog>
  );
}

async function previewOf(file: File): Promise<Preview> {
  const xml = await file.text();
  const definition = await call(routes.addObject, { query: { dryRun: true }, body: xml });
  const { id, version } = definition;
  const { items } = await call(routes.listObjects, { query: { source: 'user', search: String(id) } });
  const before = items.find((one) => one.id === id && one.version === version)?.name;
  return { xml, definition, before };
}
