import {
  type ImportFile,
  type ImportReport,
  importFile,
  type JsonImportResult,
  type LineMistake,
  type LineReader,
  type ImportProgress as Progress,
} from '@yaolian/contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { reportAsCsv, tellMistake } from '../platform/import-report.ts';
import { saveFile } from '../platform/save-file.ts';
import { useText } from '../platform/text.ts';
import { tellDone, tellWait } from './notices.tsx';

/** So many mistakes are listed; the report has all. */
const listed = 100;

export interface Import {
  readonly progress: Progress | undefined;
  readonly report: ImportReport | undefined;
  /** Lines that cannot be sent: nothing is, until they are mended. */
  readonly mistakes: readonly LineMistake[];
  /** @returns true when every line is there now @throws what ended it early */
  readonly run: <T>(
    file: ImportFile,
    reader: () => LineReader<T>,
    send: (entries: readonly T[]) => Promise<JsonImportResult>,
  ) => Promise<boolean>;
  readonly stop: () => void;
  /** Forgets what the last one came to. */
  readonly clear: () => void;
}

/** An import of a file that shows how far it is and can be stopped; it stops when what shows it is closed. */
export function useImport(): Import {
  const t = useText();
  const [progress, setProgress] = useState<Progress>();
  const [report, setReport] = useState<ImportReport>();
  const [mistakes, setMistakes] = useState<readonly LineMistake[]>([]);
  const running = useRef<AbortController>(undefined);
  const stop = () => running.current?.abort();
  useEffect(() => stop, []);
  const clear = () => {
    setReport(undefined);
    setMistakes([]);
  };
  const run: Import['run'] = async (file, reader, send) => {
    clear();
    const control = new AbortController();
    running.current = control;
    const { signal } = control;
    const result = await importFile({ file, reader, send, signal, onProgress: setProgress }).finally(() => {
      running.current = undefined;
      setProgress(undefined);
    });
    if ('mistakes' in result) {
      setMistakes(result.mistakes);
      return false;
    }
    setReport(result);
    if (result.error !== undefined) throw result.error;
    const { added, unchanged } = result.counts;
    const total = result.lines.length;
    // Where it was closed, nothing else would tell.
    if (signal.aborted) tellWait(t('import.stopped', { count: added, total }));
    const isWhole = added + unchanged === total;
    if (isWhole)
      tellDone(unchanged === 0 ? t('import.added', { count: added }) : t('import.done', { added, unchanged }));
    return isWhole;
  };
  return { progress, report, mistakes, run, stop, clear };
}

/** How far an import is, and afterwards what came of it. */
export function ImportProgress({ progress, report, mistakes, stop }: Import) {
  const t = useText();
  if (progress !== undefined) {
    const { phase, done, total } = progress;
    return (
      <div class="field" role="status">
        <span>{phase === 'checking' ? t('import.checking') : t('import.progress', { done, total })}</span>
        <progress value={done} max={Math.max(1, total)} aria-label={t('import.going')} />
        <button type="button" onClick={stop}>
          {t('import.stop')}
        </button>
      </div>
    );
  }
  if (report === undefined) return <Mistakes mistakes={mistakes} hint={t('import.nothing')} />;
  const { added, unchanged, 'not-sent': left } = report.counts;
  return (
    <>
      <p role="status">
        {t('import.added', { count: added })}
        {unchanged > 0 && ` ${t('import.unchanged', { count: unchanged })}`}
        {left > 0 && ` ${t('import.left', { count: left })}`}
      </p>
      <Mistakes mistakes={report.refused} />
      <button type="button" onClick={() => saveFile(reportAsCsv(report, t), 'import-report.csv')}>
        {t('import.report')}
      </button>
    </>
  );
}

function Mistakes({ mistakes, hint }: { readonly mistakes: readonly LineMistake[]; readonly hint?: string }) {
  const t = useText();
  if (mistakes.length === 0) return null;
  return (
    <div class="field" role="alert">
      <span class="wrong">{t('import.refused', { count: mistakes.length })}</span>
      {hint !== undefined && <small>{hint}</small>}
      <ul class="refused-lines">
        {mistakes.slice(0, listed).map((mistake) => (
          <li key={mistake.line}>
            <b>{t('import.line', { line: mistake.line })}</b> {tellMistake(mistake, t)}
          </li>
        ))}
        {mistakes.length > listed && <li>{t('import.further', { count: mistakes.length - listed })}</li>}
      </ul>
    </div>
  );
}
