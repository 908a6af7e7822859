import '../../styles/messages.css';
import { type JsonTrace, type JsonTraceMessage, queryText, routePath, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatTime } from '../../platform/format.ts';
import { useModelNames } from '../../platform/model-names.ts';
import type { NamesOfModel } from '../../platform/names-of-model.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import { MessageDetail } from './message-detail.tsx';
import { useMessages, useTrace } from './trace-data.ts';
import { traceText } from './trace-text.ts';

/** The subject of a trace that records every device, and senders that nobody knows. */
const everybody = '*';

/** What a device and the platform say to each other, recorded while one wants to see it. */
export function MessagesPanel({ subject }: { readonly subject: string }) {
  const t = useText();
  const { data: trace, error, reload } = useTrace(subject);
  const start = () => call(routes.startTrace, { params: { subject } }).then(reload, tellFailure);
  if (error !== undefined) return <ProblemNote error={error} onRetry={reload} />;
  if (trace === undefined) return <p class="loading">{t('common.loading')}</p>;
  if (trace === null) {
    return (
      <section class="card">
        <p>{t(subject === everybody ? 'messages.empty.all' : 'messages.empty')}</p>
        <button type="button" class="primary" onClick={start}>
          {t('messages.start')}
        </button>
      </section>
    );
  }
  return <Recorded subject={subject} trace={trace} onChanged={reload} onStart={start} />;
}

interface RecordedProps {
  readonly subject: string;
  readonly trace: JsonTrace;
  readonly onChanged: () => void;
  readonly onStart: () => void;
}

function Recorded({ subject, trace, onChanged, onStart }: RecordedProps) {
  const t = useText();
  const messages = useMessages(subject, trace.startedAt);
  const [search, setSearch] = useState('');
  const [direction, setDirection] = useState('');
  const [chosen, setChosen] = useState<number>();
  const names = useModelNames();
  const wanted = search.toLowerCase();
  const shown = messages.filter(
    (one) =>
      (direction === '' || one.direction === direction) &&
      (wanted === '' || searched(one, names).toLowerCase().includes(wanted)),
  );
  return (
    <>
      <Toolbar
        subject={subject}
        trace={{ ...trace, messages: Math.max(trace.messages, messages.length) }}
        onChanged={onChanged}
        onStart={onStart}
      />
      <div class="toolbar">
        <input
          type="search"
          value={search}
          placeholder={t('messages.filter')}
          aria-label={t('messages.filter')}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <select
          value={direction}
          aria-label={t('messages.direction')}
          onChange={(event) => setDirection(event.currentTarget.value)}
        >
          <option value="">{t('messages.direction.all')}</option>
          {(['in', 'out', 'event'] as const).map((name) => (
            <option key={name} value={name}>
              {t(`messages.direction.${name}`)}
            </option>
          ))}
        </select>
      </div>
      {messages.length === 0 ? (
        <p class="card hint">{t('messages.waiting')}</p>
      ) : shown.length === 0 ? (
        <p class="card hint" role="status">
          {t('messages.unmatched')}
        </p>
      ) : (
        <MessageTable messages={shown} chosen={chosen} onChoose={setChosen} />
      )}
      {chosen !== undefined && <MessageDetail subject={subject} number={chosen} key={chosen} />}
    </>
  );
}

/** What is exported of messages that DTLS or OSCORE protects. */
const exportForms = {
  decrypted: {},
  wire: { wire: true },
  both: { wire: true, decrypted: true },
} as const;

type ExportForm = keyof typeof exportForms;

