import { type JsonAppKey, type JsonIssuedAppKey, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatTime } from '../../platform/format.ts';
import { useMorePages } from '../../platform/more-pages.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Secret } from '../../ui/secret.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import { AppKeyForm } from './app-key-form.tsx';
import { SettingsNav } from './settings-nav.tsx';

/** Which vendors' terminals of profiles B and C may come in. */
export function AppKeysPage() {
  const t = useText();
  const may = useMay('operator');
  return (
    <>
      <PageTitle text={t('app-keys.title')} />
      <SettingsNav current="/settings/app-keys" />
      <p class="hint">{t('app-keys.lead')}</p>
      {may ? <AppKeys /> : <p class="hint">{t('role.needed', { role: t('role.operator') })}</p>}
    </>
  );
}

function AppKeys() {
  const t = useText();
  const may = useMay('admin');
  const [isIssuing, setIssuing] = useState(false);
  const [made, setMade] = useState<JsonIssuedAppKey>();
  const { items, next, error, more, reload } = useMorePages((cursor) =>
    call(routes.listAppKeys, { query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } }),
  );
  const issued = (one: JsonIssuedAppKey) => {
    setMade(one.password === undefined ? undefined : one);
    reload();
  };
  const revoke = async ({ appKey }: JsonAppKey) => {
    await call(routes.revokeAppKey, { params: { appKey } });
    tellDone(t('app-keys.revoked', { appKey }));
    if (made?.appKey === appKey) setMade(undefined);
    reload();
  };
  const issue = may && (
    <button type="button" onClick={() => setIssuing(true)}>
      <Icon name="plus" /> {t('app-keys.issue')}
    </button>
  );
  return (
    <Section
      title={t('app-keys.title')}
      action={issue}
      items={items}
      error={error}
      empty={t(may ? 'app-keys.empty' : 'app-keys.empty.looking')}
    >
      {made?.password !== undefined && (
        <Secret title={t('app-keys.made', made)} hint={t('app-keys.made.hint')} text={made.password} />
      )}
      <table>
        <TableHead
          columns={[t('app-keys.vendor'), t('app-keys.key'), { wide: t('app-keys.since') }]}
          hasActions={may}
        />
        <tbody>
          {items?.map((one) => (
            <tr key={one.appKey}>
              <th scope="row" class="any-break">
                {one.vendor}
              </th>
              <td>
                <code>{one.appKey}</code>
              </td>
              <td class="wide">{formatTime(one.issuedAt)}</td>
              {may && (
                <td class="row-actions">
                  <RemoveButton
                    title={t('app-keys.revoke', one)}
                    question={t('app-keys.revoke.ask')}
                    action={t('app-keys.revoke.action')}
                    onRemove={() => revoke(one)}
                  />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {next !== undefined && (
        <button type="button" onClick={more}>
          {t('common.more')}
        </button>
      )}
      {isIssuing && <AppKeyForm onClose={() => setIssuing(false)} onIssued={issued} />}
    </Section>
  );
}
