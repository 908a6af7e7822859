import { type JsonAskedValue, type JsonQueuedRequest, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { closedIn } from '../../platform/closed-in.ts';
import { operationText, pathsText, shortened, why } from '../../platform/event-text.ts';
import { formatTime } from '../../platform/format.ts';
import { useModelNames } from '../../platform/model-names.ts';
import { nodeText } from '../../platform/node-text.ts';
import { call, useMay } from '../../platform/session.ts';
import { type Translate, useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import type { DeviceData } from './device-data.ts';

/** Requests that wait for the device, and what became of those of the last day. */
export function QueuePanel({ data }: { readonly data: DeviceData }) {
  const t = useText();
  const { data: page, error, reload } = data.queue;
  if (error !== undefined) return <ProblemNote error={error} onRetry={reload} />;
  if (!page) return <p class="loading">{t('common.loading')}</p>;
  if (page.items.length === 0) return <p class="card hint">{t('queue.empty')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard
    <section class="card flush scroll" tabIndex={0} aria-label={t('tab.queue')}>
      <table>
        <TableHead
          columns={[t('queue.request'), t('devices.state'), t('queue.created'), t('queue.expires')]}
          hasActions
        />
        <tbody>
          {[...page.items].reverse().map((request) => (
            <QueueRow key={request.id} request={request} onChanged={reload} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function valueText({ node, hidden = [], shortened: isCut }: JsonAskedValue, t: Translate): string {
  if (node === undefined && hidden.length === 0 && !isCut) return t('queue.removed');
  const parts = [node === undefined ? '' : nodeText(node), ...hidden.map(() => t('queue.hidden'))];
  const text = shortened(parts.filter((part) => part !== '').join(', '));
  return isCut && !text.endsWith('…') ? `${text}…` : text;
}

/** What the request brings: values, shortened. And which account asked. */
function AskedNote({ request: { asked, asker } }: { readonly request: JsonQueuedRequest }) {
  const t = useText();
  const { values = [], arguments: given, attributes } = asked ?? {};
  const parts = values.map((one) => (values.length > 1 ? `${one.path}: ${valueText(one, t)}` : valueText(one, t)));
  if (given !== undefined) parts.push(shortened(given));
  if (attributes !== undefined) parts.push(attributes);
  if (asker !== undefined) parts.push(t('queue.asker', { asker }));
  return parts.length === 0 ? null : (
    <div>
      <small>{parts.join(' · ')}</small>
    </div>
  );
}

function QueueRow({ request, onChanged }: { readonly request: JsonQueuedRequest; readonly onChanged: () => void }) {
  const t = useText();
  const may = useMay('operator');
  useModelNames();
  const { id, operation, paths, state, createdAt, expiresAt, coapCode, reason, error } = request;
  // What a device says is in no language that is known.
  const told = reason && why('failure.operations', { code: error, reason }, t);
  const [asks, setAsks] = useState(false);
  const cancel = () => call(routes.cancelQueued, { params: { id } }).finally(onChanged);
  return (
    <tr>
      <th scope="row">
        {operationText(operation, t)} <code>{pathsText(paths)}</code> <small>#{id}</small>
        <AskedNote request={request} />
      </th>
      <td>
        {t(`queued.${state}`)} {coapCode}
        {told !== undefined && <small {...(told === reason && { lang: '' })}>{closedIn(told)}</small>}
      </td>
      <td>{formatTime(createdAt)}</td>
      <td>{formatTime(expiresAt)}</td>
      <td>
        {may && state === 'queued' && (
          <button type="button" onClick={() => setAsks(true)}>
            {t('queue.cancel')}
          </button>
        )}
        {asks && (
          <Dialog
            title={t('queue.cancel.title', { id })}
            action={t('queue.cancel')}
            isDangerous
            onAction={cancel}
            onClose={() => setAsks(false)}
          >
            <p>
              {operationText(operation, t)} <code>{pathsText(paths)}</code>
            </p>
            <p>{t('queue.cancel.ask')}</p>
          </Dialog>
        )}
      </td>
    </tr>
  );
}
