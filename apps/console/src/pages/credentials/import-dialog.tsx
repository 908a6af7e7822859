import { CredentialFileReader, type JsonNewCredential, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ImportProgress, useImport } from '../../ui/import-progress.tsx';

interface ImportDialogProps {
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

const send = (entries: readonly JsonNewCredential[]) =>
  call(routes.importCredentials, { body: { entries: [...entries] } });

/** A CSV file of credentials: closing it stops. Every line that is not added is told with why. */
export function ImportDialog({ onClose, onAdded }: ImportDialogProps) {
  const t = useText();
  const [file, setFile] = useState<File>();
  const work = useImport();
  const take = (chosen: File | undefined) => {
    work.clear();
    setFile(chosen);
  };
  const add = () =>
    file === undefined ? false : work.run(file, () => new CredentialFileReader(), send).finally(onAdded);
  return (
    <Dialog
      title={t('credentials.import')}
      action={t('credentials.import.action')}
      stopsOnClose
      onAction={async () => add()}
      onClose={onClose}
    >
      <p class="hint">{t('credentials.import.lead')}</p>
      <label class="field">
        <span>{t('credentials.import.file')}</span>
        <input type="file" required accept=".csv,text/csv" onChange={(event) => take(event.currentTarget.files?.[0])} />
      </label>
      <ImportProgress {...work} />
    </Dialog>
  );
}
