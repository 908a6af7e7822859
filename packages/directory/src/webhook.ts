/** Somebody outside who is told of events by HTTP. */
export interface Webhook {
  /** A URL-safe text. */
  readonly id: string;
  readonly url: string;
  readonly note: string;
  /** Types of events; none: all. */
  readonly types: readonly string[];
  readonly isEnabled: boolean;
  /** What signs deliveries. */
  readonly secret: Uint8Array;
  /** The one before a rotation: it signs too until then (milliseconds since the epoch). */
  readonly previous: { readonly secret: Uint8Array; readonly until: number } | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export type DeliveryState = 'waiting' | 'delivered' | 'failed';

/** One event on its way to one webhook. */
export interface WebhookDelivery {
  readonly id: string;
  /** Counts up, over all webhooks. */
  readonly number: number;
  readonly type: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly createdAt: number;
  /** When it is tried next, or was tried last. */
  readonly dueAt: number;
  /** The HTTP status of the last answer. */
  readonly status: number | undefined;
  /** Why the last attempt got no answer. */
  readonly error: string | undefined;
}

/** A delivery with what is sent. */
export interface DueDelivery extends WebhookDelivery {
  readonly body: string;
}

export type DeliveryOutcome = Pick<WebhookDelivery, 'state' | 'attempts' | 'dueAt' | 'status' | 'error'>;

export interface DeliveryQuery {
  /** Those with a smaller number. */
  readonly before?: number;
  readonly limit: number;
}

/** Where webhooks and their deliveries are kept. A promise resolves when the change is on disk. */
export interface WebhookStore {
  /** The oldest first. */
  webhooks(): Promise<readonly Webhook[]>;
  putWebhook(webhook: Webhook): Promise<void>;
  /** With its deliveries. */
  removeWebhook(id: string): Promise<boolean>;
  addDelivery(webhook: string, delivery: Pick<DueDelivery, 'id' | 'type' | 'body' | 'createdAt'>): Promise<void>;
  /** What waits, what is due first in front. */
  nextDeliveries(webhook: string, limit: number): Promise<readonly DueDelivery[]>;
  /** What is delivered loses its body, and beyond `keep` of those that are finished the oldest are forgotten. */
  settleDelivery(webhook: string, id: string, outcome: DeliveryOutcome, keep: number): Promise<void>;
  countWaiting(webhook: string): Promise<number>;
  delivery(webhook: string, id: string): Promise<WebhookDelivery | undefined>;
  /** To be tried at `dueAt`, as often as one that is new. @returns its state before; undefined when there is none, or its body is gone */
  requeueDelivery(webhook: string, id: string, dueAt: number): Promise<DeliveryState | undefined>;
  /** The newest first. */
  deliveries(webhook: string, query: DeliveryQuery): Promise<readonly WebhookDelivery[]>;
}
