import { lazyPage } from '../../platform/lazy-page.tsx';
import { useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { PageTitle } from '../../ui/page-title.tsx';
import { AuditLog } from './audit-log.tsx';
import { Operators } from './operators.tsx';
import { PasswordCard } from './password-card.tsx';
import { SecondFactorCard } from './second-factor-card.tsx';
import { SettingsNav } from './settings-nav.tsx';
import { Tokens } from './tokens.tsx';

const MessagesPanel = lazyPage(async () => (await import('../messages/messages-panel.tsx')).MessagesPanel);

/** Who may use the platform, and with what. */
export function SettingsPage() {
  const t = useText();
  const isAdmin = useMay('admin');
  const mayTrace = useMay('operator');
  return (
    <>
      <PageTitle text={t('nav.settings')} />
      <SettingsNav current="/settings" />
      {isAdmin && <Operators />}
      {isAdmin && <Tokens />}
      {isAdmin && <AuditLog />}
      <div class="columns even">
        <PasswordCard />
        <SecondFactorCard />
        <section class="card">
          <h2>{t('interfaces.title')}</h2>
          <p class="hint">{t('interfaces.lead')}</p>
          <ul class="plain">
            <li>
              <a href="/openapi.json">OpenAPI</a>
            </li>
            <li>
              <a href="/metrics">Prometheus</a>
            </li>
            <li>
              <a href="/api/v1/status">/api/v1/status</a>
            </li>
          </ul>
        </section>
      </div>
      {mayTrace && (
        <section>
          <h2>{t('messages.everything')}</h2>
          <p class="hint">{t('messages.everything.lead')}</p>
          <MessagesPanel subject="*" />
        </section>
      )}
    </>
  );
}
