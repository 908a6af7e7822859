import { type JsonRoomAffiliation, type JsonRoomDetail, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatFullTime } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { navigate } from '../../platform/router.ts';
import { call, callTagged, type Tagged, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { tellDone, tellFailure } from '../../ui/notices.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import { AffiliationDialog } from './affiliation-dialog.tsx';
import { kindOf } from './room-kind.ts';
import { SetupDialog } from './setup-dialog.tsx';

/** One room: how it is set up, who is what to it, who is in it. What is said in it is for its occupants alone. */
export function RoomPage({ room }: { readonly room: string }) {
  const t = useText();
  const { data, error, reload } = useLoad((signal) => call(routes.showRoom, { params: { room }, signal }), [room]);
  return (
    <>
      <a class="back" href="/rooms">
        <Icon name="back" />
        {t('rooms.back')}
      </a>
      <PageTitle text={room} />
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      {data === undefined && error === undefined && <p class="loading">{t('common.loading')}</p>}
      {data !== undefined && (
        <>
          <Facts room={data} />
          <Actions room={data} onChanged={reload} />
          <People room={data} onChanged={reload} />
        </>
      )}
    </>
  );
}

function Facts({ room }: { readonly room: JsonRoomDetail }) {
  const t = useText();
  const { name, description, createdAt, createdBy } = room;
  return (
    <section class="card">
      <dl class="facts">
        <dt>{t('rooms.name')}</dt>
        <dd>{name || '—'}</dd>
        {description !== '' && (
          <>
            <dt>{t('rooms.description')}</dt>
            <dd>{description}</dd>
          </>
        )}
        <dt>{t('rooms.kind')}</dt>
        <dd>{kindOf(room, t)}</dd>
        <dt>{t('rooms.people')}</dt>
        <dd>{t('rooms.people.of', { count: room.occupants, most: room.maxUsers })}</dd>
        <dt>{t('rooms.since')}</dt>
        <dd>{t('rooms.since.by', { time: formatFullTime(createdAt), creator: createdBy })}</dd>
      </dl>
    </section>
  );
}

interface OfRoom {
  readonly room: JsonRoomDetail;
  readonly onChanged: () => void;
}

function Actions({ room: detail, onChanged }: OfRoom) {
  const t = useText();
  const { room } = detail;
  const may = useMay('admin');
  const [isAsked, setAsked] = useState(false);
  const [edited, setEdited] = useState<Tagged<JsonRoomDetail>>();
  const [reason, setReason] = useState('');
  if (!may) return null;
  const destroy = async () => {
    const query = reason.trim() === '' ? {} : { reason: reason.trim() };
    await call(routes.destroyRoom, { params: { room }, query });
    tellDone(t('rooms.destroyed', { room }));
    navigate('/rooms', 'replace');
  };
  // As it is now, whatever the page shows.
  const edit = () =>
    callTagged(routes.showRoom, { params: { room } }).then(setEdited).catch(tellFailure).finally(onChanged);
  return (
    <div class="toolbar">
      <button type="button" onClick={edit}>
        {t('rooms.setup')}
      </button>
      <button type="button" class="danger" onClick={() => setAsked(true)}>
        {t('rooms.destroy')}
      </button>
      {edited && <SetupDialog edited={edited} onDone={onChanged} onClose={() => setEdited(undefined)} />}
      {isAsked && (
        <Dialog
          title={t('rooms.destroy.title', { room })}
          action={t('rooms.destroy')}
          isDangerous
          onAction={destroy}
          onClose={() => setAsked(false)}
        >
          <p>{t('rooms.destroy.ask')}</p>
          <label class="field">
            <span>{t('rooms.destroy.reason')}</span>
            <input value={reason} maxLength={1000} onInput={(event) => setReason(event.currentTarget.value)} />
          </label>
        </Dialog>
      )}
    </div>
  );
}

function People({ room: { room, affiliations, present }, onChanged }: OfRoom) {
  const t = useText();
  const may = useMay('admin');
  const [changing, setChanging] = useState<Tagged<JsonRoomAffiliation> | 'new'>();
  const change = (member: string) =>
    callTagged(routes.showRoomAffiliation, { params: { room, member } })
      .then(setChanging)
      .catch(tellFailure)
      .finally(onChanged);
  return (
    <>
      {changing !== undefined && (
        <AffiliationDialog
          room={room}
          edited={changing === 'new' ? undefined : changing}
          onDone={onChanged}
          onClose={() => setChanging(undefined)}
        />
      )}
      <Section
        title={t('rooms.affiliations')}
        items={affiliations}
        error={undefined}
        empty={t('rooms.affiliations.empty')}
      >
        <table>
          <TableHead columns={[t('rooms.account'), t('rooms.affiliation')]} hasActions={may} />
          <tbody>
            {affiliations.map((one) => (
              <tr key={one.account}>
                <th scope="row">{one.account}</th>
                <td>{t(`rooms.affiliation.${one.affiliation}`)}</td>
                {may && (
                  <td>
                    <button
                      type="button"
                      aria-label={t('rooms.affiliate.title', { account: one.account })}
                      onClick={() => change(one.account)}
                    >
                      {t('rooms.affiliate.change')}
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      {may && (
        <div class="toolbar">
          <button type="button" onClick={() => setChanging('new')}>
            {t('rooms.affiliate.add')}
          </button>
        </div>
      )}
      <Section title={t('rooms.present')} items={present} error={undefined} empty={t('rooms.present.empty')}>
        <table>
          <TableHead columns={[t('rooms.nick'), t('rooms.role'), { wide: t('rooms.account') }]} />
          <tbody>
            {present.map(({ nick, account, role }) => (
              <tr key={nick}>
                <th scope="row">{nick}</th>
                <td>{t(`rooms.role.${role}`)}</td>
                <td class="wide">{account}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </>
  );
}
