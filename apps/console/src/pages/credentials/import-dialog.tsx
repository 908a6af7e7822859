import { readCredentialFile, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ImportProgress, useImport } from '../../ui/import-progress.tsx';
import { tellDone } from '../../ui/notices.tsx';

interface ImportDialogProps {
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

/** A CSV file of credentials: closing it stops. Every line that is not added is told with why. */
export function ImportDialog({ onClose, onAdded }: ImportDialogProps) {
  const t = useText();
  const [text, setText] = useState<string>();
  const work = useImport();
  const take = async (file: File | undefined) => {
    work.clear();
    setText(file && (await file.text()));
  };
  const add = async () => {
    if (text === undefined) return false;
    work.clear();
    const read = readCredentialFile(text);
    if (!read.ok) {
      work.setMistakes(read.error);
      return false;
    }
    try {
      const isWhole = await work.run(
        read.value.map(({ line, credential }) => ({
          line,
          name: credential.endpoint,
          send: () => call(routes.addCredential, { body: credential }),
        })),
      );
      if (isWhole) tellDone(t('credentials.imported', { count: read.value.length }));
      return isWhole;
    } finally {
      onAdded();
    }
  };
  return (
    <Dialog title={t('credentials.import')} action={t('credentials.import.action')} onAction={add} onClose={onClose}>
      <p class="hint">{t('credentials.import.lead')}</p>
      <label class="field">
        <span>{t('credentials.import.file')}</span>
        <input
          type="file"
          required
          accept=".csv,text/csv"
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
      </label>
      <ImportProgress {...work} />
    </Dialog>
  );
}
