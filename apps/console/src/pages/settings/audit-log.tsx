import { type JsonAuditEntry, routes } from '@yaolian/contract';
import { useRef, useState } from 'preact/hooks';
import { formatTime } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { useModelNames } from '../../platform/model-names.ts';
import { useChoice } from '../../platform/router.ts';
import { saveFile } from '../../platform/save-file.ts';
import { call } from '../../platform/session.ts';
import { useStore } from '../../platform/store.ts';
import { language, useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import { auditAsCsv } from './audit-csv.ts';
import { actionText, outcomeText, permissionText } from './audit-text.ts';

/** Who did what: filtered, page by page, as CSV. */
export function AuditLog() {
  const t = useText();
  const [actor, setActor] = useState('');
  const [device, setDevice] = useState('');
  const [shown, setShown] = useChoice('audit', ['changes', 'all']);
  const looks = shown === 'all';
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const filter = {
    looks,
    ...(actor === '' ? {} : { actor }),
    ...(device === '' ? {} : { device }),
    ...(first === '' ? {} : { from: midnight(first) }),
    ...(last === '' ? {} : { to: midnight(last, 1) }),
  };
  return (
    <section class="card">
      <h2>{t('audit.title')}</h2>
      <p class="hint">{t('audit.lead')}</p>
      <div class="toolbar">
        <input
          type="search"
          placeholder={t('audit.actor')}
          aria-label={t('audit.actor')}
          value={actor}
          onChange={(event) => setActor(event.currentTarget.value.trim())}
        />
        <input
          type="search"
          placeholder={t('audit.device')}
          aria-label={t('audit.device')}
          value={device}
          onChange={(event) => setDevice(event.currentTarget.value.trim())}
        />
        <label class="dated">
          <span>{t('audit.from')}</span>
          <input type="date" value={first} max={last} onChange={(event) => setFirst(event.currentTarget.value)} />
        </label>
        <label class="dated">
          <span>{t('audit.to')}</span>
          <input type="date" value={last} min={first} onChange={(event) => setLast(event.currentTarget.value)} />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={looks}
            onChange={(event) => setShown(event.currentTarget.checked ? 'all' : 'changes')}
          />
          <span>{t('audit.looks')}</span>
        </label>
        <ExportButton filter={filter} />
      </div>
      <Entries key={`${actor} ${device} ${first} ${last} ${shown}`} filter={filter} />
    </section>
  );
}

/** Where a day of the calendar begins here, or the one `later` days after it. */
function midnight(day: string, later = 0): string {
  const time = new Date(`${day}T00:00`);
  time.setDate(time.getDate() + later);
  return time.toISOString();
}

export interface AuditFilter {
  /** A span of time: RFC 3339. */
  readonly from?: string;
  readonly to?: string;
  /** With those who only looked. */
  readonly looks: boolean;
  readonly actor?: string;
  readonly device?: string;
}

function Entries({ filter }: { readonly filter: AuditFilter }) {
  const t = useText();
  const words = useStore(language);
  const [older, setOlder] = useState<{ readonly items: readonly JsonAuditEntry[]; readonly next?: string }>();
  const { data, error, reload } = useLoad(
    (signal) => call(routes.listAudit, { query: { ...filter, limit: 50 }, signal }),
    [],
  );
  if (error !== undefined) return <ProblemNote error={error} onRetry={reload} />;
  if (!data) return <p class="loading">{t('common.loading')}</p>;
  const entries = [...data.items, ...(older?.items ?? [])];
  const next = older === undefined ? data.next : older.next;
  if (entries.length === 0) return <p class="hint">{t('audit.empty')}</p>;
  const more = async () => {
    const page = await call(routes.listAudit, { query: { ...filter, limit: 200, cursor: next! } });
    setOlder({
      items: [...(older?.items ?? []), ...page.items],
      ...(page.next === undefined ? {} : { next: page.next }),
    });
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
      <section class="scroll audit" tabIndex={0} aria-label={t('audit.title')}>
        <table>
          <TableHead
            columns={[t('audit.time'), t('audit.actor'), t('audit.action'), t('audit.device'), t('audit.outcome')]}
          />
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.id}>
                <td>
                  <time dateTime={entry.time}>{formatTime(entry.time)}</time>
                </td>
                <td>
                  {entry.actor} <small>{t(`audit.door.${entry.door}`)}</small>
                </td>
                <td>
                  {actionText(entry.action, words)} <Subject entry={entry} />
                </td>
                <td>{entry.device}</td>
                <td>{outcomeText(entry.outcome, words)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {next !== undefined && (
        <button type="button" onClick={() => more().catch(tellFailure)}>
          {t('common.more')}
        </button>
      )}
    </>
  );
}

/** What exactly it was done to; a permission in words. */
function Subject({ entry: { subject, permission } }: { readonly entry: JsonAuditEntry }) {
  const t = useText();
  const names = useModelNames();
  if (permission === undefined) return subject === undefined ? null : <code>{subject}</code>;
  const { feature } = permission;
  return <span title={feature === '*' ? undefined : feature}>{permissionText(permission, t, names)}</span>;
}

/** Saves what the filter shows. Pressed again, it stops. */
function ExportButton({ filter }: { readonly filter: AuditFilter }) {
  const t = useText();
  const [count, setCount] = useState<number>();
  const running = useRef<AbortController>(undefined);
  const press = async () => {
    if (running.current) return running.current.abort();
    const stop = new AbortController();
    running.current = stop;
    try {
      saveFile(await auditAsCsv(filter, stop.signal, setCount), 'audit.csv');
    } catch (error) {
      if (!stop.signal.aborted) tellFailure(error);
    }
    running.current = undefined;
    setCount(undefined);
  };
  return (
    <button type="button" onClick={press}>
      <Icon name={count === undefined ? 'export' : 'close'} />
      {count === undefined ? t('audit.export') : t('audit.exporting', { count })}
    </button>
  );
}
