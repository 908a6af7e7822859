import { type JsonWebhook, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useLoad } from '../../platform/load.ts';
import { call, callTagged, type Tagged, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Secret } from '../../ui/secret.tsx';
import { SettingsNav } from './settings-nav.tsx';
import { tellOutcome, WebhookDeliveries } from './webhook-deliveries.tsx';
import { WebhookForm } from './webhook-form.tsx';

/** Whom the platform tells of events, and how that goes. */
export function WebhooksPage() {
  const t = useText();
  const isAdmin = useMay('admin');
  return (
    <>
      <PageTitle text={t('webhooks.title')} />
      <SettingsNav current="/settings/webhooks" />
      {isAdmin ? <Webhooks /> : <p class="hint">{t('role.needed', { role: t('role.admin') })}</p>}
    </>
  );
}

function Webhooks() {
  const t = useText();
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<{ readonly of: string; readonly text: string }>();
  const { data, error, reload } = useLoad((signal) => call(routes.listWebhooks, { signal }), []);
  return (
    <>
      <div class="section-head">
        <p class="hint">{t('webhooks.lead')}</p>
        <button type="button" class="primary" onClick={() => setAdding(true)}>
          <Icon name="plus" /> {t('webhooks.add')}
        </button>
      </div>
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="loading">{t('common.loading')}</p>}
      {data?.items.length === 0 && <p class="card hint">{t('webhooks.empty')}</p>}
      {data?.items.map((webhook) => (
        <WebhookCard
          key={webhook.id}
          webhook={webhook}
          secret={secret?.of === webhook.id ? secret.text : undefined}
          onSecret={(text) => setSecret({ of: webhook.id, text })}
          onChanged={reload}
        />
      ))}
      {isAdding && (
        <WebhookForm
          onClose={() => setAdding(false)}
          onSaved={({ id }, text) => {
            if (text !== undefined) setSecret({ of: id, text });
            reload();
          }}
        />
      )}
    </>
  );
}

interface CardProps {
  readonly webhook: JsonWebhook;
  /** Made just now. */
  readonly secret: string | undefined;
  readonly onSecret: (text: string) => void;
  readonly onChanged: () => void;
}

function WebhookCard({ webhook, secret, onSecret, onChanged }: CardProps) {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const [round, setRound] = useState(0);
  const { id, url, types, note, enabled, waiting, dropped } = webhook;
  const refresh = () => {
    setRound((count) => count + 1);
    onChanged();
  };
  return (
    <section class="card stack" aria-label={url}>
      <h2 class="url">
        {url} <span class={`badge ${enabled ? 'health-ok' : ''}`}>{t(enabled ? 'webhooks.on' : 'webhooks.off')}</span>
        {waiting > 0 && <span class="badge health-degraded">{t('webhooks.waiting', { count: waiting })}</span>}
        {dropped > 0 && <span class="badge health-failed">{t('webhooks.dropped', { count: dropped })}</span>}
      </h2>
      {note !== '' && <p>{note}</p>}
      <p class="hint" lang={types.length === 0 ? undefined : 'en'}>
        {types.length === 0 ? t('webhooks.types.all') : types.join(', ')} · <code>{id}</code>
      </p>
      {secret !== undefined && <Secret title={t('webhooks.secret')} hint={t('webhooks.secret.hint')} text={secret} />}
      <Actions webhook={webhook} onSecret={onSecret} onChanged={refresh} />
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t('webhooks.deliveries')}</summary>
        {isOpen && <WebhookDeliveries webhook={id} round={round} onTried={refresh} />}
      </details>
    </section>
  );
}

function Actions({ webhook, onSecret, onChanged }: Pick<CardProps, 'webhook' | 'onSecret' | 'onChanged'>) {
  const t = useText();
  const [asks, setAsks] = useState<Tagged<JsonWebhook> | 'rotate'>();
  const [isTesting, setTesting] = useState(false);
  const params = { webhook: webhook.id };
  const test = () => {
    setTesting(true);
    call(routes.testWebhook, { params })
      .then((tried) => tellOutcome(tried, t))
      .catch(tellFailure)
      .finally(() => [setTesting(false), onChanged()]);
  };
  const toggle = () =>
    call(routes.changeWebhook, { params, body: { enabled: !webhook.enabled } })
      .catch(tellFailure)
      .finally(onChanged);
  // As it is now, whatever the page shows.
  const edit = () => callTagged(routes.showWebhook, { params }).then(setAsks).catch(tellFailure).finally(onChanged);
  const rotate = async () => onSecret((await call(routes.rotateWebhookSecret, { params })).secret);
  const remove = async () => {
    await call(routes.removeWebhook, { params });
    onChanged();
  };
  return (
    <div class="toolbar">
      <button type="button" onClick={test} disabled={isTesting || !webhook.enabled}>
        <Icon name="play" /> {t('webhooks.test')}
      </button>
      <button type="button" onClick={toggle}>
        {t(webhook.enabled ? 'webhooks.pause' : 'webhooks.resume')}
      </button>
      <button type="button" onClick={edit}>
        <Icon name="pencil" /> {t('webhooks.edit')}
      </button>
      <button type="button" onClick={() => setAsks('rotate')}>
        <Icon name="key" /> {t('webhooks.rotate')}
      </button>
      <RemoveButton title={t('webhooks.remove')} question={t('webhooks.remove.ask')} onRemove={remove} />
      {typeof asks === 'object' && (
        <WebhookForm edited={asks} onClose={() => setAsks(undefined)} onSaved={() => onChanged()} />
      )}
      {asks === 'rotate' && (
        <Dialog
          title={t('webhooks.rotate')}
          action={t('webhooks.rotate')}
          onAction={rotate}
          onClose={() => setAsks(undefined)}
        >
          <p>{t('webhooks.rotate.ask')}</p>
        </Dialog>
      )}
    </div>
  );
}
