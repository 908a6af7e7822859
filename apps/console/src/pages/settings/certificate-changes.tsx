import { type JsonCertificate, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { saveFile } from '../../platform/save-file.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { tellDone } from '../../ui/notices.tsx';
import { PemField } from '../../ui/pem-field.tsx';
import { Asking } from './asking.tsx';
import { ImportButton } from './certificate-import.tsx';
import { RequestButton } from './certificate-request.tsx';

interface ChangesProps {
  readonly origin: JsonCertificate['origin'];
  /** One request waits at a time. */
  readonly mayRequest: boolean;
  readonly onChanged: () => void;
}

/** What an admin may do with the certificate that the platform shows; one of files is replaced where they lie. */
export function CertificateChanges({ origin, mayRequest, onChanged }: ChangesProps) {
  const t = useText();
  const may = useMay('admin');
  if (!may || origin === 'files') return null;
  return (
    <div class="toolbar">
      {origin === 'platform' && <RenewButton onChanged={onChanged} />}
      <ImportButton action={t('certificates.import')} takesKey onChanged={onChanged} />
      {mayRequest && <RequestButton onChanged={onChanged} />}
      {origin === 'imported' && <RemoveButton onChanged={onChanged} />}
    </div>
  );
}

type Changed = Pick<ChangesProps, 'onChanged'>;

/** Makes the platform's own anew, after one question, and hands it out: clients have to be given it. */
function RenewButton({ onChanged }: Changed) {
  const t = useText();
  const renew = async () => {
    const { certificate, fingerprint } = await call(routes.renewCertificate, {});
    saveFile(new Blob([certificate], { type: 'application/x-pem-file' }), 'certificate.pem');
    tellDone(t('certificates.renewed', { fingerprint: fingerprint.slice(0, 16) }));
    onChanged();
  };
  return (
    <Asking action={t('certificates.renew')} title={t('certificates.renew.title')} onAction={renew}>
      <p>{t('certificates.renew.ask')}</p>
    </Asking>
  );
}

function RemoveButton({ onChanged }: Changed) {
  const t = useText();
  const remove = async () => {
    const { fingerprint } = await call(routes.removeCertificate, {});
    tellDone(t('certificates.removed', { fingerprint: fingerprint.slice(0, 16) }));
    onChanged();
  };
  return (
    <Asking action={t('certificates.remove')} title={t('certificates.remove.title')} isDangerous onAction={remove}>
      <p>{t('certificates.remove.ask')}</p>
    </Asking>
  );
}

/** Takes further authorities of devices. */
export function AddAuthorities({ onChanged }: Changed) {
  const t = useText();
  const may = useMay('admin');
  const [certificates, setCertificates] = useState('');
  if (!may) return null;
  const send = async () => {
    const { items } = await call(routes.addClientAuthorities, { body: { certificates } });
    tellDone(t('certificates.trusted', { subject: items.map(({ subject }) => subject).join('; ') }));
    onChanged();
  };
  return (
    <div class="toolbar">
      <Asking
        action={t('certificates.trust')}
        title={t('certificates.trust')}
        onAction={send}
        onClose={() => setCertificates('')}
      >
        <p>{t('certificates.trust.ask')}</p>
        <PemField
          label={t('certificates.trust.pem')}
          name="certificates"
          value={certificates}
          isRequired
          hint={t('certificates.trust.hint')}
          onInput={setCertificates}
        />
      </Asking>
    </div>
  );
}

/** Believes an authority no more; those of a file are taken out there. */
export function RemoveAuthority({ certificate, onChanged }: Changed & { readonly certificate: JsonCertificate }) {
  const t = useText();
  const may = useMay('admin');
  const { subject, fingerprint, origin } = certificate;
  if (!may || origin === 'files') return null;
  const remove = async () => {
    await call(routes.removeClientAuthority, { params: { fingerprint } });
    tellDone(t('certificates.distrusted', { subject }));
    onChanged();
  };
  return (
    <div class="toolbar">
      <Asking
        action={t('certificates.distrust')}
        title={t('certificates.distrust.title')}
        isDangerous
        onAction={remove}
      >
        <p>{t('certificates.distrust.ask', { subject })}</p>
      </Asking>
    </div>
  );
}
