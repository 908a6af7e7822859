import {
  ApiProblemError,
  type JsonNewCredential,
  type LineMistake,
  readCredentialFile,
  routes,
} from '@yaolian/contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { tellReason } from '../../platform/problem-text.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone, tellWait } from '../../ui/notices.tsx';

interface ImportDialogProps {
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

/** A CSV file of credentials, line by line: closing it stops. Every line that is not added is told with why. */
export function ImportDialog({ onClose, onAdded }: ImportDialogProps) {
  const t = useText();
  const [text, setText] = useState<string>();
  const [refused, setRefused] = useState<readonly LineMistake[]>([]);
  const [progress, setProgress] = useState<{ readonly done: number; readonly total: number }>();
  const isStopped = useRef(false);
  useEffect(
    () => () => {
      isStopped.current = true;
    },
    [],
  );
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
    const total = read.value.length;
    const mistakes: LineMistake[] = [];
    let done = 0;
    try {
      for (const { line, credential } of read.value) {
        if (isStopped.current) break;
        setProgress({ done, total });
        const mistake = await added(credential);
        if (mistake) mistakes.push({ line, ...mistake });
        done++;
      }
    } finally {
      const count = done - mistakes.length;
      if (done === total) tellDone(t('credentials.imported', { count }));
      else tellWait(t('credentials.import.stopped', { count, total }));
      setProgress(undefined);
      setRefused(mistakes);
      onAdded();
    }
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
      {progress !== undefined && (
        <label class="field">
          <span>{t('credentials.import.progress', progress)}</span>
          <progress value={progress.done} max={progress.total} />
        </label>
      )}
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

/** Why it was not added; undefined: it was. @throws what is not about this one */
async function added(credential: JsonNewCredential): Promise<Omit<LineMistake, 'line'> | undefined> {
  try {
    await call(routes.addCredential, { body: credential });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiProblemError)) throw error;
    const { detail: message, reason, params } = error.problem;
    return { message, ...(reason && { reason }), ...(params && { params }) };
  }
}
