import { type JsonRoomAffiliation, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call, type Tagged, unlessChanged } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';

type Affiliation = JsonRoomAffiliation['affiliation'];

const places: readonly Affiliation[] = ['owner', 'admin', 'member', 'outcast'];

/** Gives an account a place in a room, changes it, or takes it away; who is in the room is told. */
export function AffiliationDialog(props: {
  readonly room: string;
  /** Whose place is changed, as it was then; undefined: somebody is added. */
  readonly edited: Tagged<JsonRoomAffiliation> | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const t = useText();
  const { room, edited, onDone, onClose } = props;
  const of = edited?.value;
  const [account, setAccount] = useState(of?.account ?? '');
  const [place, setPlace] = useState<Affiliation | 'none'>(of?.affiliation ?? 'member');
  const [reason, setReason] = useState('');
  const save = async () => {
    const params = { room, member: account.trim() };
    const why = reason.trim() === '' ? {} : { reason: reason.trim() };
    // Who is added has a place already where another operator was faster.
    const unless = edited === undefined ? { ifNoneMatch: '*' as const } : unlessChanged(edited.tag);
    if (place === 'none') await call(routes.removeRoomAffiliation, { params, query: why, ...unless });
    else await call(routes.setRoomAffiliation, { params, body: { affiliation: place, ...why }, ...unless });
    tellDone(t('rooms.affiliate.done', { account: params.member, place: t(`rooms.affiliation.${place}`) }));
    onDone();
    onClose();
  };
  const title = of === undefined ? t('rooms.affiliate.add') : t('rooms.affiliate.title', { account: of.account });
  return (
    <Dialog title={title} action={t('common.save')} onAction={save} onClose={onClose}>
      {of === undefined && (
        <label class="field">
          <span>{t('rooms.account')}</span>
          <input value={account} maxLength={2047} required onInput={(event) => setAccount(event.currentTarget.value)} />
          <small>{t('rooms.create.owner.hint')}</small>
        </label>
      )}
      <label class="field">
        <span>{t('rooms.affiliation')}</span>
        <select value={place} onChange={(event) => setPlace(event.currentTarget.value as typeof place)}>
          {[...places, ...(of === undefined ? [] : (['none'] as const))].map((one) => (
            <option key={one} value={one}>
              {t(`rooms.affiliation.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t('rooms.destroy.reason')}</span>
        <input value={reason} maxLength={1000} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
    </Dialog>
  );
}
