import { type JsonRaSession, routes } from '@yaolian/contract';
import { useCallback, useState } from 'preact/hooks';
import { formatRelative } from '../../platform/format.ts';
import { useInterval } from '../../platform/load.ts';
import { useMorePages } from '../../platform/more-pages.ts';
import { useChoice } from '../../platform/router.ts';
import { call, isProblem, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { LiveMark } from '../../ui/live-mark.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import { EndConnectionDialog } from './end-connection-dialog.tsx';

const states = ['all', 'connected', 'waiting'] as const;
type State = (typeof states)[number];

/** How often a list that is on its first page is asked for again. */
const lookEvery = 5000;

/** Who is connected to the message server now. */
export function RaSessions() {
  const t = useText();
  const [search, setSearch] = useState('');
  const [state, setState] = useChoice('state', states);
  return (
    <>
      <div class="toolbar">
        <input
          type="search"
          maxLength={200}
          placeholder={t('remote.sessions.search')}
          aria-label={t('remote.sessions.search')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value.trim())}
        />
        <select
          aria-label={t('remote.state')}
          value={state}
          onChange={(event) => setState(event.currentTarget.value as State)}
        >
          {states.map((one) => (
            <option key={one} value={one}>
              {t(`remote.sessions.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <Sessions key={`${state} ${search}`} search={search} state={state} />
    </>
  );
}

function Sessions({ search, state }: { readonly search: string; readonly state: State }) {
  const t = useText();
  const [hasMore, setHasMore] = useState(false);
  const { items, next, error, more, reload } = useMorePages((cursor) =>
    call(routes.listRaSessions, {
      query: {
        ...(search === '' ? {} : { search }),
        ...(state === 'all' ? {} : { state }),
        ...(cursor === undefined ? {} : { cursor }),
      },
    }),
  );
  // Who reads a later page keeps it.
  const isLive = !hasMore && error === undefined;
  const look = useCallback(() => void (isLive && reload()), [isLive, reload]);
  useInterval(look, lookEvery);
  if (isProblem(error, 'unavailable')) return <p class="hint card">{t('remote.off')}</p>;
  const isAll = search === '' && state === 'all';
  return (
    <Section
      title={t('remote.sessions')}
      action={<LiveMark isLive={isLive} />}
      items={items}
      error={error}
      empty={t(isAll ? 'remote.sessions.empty' : 'remote.sessions.none')}
    >
      <table>
        <TableHead
          columns={[
            t('remote.account'),
            t('remote.presence'),
            { wide: t('remote.session.from') },
            { wide: t('remote.session.since') },
            { wide: t('remote.session.client') },
          ]}
          hasActions
        />
        <tbody>
          {items?.map((one) => (
            <Row key={one.session} session={one} onChange={reload} />
          ))}
        </tbody>
      </table>
      {next !== undefined && (
        <button
          type="button"
          onClick={() => {
            setHasMore(true);
            more();
          }}
        >
          {t('common.more')}
        </button>
      )}
    </Section>
  );
}

function Row({ session: one, onChange }: { readonly session: JsonRaSession; readonly onChange: () => void }) {
  const t = useText();
  const may = useMay('operator');
  const { session, account, resource, kind, state, address, secure, since, active, presence, client } = one;
  const [isAsked, setAsked] = useState(false);
  const end = async () => {
    await call(routes.endRaSession, { params: { session } });
    tellDone(t('remote.connection.ended', { connection: session }));
    onChange();
  };
  return (
    <tr>
      <th scope="row">
        {kind === 'user' ? <a href={`/people/${encodeURIComponent(account)}`}>{account}</a> : account}
        <small>{resource}</small>
      </th>
      <td>
        {state === 'waiting' ? t('remote.session.waits') : t(`remote.presence.${presence}`)}
        {state === 'connected' && !active && <small>{t('remote.session.idle')}</small>}
      </td>
      <td class="wide">
        {address ?? '—'}
        {secure !== undefined && <small>{t(secure ? 'remote.session.tls' : 'remote.session.clear')}</small>}
      </td>
      <td class="wide">{formatRelative(since)}</td>
      <td class="wide">{client ?? '—'}</td>
      <td class="row-actions">
        {may && (
          <button
            type="button"
            class="quiet"
            aria-label={t('remote.connection.end', { connection: session })}
            onClick={() => setAsked(true)}
          >
            {t('remote.connection.end.short')}
          </button>
        )}
        {isAsked && <EndConnectionDialog connection={session} onEnd={end} onClose={() => setAsked(false)} />}
      </td>
    </tr>
  );
}
