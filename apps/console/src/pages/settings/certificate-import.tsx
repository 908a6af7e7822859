import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { tellDone } from '../../ui/notices.tsx';
import { PemField } from '../../ui/pem-field.tsx';
import { Asking } from './asking.tsx';

interface ImportProps {
  readonly action: string;
  /** Otherwise the key is that of the request that waits. */
  readonly takesKey?: boolean;
  readonly onChanged: () => void;
}

/** Has the platform show another certificate. */
export function ImportButton({ action, takesKey = false, onChanged }: ImportProps) {
  const t = useText();
  const [certificate, setCertificate] = useState('');
  const [key, setKey] = useState('');
  const send = async () => {
    const body = { certificate, ...(takesKey && { key }) };
    const { fingerprint } = await call(routes.importCertificate, { body });
    tellDone(t('certificates.imported', { fingerprint: fingerprint.slice(0, 16) }));
    onChanged();
  };
  const forget = () => {
    setCertificate('');
    setKey('');
  };
  return (
    <Asking action={action} title={t('certificates.import.title')} onAction={send} onClose={forget}>
      <p>{t('certificates.import.ask')}</p>
      <PemField
        label={t('certificates.import.chain')}
        name="certificate"
        value={certificate}
        isRequired
        hint={t('certificates.import.chain.hint')}
        onInput={setCertificate}
      />
      {takesKey && (
        <PemField
          label={t('certificates.import.key')}
          name="key"
          value={key}
          isRequired
          hint={t('certificates.import.key.hint')}
          onInput={setKey}
        />
      )}
    </Asking>
  );
}
