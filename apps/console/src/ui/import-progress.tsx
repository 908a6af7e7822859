import type { LineMistake } from '@yaolian/contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ImportLine, type ImportReport, importLines, reportAsCsv } from '../platform/import-lines.ts';
import { tellReason } from '../platform/problem-text.ts';
import { saveFile } from '../platform/save-file.ts';
import { useText } from '../platform/text.ts';
import { tellWait } from './notices.tsx';

/** So many mistakes are listed; the report has all. */
const listed = 100;

interface Course {
  readonly done: number;
  readonly total: number;
}

export interface Import {
  readonly course: Course | undefined;
  readonly report: ImportReport | undefined;
  /** Lines that cannot be sent: nothing is, until they are mended. */
  readonly mistakes: readonly LineMistake[];
  readonly setMistakes: (mistakes: readonly LineMistake[]) => void;
  /** @returns true when every line was added @throws what ended it early */
  readonly run: (lines: readonly ImportLine[]) => Promise<boolean>;
  readonly stop: () => void;
  /** Forgets what the last one came to. */
  readonly clear: () => void;
}

/** An import of many lines that shows how far it is and can be stopped; it stops when what shows it is closed. */
export function useImport(): Import {
  const t = useText();
  const [course, setCourse] = useState<Course>();
  const [report, setReport] = useState<ImportReport>();
  const [mistakes, setMistakes] = useState<readonly LineMistake[]>([]);
  const running = useRef<AbortController>(undefined);
  const stop = () => running.current?.abort();
  useEffect(() => stop, []);
  const clear = () => {
    setReport(undefined);
    setMistakes([]);
  };
  const run = async (lines: readonly ImportLine[]) => {
    clear();
    const control = new AbortController();
    running.current = control;
    const total = lines.length;
    setCourse({ done: 0, total });
    const result = await importLines(lines, control.signal, (done) => setCourse({ done, total }));
    running.current = undefined;
    setCourse(undefined);
    setReport(result);
    if (result.error !== undefined) throw result.error;
    // Where it was closed, nothing else would tell.
    if (control.signal.aborted) tellWait(t('import.stopped', { count: result.added.size, total }));
    return result.added.size === total;
  };
  return { course, report, mistakes, setMistakes, run, stop, clear };
}

/** How far an import is, and afterwards what came of it. */
export function ImportProgress({ course, report, mistakes, stop }: Import) {
  const t = useText();
  if (course !== undefined) {
    return (
      <div class="field" role="status">
        <span>{t('import.progress', { ...course })}</span>
        <progress value={course.done} max={Math.max(1, course.total)} aria-label={t('import.going')} />
        <button type="button" onClick={stop}>
          {t('import.stop')}
        </button>
      </div>
    );
  }
  if (report === undefined) return <Mistakes mistakes={mistakes} hint={t('import.nothing')} />;
  const { lines, added, refused } = report;
  const left = lines.length - added.size - refused.length;
  return (
    <>
      <p role="status">
        {t('import.added', { count: added.size })}
        {left > 0 && ` ${t('import.left', { count: left })}`}
      </p>
      <Mistakes mistakes={refused} />
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
        {mistakes.slice(0, listed).map(({ line, message, ...why }) => (
          <li key={line}>
            <b>{t('import.line', { line })}</b> {tellReason(message, why, t).text}
          </li>
        ))}
        {mistakes.length > listed && <li>{t('import.further', { count: mistakes.length - listed })}</li>}
      </ul>
    </div>
  );
}
