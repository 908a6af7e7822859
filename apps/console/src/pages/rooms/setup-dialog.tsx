import { type JsonRoomDetail, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';

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
  readonly room: JsonRoomDetail;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const t = useText();
  const { room, onDone, onClose } = props;
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
    await call(routes.configureRoom, { params: { room: room.room }, body });
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
      {texts.map(({ key, label, maximum }) => (
        <label key={key} class="field">
          <span>{t(label)}</span>
          <input
            value={given[key]}
            maxLength={maximum}
            onInput={({ currentTarget: { value } }) => setGiven((before) => ({ ...before, [key]: value }))}
          />
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
        <label class="field">
          <span>{t('rooms.create.password')}</span>
          <input
            type="password"
            value={password}
            maxLength={256}
            required={!room.passwordProtected}
            autocomplete="new-password"
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
          {room.passwordProtected && <small>{t('rooms.setup.password.hint')}</small>}
        </label>
      )}
    </Dialog>
  );
}
