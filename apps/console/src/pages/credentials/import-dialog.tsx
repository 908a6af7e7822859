import { ApiProblemError, type LineMistake, readCredentialFile, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { tellReason } from '../../platform/problem-text.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';

interface ImportDialogProps {
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

/** A CSV file of credentials. Every line that is not added is told with why. */
export function ImportDialog({ onClose, onAdded }: ImportDialogProps) {
  const t = useText();
  const [text, setText] = useState<string>();
  const [refused, setRefused] = useState<readonly LineMistake[]>([]);
  const take = async (file: File | undefined) => {
    setRefused([]);
    setText(file && (await file.text()));
  };
  const add = async () => {
    if (text === undefined) return false;
    const read = readCredentialFile(text);
    if (!read.ok) {
      setRefused(read.error);
      return false;
    }
    const mistakes: LineMistake[] = [];
    for (const { line, credential } of read.value) {
      try {
        await call(routes.addCredential, { body: credential });
      } catch (error) {
        if (!(error instanceof ApiProblemError)) throw error;
        const { detail: message, reason, params } = error.problem;
        mistakes.push({ line, message, ...(reason && { reason }), ...(params && { params }) });
      }
    }
    tellDone(t('credentials.imported', { count: read.value.length - mistakes.length }));
    onAdded();
    setRefused(mistakes);
    return mistakes.length === 0;
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
      {refused.length > 0 && (
        <div class="field" role="alert">
          <span class="wrong">{t('credentials.import.refused', { count: refused.length })}</span>
          <ul class="refused-lines">
            {refused.slice(0, 100).map(({ line, message, ...why }) => (
              <li key={line}>
                <b>{t('credentials.import.line', { line })}</b> {tellReason(message, why, t).text}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Dialog>
  );
}
