import { type JsonFirmwareFile, routes } from '@yaolian/contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { allPages } from '../../platform/all-pages.ts';
import { formatBytes, formatTime } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { upload } from '../../platform/upload.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { tellDone, tellWait } from '../../ui/notices.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';

export function Packages() {
  const t = useText();
  const may = useMay('operator');
  const [isUploading, setUploading] = useState(false);
  const { data, error, reload } = useLoad(
    (signal) => allPages((query) => call(routes.listFirmware, { query, signal })),
    [],
  );
  const add = may && (
    <button type="button" onClick={() => setUploading(true)}>
      <Icon name="plus" /> {t('firmware.upload')}
    </button>
  );
  return (
    <Section
      title={t('firmware.packages')}
      action={add}
      items={data?.items}
      error={error}
      empty={t(may ? 'firmware.packages.empty' : 'firmware.packages.empty.looking')}
    >
      <table class="packages">
        <TableHead
          columns={[
            t('firmware.file'),
            t('firmware.version'),
            { wide: t('firmware.model') },
            { wide: t('firmware.size') },
          ]}
          hasActions
        />
        <tbody>
          {data?.items.map((file) => (
            <PackageRow key={file.id} file={file} onRemoved={reload} />
          ))}
        </tbody>
      </table>
      {isUploading && <UploadDialog onClose={() => setUploading(false)} onUploaded={reload} />}
    </Section>
  );
}

function PackageRow({ file, onRemoved }: { readonly file: JsonFirmwareFile; readonly onRemoved: () => void }) {
  const t = useText();
  const may = useMay('operator');
  const { id, name, version, model, size, sha256, createdAt } = file;
  const remove = async () => {
    await call(routes.removeFirmware, { params: { id } });
    tellDone(t('firmware.removed', { name }));
    onRemoved();
  };
  return (
    <tr>
      <th scope="row">
        {name}
        <small title={sha256}>
          {formatTime(createdAt)} · SHA-256 <code>{sha256.slice(0, 12)}…</code>
        </small>
      </th>
      <td>{version ?? '—'}</td>
      <td class="wide">{model ?? '—'}</td>
      <td class="wide whole">{formatBytes(size)}</td>
      <td class="row-actions">
        {may && (
          <RemoveButton
            title={`${t('common.delete')}: ${name}`}
            question={t('firmware.remove.ask', { name })}
            onRemove={remove}
          />
        )}
      </td>
    </tr>
  );
}

function UploadDialog({ onClose, onUploaded }: { readonly onClose: () => void; readonly onUploaded: () => void }) {
  const t = useText();
  const [file, setFile] = useState<File>();
  const [version, setVersion] = useState('');
  const [model, setModel] = useState('');
  const [wasTried, setTried] = useState(false);
  const [share, setShare] = useState<number | undefined>(undefined);
  const running = useRef<AbortController>(undefined);
  // Who closes the dialog wants no upload any more.
  useEffect(() => () => running.current?.abort(), []);
  const send = async () => {
    setTried(true);
    if (!file) return false;
    const facts = { ...(version === '' ? {} : { version }), ...(model === '' ? {} : { model }) };
    const stop = new AbortController();
    running.current = stop;
    try {
      await upload(routes.uploadFirmware, { name: file.name, ...facts }, file, {
        signal: stop.signal,
        onProgress: setShare,
      });
    } catch (reason) {
      if (!stop.signal.aborted) throw reason;
      tellWait(t('firmware.upload.stopped'));
      return true;
    } finally {
      setShare(undefined);
    }
    tellDone(t('firmware.uploaded', { name: file.name }));
    onUploaded();
    return true;
  };
  return (
    <Dialog
      title={t('firmware.upload')}
      action={t('firmware.upload.action')}
      stopsOnClose
      onAction={send}
      onClose={onClose}
    >
      <label class="field">
        <span>{t('firmware.file')}</span>
        <input type="file" onChange={(event) => setFile(event.currentTarget.files?.[0])} />
        {wasTried && !file && <small class="wrong">{t('firmware.file.missing')}</small>}
      </label>
      <label class="field">
        <span>{t('firmware.version')}</span>
        <input value={version} maxLength={255} onInput={(event) => setVersion(event.currentTarget.value)} />
        <small>{t('firmware.version.hint')}</small>
      </label>
      <label class="field">
        <span>{t('firmware.model')}</span>
        <input value={model} maxLength={255} onInput={(event) => setModel(event.currentTarget.value)} />
        <small>{t('firmware.model.hint')}</small>
      </label>
      {share !== undefined && (
        <label class="field">
          <span>{t('firmware.upload.progress', { percent: Math.round(share * 100) })}</span>
          <progress value={share} max={1} />
        </label>
      )}
    </Dialog>
  );
}
