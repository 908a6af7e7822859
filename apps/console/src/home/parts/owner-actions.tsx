import { type JsonHomeDevice, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatFullTime } from '../../platform/format.ts';
import { navigate } from '../../platform/router.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { loadDevices } from '../model/home-model.ts';
import { ask } from '../model/session.ts';

type Asked = 'edit' | 'code' | 'unbind' | undefined;

/** What only an owner does: name it, let others own it, give it up. */
export function OwnerActions({ device, onChange }: { readonly device: JsonHomeDevice; readonly onChange: () => void }) {
  const t = useText();
  const [asked, setAsked] = useState<Asked>(undefined);
  const close = () => setAsked(undefined);
  const unbind = async () => {
    await ask(routes.unbindHomeDevice, { params: { device: device.device } });
    await loadDevices();
    navigate('/home');
  };
  return (
    <div class="home-actions">
      <button type="button" onClick={() => setAsked('edit')}>
        {t('home.device.edit')}
      </button>
      <button type="button" onClick={() => setAsked('code')}>
        {t('home.device.code')}
      </button>
      <button type="button" class="danger" onClick={() => setAsked('unbind')}>
        {t('home.device.unbind')}
      </button>
      {asked === 'edit' && <NamesDialog device={device} onChange={onChange} onClose={close} />}
      {asked === 'code' && <CodeDialog device={device} onClose={close} />}
      {asked === 'unbind' && (
        <Dialog
          title={`${t('home.device.unbind')}: ${device.name}`}
          action={t('home.device.unbind')}
          isDangerous
          onAction={unbind}
          onClose={close}
        >
          <p>{t('home.device.unbind-question')}</p>
        </Dialog>
      )}
    </div>
  );
}

function NamesDialog({
  device,
  onChange,
  onClose,
}: {
  readonly device: JsonHomeDevice;
  readonly onChange: () => void;
  readonly onClose: () => void;
}) {
  const t = useText();
  const [name, setName] = useState(device.name);
  const [groups, setGroups] = useState(device.groups.join(', '));
  const save = async () => {
    const list = groups
      .split(/[,，]/)
      .map((one) => one.trim())
      .filter((one) => one !== '');
    const body = { name: name.trim() || device.name, groups: [...new Set(list)] };
    await ask(routes.renameHomeDevice, { params: { device: device.device }, body });
    await loadDevices();
    onChange();
  };
  return (
    <Dialog title={t('home.device.edit')} action={t('common.save')} onAction={save} onClose={onClose}>
      <label class="field">
        <span>{t('home.device.name')}</span>
        <input value={name} required maxLength={128} onInput={(e) => setName(e.currentTarget.value)} />
      </label>
      <label class="field">
        <span>{t('home.device.groups')}</span>
        <input value={groups} onInput={(e) => setGroups(e.currentTarget.value)} />
      </label>
    </Dialog>
  );
}

function CodeDialog({ device, onClose }: { readonly device: JsonHomeDevice; readonly onClose: () => void }) {
  const t = useText();
  const [issued, setIssued] = useState<{ readonly code: string; readonly expiresAt?: string } | undefined>(undefined);
  const reset = async () => {
    if (issued !== undefined) return true;
    setIssued(await ask(routes.resetHomeCode, { params: { device: device.device } }));
    return false;
  };
  return (
    <Dialog
      title={t('home.device.code')}
      action={t(issued === undefined ? 'home.device.code' : 'common.close')}
      isTold={issued !== undefined}
      onAction={reset}
      onClose={onClose}
    >
      {issued === undefined ? (
        <p>{t('home.device.code-question')}</p>
      ) : (
        <p role="status">
          {t('home.device.code-is')}: <strong class="home-code">{issued.code}</strong>
          {issued.expiresAt !== undefined && (
            <small>{t('home.device.code-until', { time: formatFullTime(issued.expiresAt) })}</small>
          )}
        </p>
      )}
    </Dialog>
  );
}
