import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { navigate } from '../../platform/router.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';

const texts = [
  { key: 'room', label: 'rooms.create.address', hint: 'rooms.create.address.hint', maximum: 2047, isRequired: true },
  { key: 'owner', label: 'rooms.create.owner', hint: 'rooms.create.owner.hint', maximum: 2047, isRequired: true },
  { key: 'name', label: 'rooms.name', hint: undefined, maximum: 128, isRequired: false },
  { key: 'description', label: 'rooms.description', hint: undefined, maximum: 1024, isRequired: false },
] as const;

const switches = [
  { key: 'hidden', label: 'rooms.create.hidden' },
  { key: 'membersOnly', label: 'rooms.create.members' },
  { key: 'moderated', label: 'rooms.create.moderated' },
] as const;

const nothing = { room: '', owner: '', name: '', description: '', password: '' };

/** Makes a room that stays, for somebody, and goes to its page. */
export function CreateDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText();
  const [given, setGiven] = useState(nothing);
  const [chosen, setChosen] = useState({ hidden: false, membersOnly: false, moderated: false });
  const create = async () => {
    const { hidden, ...kind } = chosen;
    const address = { room: given.room.trim(), owner: given.owner.trim() };
    const { room } = await call(routes.createRoom, { body: { ...given, ...address, ...kind, public: !hidden } });
    tellDone(t('rooms.created', { room }));
    navigate(`/rooms/${encodeURIComponent(room)}`);
  };
  return (
    <Dialog title={t('rooms.create')} action={t('rooms.create')} onAction={create} onClose={onClose}>
      <p class="hint">{t('rooms.create.hint')}</p>
      {texts.map(({ key, label, hint, maximum, isRequired }) => (
        <label key={key} class="field">
          <span>{t(label)}</span>
          <input
            value={given[key]}
            maxLength={maximum}
            required={isRequired}
            onInput={({ currentTarget: { value } }) => setGiven((before) => ({ ...before, [key]: value }))}
          />
          {hint !== undefined && <small>{t(hint)}</small>}
        </label>
      ))}
      {switches.map(({ key, label }) => (
        <label key={key} class="check">
          <input
            type="checkbox"
            checked={chosen[key]}
            onChange={({ currentTarget: { checked } }) => setChosen((before) => ({ ...before, [key]: checked }))}
          />
          <span>{t(label)}</span>
        </label>
      ))}
      <label class="field">
        <span>{t('rooms.create.password')}</span>
        <input
          type="password"
          value={given.password}
          maxLength={256}
          autocomplete="new-password"
          onInput={({ currentTarget: { value } }) => setGiven((before) => ({ ...before, password: value }))}
        />
        <small>{t('rooms.create.password.hint')}</small>
      </label>
    </Dialog>
  );
}