function Toolbar({ subject, trace, onChanged, onStart }: RecordedProps) {
  const t = useText();
  const params = { subject };
  const stop = () => call(routes.stopTrace, { params }).then(onChanged, tellFailure);
  const [asks, setAsks] = useState(false);
  const forget = () => call(routes.removeTrace, { params }).then(onChanged);
  const [form, setForm] = useState<ExportForm>('decrypted');
  const href = routePath(routes.exportTrace, params) + queryText(exportForms[form]);
  return (
    <div class="toolbar">
      <p class={trace.recording ? 'badge state-online' : 'badge'} role="status">
        {trace.recording ? t('messages.recording', { until: formatTime(trace.until) }) : t('messages.stopped')}
      </p>
      <span class="hint">
        {t('messages.kept', { count: trace.messages })}
        {trace.forgotten > 0 && ` · ${t('messages.forgotten', { count: trace.forgotten })}`}
      </span>
      <span class="end" />
      <select
        value={form}
        aria-label={t('messages.export.form')}
        onChange={(event) => setForm(event.currentTarget.value as ExportForm)}
      >
        {(Object.keys(exportForms) as ExportForm[]).map((one) => (
          <option key={one} value={one}>
            {t(`messages.export.${one}`)}
          </option>
        ))}
      </select>
      <a class="button" href={href} download={`${subject}.pcapng`}>
        <Icon name="export" /> {t('messages.export')}
      </a>
      {trace.recording ? (
        <button type="button" onClick={stop}>
          {t('messages.stop')}
        </button>
      ) : (
        <button type="button" onClick={onStart}>
          {t('messages.start')}
        </button>
      )}
      <button type="button" class="quiet" onClick={() => setAsks(true)}>
        <Icon name="trash" /> {t('messages.forget')}
      </button>
      {asks && (
        <Dialog
          title={t('messages.forget')}
          action={t('messages.forget')}
          isDangerous
          onAction={forget}
          onClose={() => setAsks(false)}
        >
          <p>{t('messages.forget.ask')}</p>
        </Dialog>
      )}
    </div>
  );
}

/** What is shown of it, and its words in English, which people know from elsewhere. */
function searched({ title, path = '', pathName = '', note = '' }: JsonTraceMessage, names: NamesOfModel): string {
  return [title, traceText(title), pathName, names.path(path), note, traceText(note)].join(' ');
}

const arrows = { in: '←', out: '→', event: '·' } as const;

interface TableProps {
  readonly messages: readonly JsonTraceMessage[];
  readonly chosen: number | undefined;
  readonly onChoose: (number: number) => void;
}

function MessageTable({ messages, chosen, onChoose }: TableProps) {
  const t = useText();
  return (
    <div class="card flush scroll messages">
      <table>
        <TableHead
          columns={[
            { wide: t('messages.number') },
            t('messages.time'),
            t('messages.message'),
            { wide: t('messages.length') },
          ]}
        />
        <tbody>
          {messages.toReversed().map((one) => (
            // The button is for keys and readers; who points may press anywhere in the row.
            <tr
              key={one.number}
              aria-selected={one.number === chosen}
              class={one.note === undefined ? '' : 'noted'}
              onClick={() => onChoose(one.number)}
            >
              <td class="wide">{one.number}</td>
              <td>
                <time dateTime={one.time}>{clockOf(one.time)}</time>
              </td>
              <th scope="row">
                <button type="button" class="link">
                  <span role="img" aria-label={t(`messages.direction.${one.direction}`)}>
                    {arrows[one.direction]}
                  </span>{' '}
                  {traceText(one.title)}
                </button>
                {one.note !== undefined && ' '}
                {one.note !== undefined && <span class="badge state-sleeping">{traceText(one.note)}</span>}
                <PathName message={one} />
              </th>
              <td class="wide">{one.direction === 'event' ? '' : one.length}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a path leads to: the platform's English names, or those of the language chosen now. */
function PathName({ message: { path, pathName } }: { readonly message: JsonTraceMessage }) {
  const names = useModelNames();
  if (pathName === undefined) return null;
  const own = path === undefined ? pathName : names.path(path);
  return own === path || own === pathName ? <small lang="en">{pathName}</small> : <small>{own}</small>;
}

/** `08:15:30.123` of the clock on the wall. */
function clockOf(time: string): string {
  const at = new Date(time);
  return `${at.toTimeString().slice(0, 8)}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}
