import { AllowFileReader, type JsonNewAllowEntry, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatTime } from '../../platform/format.ts';
import { useMorePages } from '../../platform/more-pages.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ImportProgress, useImport } from '../../ui/import-progress.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';

export function AllowList() {
  const t = useText();
  const may = useMay('operator');
  const [isAdding, setAdding] = useState(false);
  const { items, next, error, more, reload } = useMorePages((cursor) =>
    call(routes.listAllowed, { query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } }),
  );
  const remove = async (key: string) => {
    await call(routes.disallow, { params: { key } });
    reload();
  };
  const add = may && (
    <button type="button" onClick={() => setAdding(true)}>
      <Icon name="plus" /> {t('allowed.add')}
    </button>
  );
  return (
    <Section
      title={t('allowed.title')}
      action={add}
      items={items}
      error={error}
      empty={t(may ? 'allowed.empty' : 'allowed.empty.looking')}
    >
      <table>
        <TableHead columns={[t('allowed.key'), t('allowed.note'), { wide: t('allowed.since') }]} hasActions />
        <tbody>
          {items?.map(({ key, note, addedAt }) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              <td>{note}</td>
              <td class="wide">{formatTime(addedAt)}</td>
              <td class="row-actions">
                {may && (
                  <RemoveButton
                    title={t('allowed.remove', { key })}
                    question={t('allowed.remove.ask')}
                    onRemove={() => remove(key)}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {next !== undefined && (
        <button type="button" onClick={more}>
          {t('common.more')}
        </button>
      )}
      {isAdding && <AddDialog onClose={() => setAdding(false)} onAdded={reload} />}
    </Section>
  );
}

const send = (entries: readonly JsonNewAllowEntry[]) => call(routes.importAllowed, { body: { entries: [...entries] } });

/** Keys that are typed, or a file of them, which is read in pieces. */
function AddDialog({ onClose, onAdded }: { readonly onClose: () => void; readonly onAdded: () => void }) {
  const t = useText();
  const [text, setText] = useState('');
  const [file, setFile] = useState<File>();
  const work = useImport();
  const add = () => work.run(file ?? new Blob([text]), () => new AllowFileReader(), send).finally(onAdded);
  return (
    <Dialog title={t('allowed.add')} action={t('common.add')} stopsOnClose onAction={add} onClose={onClose}>
      <label class="field">
        <span>{t('allowed.keys')}</span>
        <textarea
          rows={8}
          required={file === undefined}
          disabled={file !== undefined}
          value={text}
          spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{t('allowed.file')}</span>
        <input
          type="file"
          accept=".csv,text/csv,text/plain"
          onChange={(event) => {
            work.clear();
            setFile(event.currentTarget.files?.[0]);
          }}
        />
      </label>
      <ImportProgress {...work} />
    </Dialog>
  );
}
