import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { navigate } from '../../platform/router.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { RoomFields, RoomPassword } from './room-fields.tsx';

const texts = [
  { key: 'room', label: 'rooms.create.address', hint: 'rooms.create.address.hint', maximum: 2047, isRequired: true },
  { key: 'owner', label: 'rooms.create.owner', hint: 'rooms.create.owner.hint', maximum: 2047, isRequired: true },
  { key: 'name', label: 'rooms.name', maximum: 128 },
  { key: 'description', label: 'rooms.description', maximum: 1024 },
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
      <RoomFields
        texts={texts}
        switches={switches}
        given={given}
        chosen={chosen}
        onText={(key, value) => setGiven((before) => ({ ...before, [key]: value }))}
        onSwitch={(key, isOn) => setChosen((before) => ({ ...before, [key]: isOn }))}
      />
      <RoomPassword
        value={given.password}
        hint="rooms.create.password.hint"
        onInput={(password) => setGiven((before) => ({ ...before, password }))}
      />
    </Dialog>
  );
}
