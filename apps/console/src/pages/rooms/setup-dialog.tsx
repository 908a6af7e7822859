import { type JsonRoomDetail, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call, type Tagged, unlessChanged } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { RoomFields, RoomPassword } from './room-fields.tsx';

const texts = [
  { key: 'name', label: 'rooms.name', maximum: 128 },
  { key: 'description', label: 'rooms.description', maximum: 1024 },
] as const;

const switches = [
  { key: 'persistent', label: 'rooms.setup.persistent' },
  { key: 'public', label: 'rooms.setup.public' },
  { key: 'membersOnly', label: 'rooms.setup.members' },
  { key: 'moderated', label: 'rooms.create.moderated' },
] as const;

/** Sets a room up otherwise, as its owner does with a client; who is in it is told. */
export function SetupDialog(props: {
  /** As it was when somebody began to change it. */
  readonly edited: Tagged<JsonRoomDetail>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const t = useText();
  const { edited, onDone, onClose } = props;
  const room = edited.value;
  const [given, setGiven] = useState({ name: room.name, description: room.description });
  const [chosen, setChosen] = useState({
    persistent: room.persistent,
    public: room.public,
    membersOnly: room.membersOnly,
    moderated: room.moderated,
  });
  const [most, setMost] = useState(String(room.maxUsers));
  const [needsPassword, setNeedsPassword] = useState(room.passwordProtected);
  const [password, setPassword] = useState('');
  const save = async () => {
    // A password is never told: one that is not typed anew stays.
    const secret = !needsPassword ? { password: '' } : password === '' ? {} : { password };
    const body = { ...given, ...chosen, ...secret, maxUsers: Number(most) };
    await call(routes.configureRoom, { params: { room: room.room }, body, ...unlessChanged(edited.tag) });
    tellDone(t('rooms.setup.done', { room: room.room }));
    onDone();
    onClose();
  };
  return (
    <Dialog
      title={t('rooms.setup.title', { room: room.room })}
      action={t('common.save')}
      onAction={save}
      onClose={onClose}
    >
      <RoomFields
        texts={texts}
        switches={switches}
        given={given}
        chosen={chosen}
        onText={(key, value) => setGiven((before) => ({ ...before, [key]: value }))}
        onSwitch={(key, isOn) => setChosen((before) => ({ ...before, [key]: isOn }))}
      />
      <label class="field">
        <span>{t('rooms.setup.most')}</span>
        <input
          type="number"
          min={1}
          max={1_000_000}
          required
          value={most}
          onInput={(event) => setMost(event.currentTarget.value)}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={needsPassword}
          onChange={(event) => setNeedsPassword(event.currentTarget.checked)}
        />
        <span>{t('rooms.setup.password')}</span>
      </label>
      {needsPassword && (
        <RoomPassword
          value={password}
          isRequired={!room.passwordProtected}
          {...(room.passwordProtected && { hint: 'rooms.setup.password.hint' })}
          onInput={setPassword}
        />
      )}
    </Dialog>
  );
}
