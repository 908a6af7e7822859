import { type JsonBulkJob, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useEvents } from '../../platform/events.ts';
import { reasonText } from '../../platform/failure-text.ts';
import { formatNumber, formatTime } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { saveFile } from '../../platform/save-file.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { tellFailure } from '../../ui/notices.tsx';
import { type PageAsked, targetsAsCsv } from './targets-csv.ts';

const shown = 5;

/** The newest bulk jobs, as they go on. @param round another one: a job was started here */
export function Jobs({ round }: { readonly round: number }) {
  const t = useText();
  const [changed, setChanged] = useState<ReadonlyMap<string, JsonBulkJob>>(new Map());
  const { data, reload } = useLoad((signal) => call(routes.listBulkJobs, { query: { limit: shown }, signal }), [round]);
  useEvents({ types: ['bulk.changed'] }, (event) => {
    if (event.type !== 'bulk.changed') return;
    setChanged((before) => new Map(before).set(event.data.id, event.data));
    if (data?.items.every(({ id }) => id !== event.data.id)) reload();
  });
  const jobs = data?.items.map((job) => changed.get(job.id) ?? job) ?? [];
  if (jobs.length === 0) return null;
  const running = jobs.filter(({ state }) => state === 'running').length;
  return (
    <details class="card jobs" open={round > 0}>
      <summary>
        <h2>{t('jobs.title')}</h2>
        {running > 0 && <span class="badge">{t('jobs.running', { count: running })}</span>}
      </summary>
      {jobs.map((job) => (
        <JobRow key={job.id} job={job} />
      ))}
    </details>
  );
}

const parts = ['succeeded', 'failed', 'cancelled', 'skipped', 'running', 'pending'] as const;

function JobRow({ job }: { readonly job: JsonBulkJob }) {
  const t = useText();
  const may = useMay('operator');
  const { id, operation, state, counts, total, reasons, createdAt, createdBy } = job;
  const { pending, running, failed, cancelled, skipped } = counts;
  const what = 'path' in operation ? operation.path : 'group' in operation ? operation.group : '';
  const text = [
    t('jobs.progress', {
      done: formatNumber(total - pending - running),
      total: formatNumber(total),
      running: formatNumber(running),
      failed: formatNumber(failed),
    }),
    ...(cancelled > 0 ? [t('jobs.cancelled', { count: formatNumber(cancelled) })] : []),
    ...(skipped > 0 ? [t('jobs.skipped', { count: formatNumber(skipped) })] : []),
  ].join(t('common.comma'));
  const why = Object.entries(reasons).map(([reason, count]) => `${reasonText(reason, t)} × ${formatNumber(count)}`);
  const act = (route: typeof routes.cancelBulkJob | typeof routes.retryBulkJob) =>
    void call(route, { params: { id } }).catch(tellFailure);
  return (
    <div class="campaign">
      <div class="section-head">
        <h3>
          {t(`bulk.kind.${operation.kind}`)} <code>{what}</code>
        </h3>
        <span class="badge">{t(`jobs.state.${state}`)}</span>
        <small>
          {formatTime(createdAt)} · {createdBy}
        </small>
        {may && state === 'running' && (
          <button type="button" onClick={() => act(routes.cancelBulkJob)}>
            {t('jobs.cancel')}
          </button>
        )}
        {may && state !== 'running' && failed + cancelled > 0 && (
          <button type="button" onClick={() => act(routes.retryBulkJob)}>
            {t('jobs.retry')}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => void saveResults(id).catch(tellFailure)}>
          {t('jobs.results')}
        </button>
      </div>
      <div class="share" role="img" aria-label={text}>
        {parts.map(
          (part) => counts[part] > 0 && <span key={part} class={`part-${part}`} style={{ flexGrow: counts[part] }} />,
        )}
      </div>
      <p class="hint">
        {text}
        {why.length > 0 && ` · ${why.join(', ')}`}
      </p>
    </div>
  );
}

async function saveResults(id: string): Promise<void> {
  const page = (query: PageAsked) => call(routes.listBulkTargets, { params: { id }, query });
  saveFile(await targetsAsCsv(page), `bulk-${id}.csv`);
}
