import { type JsonCertificateRequest, type RouteBody, requestKeyKinds, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatFullTime } from '../../platform/format.ts';
import { saveFile } from '../../platform/save-file.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { tellDone } from '../../ui/notices.tsx';
import { Asking } from './asking.tsx';
import { ImportButton } from './certificate-import.tsx';

interface Changed {
  readonly onChanged: () => void;
}

/** Has the platform make a key and a request, and saves the request for the authority. */
export function RequestButton({ onChanged }: Changed) {
  const t = useText();
  const [names, setNames] = useState('');
  const [subject, setSubject] = useState<Subject>({});
  const [keyKind, setKeyKind] = useState<JsonCertificateRequest['keyKind']>('P-256');
  const send = async () => {
    const given = Object.entries(subject).flatMap(([part, text]) => (text.trim() ? [[part, text.trim()]] : []));
    const body = { names: namesIn(names), ...(Object.fromEntries(given) as Subject), keyKind };
    saveRequest(await call(routes.addCertificateRequest, { body }));
    tellDone(t('certificates.requested'));
    onChanged();
  };
  const forget = () => {
    setNames('');
    setSubject({});
    setKeyKind('P-256');
  };
  const field = ({ name, maxLength, hint, pattern }: Part) => (
    <label key={name} class="field">
      <span>{t(`certificates.request.${name}`)}</span>
      <input
        name={name}
        value={subject[name] ?? ''}
        maxLength={maxLength}
        pattern={pattern}
        autocomplete="off"
        onInput={({ currentTarget: { value } }) =>
          setSubject({ ...subject, [name]: name === 'country' ? value.toUpperCase() : value })
        }
      />
      {hint && <small>{t(hint)}</small>}
    </label>
  );
  return (
    <Asking action={t('certificates.request')} title={t('certificates.request')} onAction={send} onClose={forget}>
      <p>{t('certificates.request.ask')}</p>
      <label class="field">
        <span>{t('certificates.request.names')}</span>
        <textarea
          name="names"
          rows={3}
          value={names}
          required
          spellcheck={false}
          autocomplete="off"
          placeholder="iot.example.com"
          onInput={(event) => setNames(event.currentTarget.value)}
        />
        <small>{t('certificates.request.names.hint')}</small>
      </label>
      {parts.map(field)}
      <details>
        <summary>{t('certificates.request.more')}</summary>
        {furtherParts.map(field)}
      </details>
      <label class="field">
        <span>{t('certificates.request.key')}</span>
        <select
          name="keyKind"
          value={keyKind}
          onChange={(event) => setKeyKind(event.currentTarget.value as typeof keyKind)}
        >
          {requestKeyKinds.map((kind) => (
            <option key={kind}>{kind}</option>
          ))}
        </select>
      </label>
    </Asking>
  );
}

/** All of a subject may be left out. */
type Subject = {
  [Part in Exclude<keyof RouteBody<typeof routes.addCertificateRequest>, 'names' | 'keyKind' | 'replace'>]?: string;
};

interface Part {
  readonly name: keyof Subject;
  readonly maxLength: number;
  readonly hint?: 'certificates.request.commonName.hint' | 'certificates.request.country.hint';
  readonly pattern?: string;
}

const parts: readonly Part[] = [
  { name: 'commonName', maxLength: 64, hint: 'certificates.request.commonName.hint' },
  { name: 'organization', maxLength: 64 },
  { name: 'country', maxLength: 2, hint: 'certificates.request.country.hint', pattern: '[A-Z]{2}' },
];

const furtherParts: readonly Part[] = [
  { name: 'organizationalUnit', maxLength: 64 },
  { name: 'locality', maxLength: 128 },
  { name: 'state', maxLength: 128 },
];

const namesIn = (text: string) => text.split(/[\s,;，；、]+/).filter((name) => name !== '');

function saveRequest({ request }: JsonCertificateRequest): void {
  saveFile(new Blob([request], { type: 'application/pkcs10' }), 'request.pem');
}

interface PendingProps extends Changed {
  readonly request: JsonCertificateRequest;
}

/** A request that was given to an authority: its certificate is imported here once it comes. */
export function PendingRequest({ request, onChanged }: PendingProps) {
  const t = useText();
  const may = useMay('admin');
  const { subject, names, keyKind, since } = request;
  return (
    <section class="card stack">
      <h2>
        {subject || names[0]} <span class="badge health-degraded">{t('certificates.pending')}</span>
      </h2>
      <dl class="facts">
        <dt>{t('certificates.names')}</dt>
        <dd>{names.join(', ')}</dd>
        <dt>{t('certificates.request.key')}</dt>
        <dd>{keyKind}</dd>
        <dt>{t('certificates.pending.since')}</dt>
        <dd>{formatFullTime(since)}</dd>
      </dl>
      <p class="hint">{t('certificates.pending.hint')}</p>
      <div class="toolbar">
        {may && <ImportButton action={t('certificates.pending.import')} onChanged={onChanged} />}
        <button type="button" onClick={() => saveRequest(request)}>
          {t('certificates.request.save')}
        </button>
        {may && <GiveUp onChanged={onChanged} />}
      </div>
    </section>
  );
}

function GiveUp({ onChanged }: Changed) {
  const t = useText();
  const giveUp = async () => {
    await call(routes.removeCertificateRequest, {});
    tellDone(t('certificates.request.gone'));
    onChanged();
  };
  return (
    <Asking
      action={t('certificates.request.giveUp')}
      title={t('certificates.request.giveUp.title')}
      isDangerous
      onAction={giveUp}
    >
      <p>{t('certificates.request.giveUp.ask')}</p>
    </Asking>
  );
}
