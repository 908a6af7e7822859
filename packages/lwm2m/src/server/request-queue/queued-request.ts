import type { AttributeChanges, NotificationAttributes } from '../../attributes.ts';
import type { JsonNode } from '../../node-json.ts';

/**
 * An operation as data, so that it can wait on disk until its client listens. Paths are texts (`/3/0/9`), nodes are JSON with
 * their types, formats are Content-Format numbers.
 */
export type QueuedOperation =
  | { readonly kind: 'read'; readonly path: string; readonly accept?: number }
  | {
      readonly kind: 'observe';
      readonly path: string;
      readonly accept?: number;
      readonly attributes?: NotificationAttributes;
      readonly standing?: boolean;
    }
  | { readonly kind: 'discover'; readonly path: string; readonly depth?: 0 | 1 | 2 | 3 }
  | { readonly kind: 'delete' | 'cancel-observation'; readonly path: string }
  | {
      readonly kind: 'write' | 'update' | 'create';
      readonly path: string;
      readonly node: JsonNode;
      readonly contentFormat?: number;
    }
  | { readonly kind: 'execute'; readonly path: string; readonly arguments?: string }
  | { readonly kind: 'write-attributes'; readonly path: string; readonly attributes: AttributeChanges }
  | {
      readonly kind: 'read-composite' | 'observe-composite';
      readonly paths: readonly string[];
      readonly accept?: number;
      /** Of an observation. */
      readonly attributes?: NotificationAttributes;
      readonly standing?: boolean;
    }
  | {
      readonly kind: 'write-composite';
      readonly writes: readonly { readonly path: string; readonly node: JsonNode | null }[];
      readonly contentFormat?: number;
    };

export type QueuedOperationKind = QueuedOperation['kind'];

/**
 * - `queued`: waits until the client listens
 * - `sent`: on its way
 * - `done`: the client agreed
 * - `refused`: the client said no
 * - `failed`: it could not be asked, or nobody knows whether it did
 * - `expired`, `cancelled`: it was never sent, or not answered before that
 */
export const queuedStates = ['queued', 'sent', 'done', 'refused', 'failed', 'expired', 'cancelled'] as const;

export type QueuedState = (typeof queuedStates)[number];

/** What became of a request. Everything in it is JSON. */
export interface QueuedOutcome {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What the client answered, as a CoAP code; undefined when it was not asked, or gave no answer. */
  readonly code?: number;
  /** The diagnostic text of a refusal; or why it failed, for people. */
  readonly message?: string;
  /** The stable code of the error: `LWM2M_TIMEOUT`, … */
  readonly error?: string;
  /** What was read. */
  readonly node?: JsonNode;
  /** What was read of several paths; null where there is nothing. */
  readonly values?: readonly { readonly path: string; readonly node: JsonNode | null }[];
  /** The instance that was created. */
  readonly path?: string;
  /** What was discovered: a path with its attributes. */
  readonly links?: readonly { readonly path: string; readonly attributes: Readonly<Record<string, string>> }[];
  /** Whether the observation was taken on. */
  readonly observing?: boolean;
}

/** A request that waits for its client, or did. Immutable. */
export interface QueuedRequest {
  /** Counts up: later requests have larger ones. */
  readonly id: number;
  readonly deviceKey: string;
  readonly operation: QueuedOperation;
  /** The object model is not asked whether it makes sense. */
  readonly unchecked: boolean;
  /** Who asked, as whoever submitted it calls them: they may still have to be allowed to when it is sent. Undefined: nobody to be asked about. */
  readonly asker: string | undefined;
  readonly state: QueuedState;
  /** How often it was sent. */
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly outcome: QueuedOutcome | undefined;
}

export function isFinished({ state }: QueuedRequest): boolean {
  return state !== 'queued' && state !== 'sent';
}

export interface QueuedRequestQuery {
  readonly deviceKey?: string;
  /** Absent: all. */
  readonly states?: readonly QueuedState[];
  /** Requests with larger ids than this. */
  readonly after?: number;
  readonly limit: number;
}

/**
 * Where queued requests are kept. A promise resolves when the change is on disk: a request counts as taken after that. Calls
 * made in one turn may share one transaction; order of calls is order of effects. Every adapter passes
 * `queuedRequestStoreContract`.
 */
export interface QueuedRequestStore {
  /** Those that are not finished, by id, once, at start; and the largest id that was ever given. */
  load(): Promise<{ readonly requests: Iterable<QueuedRequest>; readonly lastId: number }>;
  /** Adds a request, or replaces what is there of the same id. */
  put(request: QueuedRequest): Promise<void>;
  get(id: number): Promise<QueuedRequest | undefined>;
  /** By id. */
  list(query: QueuedRequestQuery): Promise<readonly QueuedRequest[]>;
  /** Forgets those that were finished before a time. @returns how many */
  removeFinished(before: number): Promise<number>;
}
