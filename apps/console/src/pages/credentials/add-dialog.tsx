import { credentialKinds, credentialPurposes, type JsonNewCredential, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { PemField } from '../../ui/pem-field.tsx';
import { contextOf, emptyContext, OscoreFields } from './oscore-fields.tsx';
import { derOfPem, randomHex } from './pem.ts';

/** A key that the browser made: shown once, for the terminal. */
export interface MadeKey {
  readonly kind: 'psk' | 'oscore';
  /** The PSK identity, or the Sender ID. */
  readonly identity: string;
  readonly key: string;
}

interface AddDialogProps {
  /** Of a rotation: what the new one takes the place of. */
  readonly rotates?: Pick<JsonNewCredential, 'endpoint' | 'kind' | 'purpose'> | undefined;
  readonly onClose: () => void;
  readonly onAdded: (made: MadeKey | undefined) => void;
}

/** Secrets go in here and are never shown again, but for a key that was made just now. */
export function AddDialog({ rotates, onClose, onAdded }: AddDialogProps) {
  const t = useText();
  const [endpoint, setEndpoint] = useState(rotates?.endpoint ?? '');
  const [kind, setKind] = useState<JsonNewCredential['kind']>(rotates?.kind ?? 'psk');
  const [purpose, setPurpose] = useState(rotates?.purpose ?? 'any');
  const [identity, setIdentity] = useState(rotates?.kind === 'psk' ? randomHex(8) : '');
  const [key, setKey] = useState('');
  const [pem, setPem] = useState('');
  const [name, setName] = useState('');
  const [context, setContext] = useState(emptyContext);
  const label = kind === 'rpk' ? 'PUBLIC KEY' : 'CERTIFICATE';
  const isPem = kind === 'rpk' || kind === 'certificate';
  const der = isPem ? derOfPem(pem, label) : undefined;
  const add = async () => {
    if (endpoint.trim() === '' || (isPem && der === undefined)) return false;
    const shown = identity.trim() === '' ? endpoint.trim() : identity.trim();
    const secret = key.trim() === '' ? randomHex(16) : key.trim();
    const masterSecret = context.masterSecret.trim() === '' ? randomHex(16) : context.masterSecret.trim();
    const proof = {
      psk: { identity: shown, key: secret },
      rpk: { publicKey: der! },
      certificate: { certificate: der! },
      'certificate-name': { name: name.trim() },
      oscore: contextOf(context, masterSecret),
    }[kind];
    await call(routes.addCredential, { body: { endpoint: endpoint.trim(), kind, purpose, ...proof } });
    tellDone(t('credentials.added', { endpoint }));
    const madeKey = kind === 'psk' && key.trim() === '' ? { kind, identity: shown, key: secret } : undefined;
    const isNewSecret = kind === 'oscore' && context.masterSecret.trim() === '';
    onAdded(isNewSecret ? { kind, identity: context.senderId.trim(), key: masterSecret } : madeKey);
    return true;
  };
  const title = rotates ? t('credentials.rotate', { endpoint }) : t('credentials.add');
  return (
    <Dialog title={title} action={t('common.add')} onAction={add} onClose={onClose}>
      <p class="hint">{t('credentials.both-good')}</p>
      <label class="field">
        <span>{t('bootstrap.endpoint')}</span>
        <input
          value={endpoint}
          maxLength={512}
          required
          readOnly={rotates !== undefined}
          onInput={(event) => setEndpoint(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{t('credentials.kind')}</span>
        <select value={kind} onChange={(event) => setKind(event.currentTarget.value as JsonNewCredential['kind'])}>
          {credentialKinds.map((one) => (
            <option key={one} value={one}>
              {t(`credentials.kind.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t('credentials.purpose')}</span>
        <select value={purpose} onChange={(event) => setPurpose(event.currentTarget.value as typeof purpose)}>
          {credentialPurposes.map((one) => (
            <option key={one} value={one}>
              {t(`credentials.purpose.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {kind === 'psk' && (
        <>
          <label class="field">
            <span>{t('credentials.identity')}</span>
            <input value={identity} maxLength={256} onInput={(event) => setIdentity(event.currentTarget.value)} />
            <small>{t('credentials.identity.hint')}</small>
          </label>
          <label class="field">
            <span>{t('credentials.key')}</span>
            <input
              type="password"
              value={key}
              maxLength={128}
              autocomplete="new-password"
              onInput={(event) => setKey(event.currentTarget.value)}
            />
            <small>{t('credentials.key.hint')}</small>
          </label>
        </>
      )}
      {kind === 'oscore' && <OscoreFields value={context} mayRederive onInput={setContext} />}
      {isPem && (
        <PemField
          label={t(`credentials.kind.${kind}`)}
          value={pem}
          isRequired
          hint={pem !== '' && der === undefined ? t('credentials.no-pem', { label }) : undefined}
          onInput={setPem}
        />
      )}
      {kind === 'certificate-name' && (
        <label class="field">
          <span>{t('credentials.name')}</span>
          <input value={name} maxLength={512} required onInput={(event) => setName(event.currentTarget.value)} />
        </label>
      )}
    </Dialog>
  );
}
