import { type JsonBootstrapConfiguration, type JsonBootstrapEntry, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useMorePages } from '../../platform/more-pages.ts';
import { call, callTagged, isProblem, type Tagged, unlessChanged, useMay } from '../../platform/session.ts';
import { addressFor, useTerminalAddresses } from '../../platform/terminal-address.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { tellDone, tellFailure } from '../../ui/notices.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import { BootstrapForm } from './bootstrap-form.tsx';

export function Bootstraps() {
  const t = useText();
  const may = useMay('admin');
  const [edited, setEdited] = useState<Tagged<JsonBootstrapEntry> | 'new'>();
  const addresses = useTerminalAddresses();
  const { items, next, error, more, reload } = useMorePages((cursor) =>
    call(routes.listBootstraps, { query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } }),
  );
  // As it is now, whatever the list shows.
  const edit = (endpoint: string) => () =>
    callTagged(routes.showBootstrap, { params: { endpoint } }).then(setEdited, (reason) => {
      tellFailure(reason);
      reload();
    });
  const add = may && (
    <button type="button" onClick={() => setEdited('new')}>
      <Icon name="plus" /> {t('bootstrap.add')}
    </button>
  );
  return (
    <Section title={t('bootstrap.title')} action={add} items={items} error={error} empty={t('bootstrap.empty')}>
      <p class="hint">{t('bootstrap.lead')}</p>
      <table>
        <TableHead columns={[t('bootstrap.endpoint'), t('bootstrap.servers')]} hasActions />
        <tbody>
          {items?.map((entry) => (
            <BootstrapRow key={entry.endpoint} entry={entry} onEdit={edit(entry.endpoint)} onRemoved={reload} />
          ))}
        </tbody>
      </table>
      {next !== undefined && (
        <button type="button" onClick={more}>
          {t('common.more')}
        </button>
      )}
      {edited !== undefined && (
        <EditDialog edited={edited} addresses={addresses} onClose={() => setEdited(undefined)} onSaved={reload} />
      )}
    </Section>
  );
}

interface BootstrapRowProps {
  readonly entry: JsonBootstrapEntry;
  readonly onEdit: () => void;
  readonly onRemoved: () => void;
}

function BootstrapRow({ entry: { endpoint, configuration }, onEdit, onRemoved }: BootstrapRowProps) {
  const t = useText();
  const may = useMay('admin');
  const remove = async () => {
    await call(routes.removeBootstrap, { params: { endpoint } });
    onRemoved();
  };
  return (
    <tr>
      <th scope="row">{endpoint}</th>
      <td>
        {configuration.servers.map(({ uri, security }, index) => (
          <div key={`${index} ${uri}`}>
            <code class="block">{uri}</code>
            {security && (
              <small>
                {t(`security.mode.${security.mode}`)}
                {security.issue && ` · ${t(`security.keys.${security.issue}`)}`}
              </small>
            )}
          </div>
        ))}
      </td>
      <td class="row-actions">
        {may && (
          <>
            <button
              type="button"
              class="quiet icon-only"
              aria-label={t('bootstrap.edit', { endpoint })}
              onClick={onEdit}
            >
              <Icon name="pencil" />
            </button>
            <RemoveButton
              title={t('bootstrap.remove', { endpoint })}
              question={t('bootstrap.remove.ask')}
              onRemove={remove}
            />
          </>
        )}
      </td>
    </tr>
  );
}

function templateAt(uri: string): JsonBootstrapConfiguration {
  return { servers: [{ shortServerId: 1, uri, lifetime: 86400, binding: 'U' }] };
}

interface EditDialogProps {
  /** Of this platform. */
  readonly addresses: readonly string[];
  readonly edited: Tagged<JsonBootstrapEntry> | 'new';
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

function EditDialog({ edited, addresses, onClose, onSaved }: EditDialogProps) {
  const t = useText();
  const entry = edited === 'new' ? 'new' : edited.value;
  const [endpoint, setEndpoint] = useState(entry === 'new' ? 'default' : entry.endpoint);
  const [configuration, setConfiguration] = useState(
    entry === 'new' ? templateAt(addressFor(addresses, false, location.hostname)) : entry.configuration,
  );
  const [isTaken, setTaken] = useState(false);
  /** JSON that is being written, and is none yet. */
  const [draft, setDraft] = useState<string>();
  const text = draft ?? JSON.stringify(configuration, null, 2);
  const mistake = jsonMistake(text);
  const write = (next: string) => {
    const isWhole = jsonMistake(next) === undefined;
    setDraft(next);
    if (isWhole) setConfiguration(JSON.parse(next) as JsonBootstrapConfiguration);
  };
  const fill = (next: JsonBootstrapConfiguration) => {
    setDraft(undefined);
    setConfiguration(next);
  };
  const save = async () => {
    if (endpoint.trim() === '' || mistake !== undefined) return false;
    setTaken(false);
    const precondition = edited === 'new' ? { ifNoneMatch: '*' as const } : unlessChanged(edited.tag);
    try {
      await call(routes.setBootstrap, { params: { endpoint: endpoint.trim() }, body: configuration, ...precondition });
    } catch (reason) {
      onSaved(); // the list shows what somebody else made of it
      if (edited !== 'new' || !isProblem(reason, 'precondition-failed')) throw reason;
      setTaken(true);
      return false;
    }
    tellDone(t('bootstrap.saved', { endpoint }));
    onSaved();
    return true;
  };
  const title = entry === 'new' ? t('bootstrap.add') : t('bootstrap.edit', { endpoint });
  return (
    <Dialog title={title} action={t('common.save')} onAction={save} onClose={onClose}>
      <label class="field">
        <span>{t('bootstrap.endpoint')}</span>
        <input
          value={endpoint}
          maxLength={512}
          required
          readOnly={entry !== 'new'}
          aria-invalid={isTaken}
          onInput={(event) => setEndpoint(event.currentTarget.value)}
        />
        {isTaken ? (
          <small class="wrong" role="alert">
            {t('bootstrap.taken')}
          </small>
        ) : (
          <small>{t('bootstrap.lead')}</small>
        )}
      </label>
      {Array.isArray(configuration.servers) && (
        <BootstrapForm configuration={configuration} addresses={addresses} onChange={fill} />
      )}
      <details>
        <summary>{t('bootstrap.json')}</summary>
        <label class="field">
          <span>{t('bootstrap.configuration')}</span>
          <textarea
            class="code"
            rows={14}
            value={text}
            spellcheck={false}
            onInput={(event) => write(event.currentTarget.value)}
          />
          {mistake !== undefined && <small class="wrong">{t('bootstrap.no-json', { message: mistake })}</small>}
        </label>
      </details>
    </Dialog>
  );
}

function jsonMistake(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
