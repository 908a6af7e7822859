import { type JsonIssuedAppKey, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';

interface AppKeyFormProps {
  readonly onClose: () => void;
  readonly onIssued: (issued: JsonIssuedAppKey) => void;
}

/** A new appKey for a vendor, or one that its terminals have from another platform. */
export function AppKeyForm({ onClose, onIssued }: AppKeyFormProps) {
  const t = useText();
  const [vendor, setVendor] = useState('');
  const [isTakenOver, setTakenOver] = useState(false);
  const [appKey, setAppKey] = useState('');
  const [password, setPassword] = useState('');
  const issue = async () => {
    const given = isTakenOver ? { appKey: appKey.trim(), password } : {};
    const issued = await call(routes.issueAppKey, { body: { vendor: vendor.trim(), ...given } });
    tellDone(t('app-keys.issued', { appKey: issued.appKey }));
    onIssued(issued);
  };
  return (
    <Dialog title={t('app-keys.issue')} action={t('app-keys.issue')} onAction={issue} onClose={onClose}>
      <label class="field">
        <span>{t('app-keys.vendor')}</span>
        <input
          name="vendor"
          value={vendor}
          required
          maxLength={200}
          autocomplete="off"
          onInput={(event) => setVendor(event.currentTarget.value)}
        />
        <small>{t('app-keys.vendor.hint')}</small>
      </label>
      <label class="check">
        <input type="checkbox" checked={isTakenOver} onChange={(event) => setTakenOver(event.currentTarget.checked)} />
        {t('app-keys.taken-over')}
      </label>
      {isTakenOver && (
        <>
          <label class="field">
            <span>{t('app-keys.key')}</span>
            <input
              name="appKey"
              value={appKey}
              required
              maxLength={32}
              pattern="\s*M[0-9]{9}\s*"
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => setAppKey(event.currentTarget.value)}
            />
            <small>{t('app-keys.key.hint')}</small>
          </label>
          <label class="field">
            <span>{t('app-keys.password')}</span>
            <input
              type="password"
              name="password"
              value={password}
              pattern="[\x21-\x7e]{32}"
              autocomplete="new-password"
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
            <small>{t('app-keys.password.hint')}</small>
          </label>
        </>
      )}
    </Dialog>
  );
}
