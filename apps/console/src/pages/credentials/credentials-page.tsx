import { type JsonCredential, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useLoad } from '../../platform/load.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import { AddDialog, type MadeKey } from './add-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';

const pageSize = 200;

/** With what terminals prove who they are. Secrets are never shown. */
export function CredentialsPage() {
  const t = useText();
  const may = useMay('admin');
  const [open, setOpen] = useState<'add' | 'import' | JsonCredential>();
  const [made, setMade] = useState<MadeKey>();
  const [endpoint, setEndpoint] = useState('');
  const [count, setCount] = useState(pageSize);
  const only = endpoint.trim();
  const { data, error, reload } = useLoad(
    (signal) => listed(only === '' ? {} : { endpoint: only }, count, signal),
    [only, count],
  );
  const added = (key: MadeKey | undefined) => {
    setMade(key);
    reload();
  };
  const close = () => setOpen(undefined);
  const actions = may && (
    <div class="head-actions">
      <button type="button" onClick={() => setOpen('import')}>
        {t('credentials.import')}
      </button>
      <button type="button" onClick={() => setOpen('add')}>
        <Icon name="plus" /> {t('credentials.add')}
      </button>
    </div>
  );
  return (
    <>
      <PageTitle text={t('nav.credentials')} />
      {made && <MadeKeyNote made={made} />}
      <label class="field narrow">
        <span>{t('credentials.filter')}</span>
        <input type="search" value={endpoint} onInput={(event) => setEndpoint(event.currentTarget.value)} />
      </label>
      <Section
        title={t('credentials.title')}
        action={actions}
        items={data?.items}
        error={error}
        empty={
          only === ''
            ? t(may ? 'credentials.empty' : 'credentials.empty.looking')
            : t('credentials.none-of', { endpoint: only })
        }
      >
        <p class="hint">{t('credentials.lead')}</p>
        <table>
          <TableHead
            columns={[
              t('bootstrap.endpoint'),
              { wide: t('credentials.kind') },
              { wide: t('credentials.proof') },
              { wide: t('credentials.purpose') },
              t('credentials.state'),
            ]}
            hasActions
          />
          <tbody>
            {data?.items.map((one) => (
              <CredentialRow key={one.id} credential={one} onRotate={() => setOpen(one)} onRemoved={reload} />
            ))}
          </tbody>
        </table>
        {data?.more && (
          <button type="button" onClick={() => setCount(count + pageSize)}>
            {t('credentials.more')}
          </button>
        )}
        {open === 'import' && <ImportDialog onClose={close} onAdded={reload} />}
        {open !== undefined && open !== 'import' && (
          <AddDialog rotates={open === 'add' ? undefined : open} onClose={close} onAdded={added} />
        )}
      </Section>
    </>
  );
}

/** As many as are asked for, page by page. */
async function listed(query: { readonly endpoint?: string }, count: number, signal: AbortSignal) {
  const items: JsonCredential[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(pageSize, count - items.length);
    const page = await call(routes.listCredentials, {
      query: { ...query, limit, ...(cursor === undefined ? {} : { cursor }) },
      signal,
    });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && items.length < count);
  return { items, more: cursor !== undefined };
}

function MadeKeyNote({ made: { kind, identity, key } }: { readonly made: MadeKey }) {
  const t = useText();
  return (
    <section class="card section" role="status">
      <h2>{t('credentials.made')}</h2>
      <p class="hint">{t('credentials.made.lead')}</p>
      <dl class="facts">
        <dt>{t(kind === 'psk' ? 'credentials.identity' : 'credentials.oscore.sender-id')}</dt>
        <dd>
          <code class="block">{identity}</code>
        </dd>
        <dt>{t(kind === 'psk' ? 'credentials.key' : 'credentials.oscore.secret')}</dt>
        <dd>
          <code class="block">{key}</code>
        </dd>
      </dl>
    </section>
  );
}

interface CredentialRowProps {
  readonly credential: JsonCredential;
  readonly onRotate: () => void;
  readonly onRemoved: () => void;
}

function CredentialRow({ credential, onRotate, onRemoved }: CredentialRowProps) {
  const t = useText();
  const may = useMay('admin');
  const { id, endpoint, kind, purpose, state, issued } = credential;
  const proof = credential.identity ?? credential.name ?? credential.fingerprint ?? credential.senderId ?? '';
  const remove = async () => {
    await call(routes.removeCredential, { params: { id } });
    onRemoved();
  };
  return (
    <tr>
      <th scope="row" class="any-break">
        {endpoint}
      </th>
      <td class="wide">{t(`credentials.kind.${kind}`)}</td>
      <td class="wide">
        <code title={proof}>{proof.length > 24 ? `${proof.slice(0, 24)}…` : proof}</code>
      </td>
      <td class="wide">{t(`credentials.purpose.${purpose}`)}</td>
      <td>
        {t(`credentials.state.${state}`)}
        {issued && <small class="block">{t('credentials.issued')}</small>}
      </td>
      <td class="row-actions">
        {may && (
          <>
            <button
              type="button"
              class="quiet icon-only"
              aria-label={t('credentials.rotate', { endpoint })}
              title={t('credentials.rotate', { endpoint })}
              onClick={onRotate}
            >
              <Icon name="read" />
            </button>
            <RemoveButton
              title={t('credentials.remove', { endpoint })}
              question={t('credentials.remove.ask')}
              onRemove={remove}
            />
          </>
        )}
      </td>
    </tr>
  );
}
