import { type JsonCertificate, routes } from '@yaolian/contract';
import { formatFullTime, formatNumber } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { type Translate, useText } from '../../platform/text.ts';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { AddAuthorities, CertificateChanges, RemoveAuthority } from './certificate-changes.tsx';
import { PendingRequest } from './certificate-request.tsx';
import { SettingsNav } from './settings-nav.tsx';

/** The certificates of the platform, those that end first before the others; one card for all listeners that show the same. */
export function CertificatesPage() {
  const t = useText();
  const { data, error, reload } = useLoad((signal) => call(routes.listCertificates, { signal }), []);
  return (
    <>
      <PageTitle text={t('certificates.title')} />
      <SettingsNav current="/settings/certificates" />
      <p class="hint">{t('certificates.lead')}</p>
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="loading">{t('common.loading')}</p>}
      {data && <AddAuthorities onChanged={reload} />}
      {data?.request && <PendingRequest request={data.request} onChanged={reload} />}
      {data &&
        together(data.items).map((same) => (
          <CertificateCard
            key={keyOf(same[0]!)}
            same={same}
            mayRequest={data.request === undefined}
            onChanged={reload}
          />
        ))}
    </>
  );
}

type Same = readonly JsonCertificate[];

function keyOf({ fingerprint, usedFor, reloads }: JsonCertificate): string {
  return `${usedFor} ${fingerprint} ${reloads}`;
}

function together(items: readonly JsonCertificate[]): readonly Same[] {
  const groups = Map.groupBy(items, keyOf);
  return [...groups.values()].sort(([one], [other]) => one!.daysLeft - other!.daysLeft);
}

interface CardProps {
  readonly same: Same;
  readonly mayRequest: boolean;
  readonly onChanged: () => void;
}

function CertificateCard({ same, mayRequest, onChanged }: CardProps) {
  const t = useText();
  const certificate = same[0]!;
  const { usedFor, subject, issuer, selfSigned, names, notBefore, notAfter, fingerprint, chain, state } = certificate;
  return (
    <section class="card stack">
      <h2>
        {subject} <span class={`badge health-${state}`}>{validityText(certificate, t)}</span>
      </h2>
      <p>
        {usedFor === 'client-authority'
          ? t('certificates.authority')
          : same.map(({ listener }) => (
              <code key={listener} class="block">
                {listener}
              </code>
            ))}
      </p>
      <dl class="facts">
        <dt>{t('certificates.issuer')}</dt>
        <dd>{selfSigned ? t('certificates.self') : issuer}</dd>
        {names.length > 0 && (
          <>
            <dt>{t('certificates.names')}</dt>
            <dd>{names.join(', ')}</dd>
          </>
        )}
        <dt>{t('certificates.validity')}</dt>
        <dd>{t('certificates.until', { from: formatFullTime(notBefore), to: formatFullTime(notAfter) })}</dd>
        <dt>{t('certificates.fingerprint')}</dt>
        <dd>
          <code class="block">{fingerprint}</code>
        </dd>
        {chain.length > 0 && (
          <>
            <dt>{t('certificates.chain')}</dt>
            <dd>
              {chain.map((above) => (
                <span key={above.fingerprint} class="block">
                  {above.subject} <small>{validityText(above, t)}</small>
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
      <p class="hint">{t(replacement(certificate))}</p>
      {usedFor === 'listener' && (
        <CertificateChanges origin={certificate.origin} mayRequest={mayRequest} onChanged={onChanged} />
      )}
      {usedFor === 'client-authority' && <RemoveAuthority certificate={certificate} onChanged={onChanged} />}
    </section>
  );
}

function validityText({ daysLeft, notBefore }: Pick<JsonCertificate, 'daysLeft' | 'notBefore'>, t: Translate): string {
  if (daysLeft < 0) return t('certificates.over', { days: formatNumber(-daysLeft) });
  if (new Date(notBefore).getTime() > Date.now()) return t('certificates.early');
  return t('certificates.days', { days: formatNumber(daysLeft) });
}

function replacement({ origin, reloads, usedFor }: JsonCertificate) {
  if (usedFor === 'client-authority')
    return origin === 'files' ? 'certificates.authority.file' : 'certificates.authority.added';
  if (origin === 'platform') return 'certificates.replace.own';
  if (origin === 'imported') return 'certificates.replace.imported';
  return reloads ? 'certificates.replace' : 'certificates.replace.restart';
}
