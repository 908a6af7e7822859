import { ApiProblemError, type EventType, eventTypes, type JsonWebhook, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { type Detail, tellReason } from '../../platform/problem-text.ts';
import { call, type Tagged, unlessChanged } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';

interface WebhookFormProps {
  /** Absent: a new one. */
  readonly edited?: Tagged<JsonWebhook>;
  readonly onClose: () => void;
  /** @param secret of a new one */
  readonly onSaved: (webhook: JsonWebhook, secret?: string) => void;
}

const choices = eventTypes.filter((type) => type !== 'stream.gap');

export function WebhookForm({ edited, onClose, onSaved }: WebhookFormProps) {
  const t = useText();
  const webhook = edited?.value;
  const [url, setUrl] = useState(webhook?.url ?? 'https://');
  const [note, setNote] = useState(webhook?.note ?? '');
  const [types, setTypes] = useState<ReadonlySet<string>>(new Set(webhook?.types));
  const [wrong, setWrong] = useState<Detail>();
  const save = () => send().catch(tellAtField);
  const tellAtField = (error: unknown) => {
    const why = error instanceof ApiProblemError && error.problem.errors?.find(({ where }) => where === '/url');
    if (!why) throw error;
    setWrong(tellReason(why.message, why, t));
    return false;
  };
  const send = async () => {
    setWrong(undefined);
    const body = { url: url.trim(), note: note.trim(), types: [...types] as EventType[] };
    if (edited !== undefined) {
      const params = { webhook: edited.value.id };
      onSaved(await call(routes.changeWebhook, { params, body, ...unlessChanged(edited.tag) }));
      return;
    }
    const { secret, ...made } = await call(routes.addWebhook, { body });
    onSaved(made, secret);
  };
  const toggle = (type: string) => () =>
    setTypes(new Set(types.has(type) ? [...types].filter((one) => one !== type) : [...types, type]));
  const title = t(webhook === undefined ? 'webhooks.add' : 'webhooks.edit');
  const action = t(webhook === undefined ? 'common.add' : 'common.save');
  return (
    <Dialog title={title} action={action} onAction={save} onClose={onClose}>
      <label class="field">
        <span>{t('webhooks.url')}</span>
        <input
          type="url"
          value={url}
          required
          maxLength={2000}
          autocomplete="off"
          aria-invalid={wrong !== undefined}
          onInput={(event) => setUrl(event.currentTarget.value)}
        />
        {wrong === undefined ? (
          <small>{t('webhooks.url.hint')}</small>
        ) : (
          <small class="wrong" role="alert" lang={wrong.lang}>
            {wrong.text}
          </small>
        )}
      </label>
      <label class="field">
        <span>{t('webhooks.note')}</span>
        <input value={note} maxLength={500} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      <fieldset class="ticks">
        <legend>{t('webhooks.types')}</legend>
        {choices.map((type) => (
          <label key={type}>
            <input type="checkbox" checked={types.has(type)} onChange={toggle(type)} />
            <span>
              {t(`event-name.${type}`)} <code>{type}</code>
            </span>
          </label>
        ))}
        <small>{t('webhooks.types.hint')}</small>
      </fieldset>
    </Dialog>
  );
}
