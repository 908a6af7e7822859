import { type JsonWebhookDelivery, routes } from '@yaolian/contract';
import { useEffect } from 'preact/hooks';
import { connectionText } from '../../platform/connection-text.ts';
import { formatRelative, formatTime } from '../../platform/format.ts';
import { useMorePages } from '../../platform/more-pages.ts';
import { call } from '../../platform/session.ts';
import { type Translate, useText } from '../../platform/text.ts';
import { tellDone, tellFailure, tellWait } from '../../ui/notices.tsx';
import { ProblemNote } from '../../ui/problem.tsx';

interface DeliveriesProps {
  readonly webhook: string;
  /** Fetched again when it changes. */
  readonly round: number;
  readonly onTried: () => void;
}

/** What came through, waits or failed, the newest first. */
export function WebhookDeliveries({ webhook, round, onTried }: DeliveriesProps) {
  const t = useText();
  const params = { webhook };
  const { items, next, error, more, reload } = useMorePages((cursor) =>
    call(routes.listWebhookDeliveries, { params, query: { limit: 20, ...(cursor === undefined ? {} : { cursor }) } }),
  );
  // the first page is fetched without being asked
  useEffect(() => void (round > 0 && reload()), [round]);
  if (error !== undefined) return <ProblemNote error={error} onRetry={reload} />;
  if (items === undefined) return <p class="loading">{t('common.loading')}</p>;
  if (items.length === 0) return <p class="hint">{t('webhooks.deliveries.empty')}</p>;
  const retry = (delivery: string) => () =>
    call(routes.retryWebhookDelivery, { params: { webhook, delivery } })
      .then((tried) => tellOutcome(tried, t))
      .catch(tellFailure)
      .finally(onTried);
  return (
    <>
      <ul class="checks">
        {items.map((delivery) => (
          <li key={delivery.id}>
            <span lang="en">
              {delivery.type}
              <small>
                <time dateTime={delivery.createdAt}>{formatTime(delivery.createdAt)}</time>
              </small>
            </span>
            <span class={`badge ${badges[delivery.state]}`}>{t(`webhooks.state.${delivery.state}`)}</span>
            <div class="delivery">
              <span>
                <span title={delivery.error}>{answerText(delivery)}</span>
                <small>
                  {t('webhooks.attempts', { count: delivery.attempts })}
                  {delivery.dueAt !== undefined &&
                    delivery.attempts > 0 &&
                    ` · ${t('webhooks.next', { when: formatRelative(delivery.dueAt) })}`}
                </small>
              </span>
              {delivery.state !== 'delivered' && (
                <button type="button" onClick={retry(delivery.id)}>
                  {t('webhooks.retry')}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {next !== undefined && (
        <button type="button" onClick={more}>
          {t('common.more')}
        </button>
      )}
    </>
  );
}

const badges = { delivered: 'health-ok', waiting: 'health-degraded', failed: 'health-failed' } as const;

function answerText({ status, error }: JsonWebhookDelivery): string {
  if (error !== undefined) return connectionText(error);
  return status === undefined ? '' : `HTTP ${status}`;
}

/** Tells in passing what the receiver answered. */
export function tellOutcome(delivery: JsonWebhookDelivery, t: Translate): void {
  if (delivery.state === 'delivered') tellDone(t('webhooks.tested', { status: delivery.status ?? '' }));
  else if (delivery.attempts === 0) tellWait(t('webhooks.test.waits'));
  else tellWait(t('webhooks.test.failed', { reason: answerText(delivery) }));
}
