import type { ResponseCode, SendBodyOptions } from '@yaolian/coap';
import type { Duration, Result } from '@yaolian/kernel';
import type { NotificationAttributes } from '../attributes.ts';
import type { DiscoveredLink, TimedNode } from '../formats/index.ts';
import type { Lwm2mNode } from '../node.ts';
import type { Lwm2mPath } from '../path.ts';
import type { ObservationRecord } from './registration.ts';

/** Which client an operation is for; a {@link Registration} is one. The first of id, device key and endpoint that is there counts. */
export type ClientReference = { readonly id: string } | { readonly deviceKey: string } | { readonly endpoint: string };

/** The client said no: its code, and what it said to it. */
export interface ClientRefusal {
  readonly code: ResponseCode;
  /** The diagnostic payload (RFC 7252 §5.5.2), or `''`. */
  readonly diagnostic: string;
}

/** What the client answered: what was asked for, or its refusal. */
export type Answer<T> = Result<T, ClientRefusal>;

/** Every operation takes these. */
export interface OperationOptions {
  readonly signal?: AbortSignal;
  /** From the call to the outcome, waiting behind other operations included. Default: the server's `operationTimeout`. */
  readonly timeout?: Duration;
  /** Sends it even if the client is in queue mode and asleep, as far as we know. */
  readonly evenAsleep?: boolean;
  /** Sends it even if the object model says that it makes no sense: for clients whose objects differ from the registry's. */
  readonly unchecked?: boolean;
}

/** What every agreement of a client has. */
export interface Done {
  /** The client's 2.xx. */
  readonly code: ResponseCode;
}

export interface ReadOptions extends OperationOptions {
  /** The Content-Format to ask for, and no other; `'any'` sends no Accept. Absent: what the client speaks best. */
  readonly accept?: number | 'any';
}

export interface ReadAnswer extends Done {
  readonly node: Lwm2mNode;
  /** Every moment that the answer speaks of, oldest first; just `node` where the format carries no times. */
  readonly values: readonly TimedNode[];
  /** As the client labelled it. */
  readonly contentFormat: number | undefined;
}

export interface WriteOptions extends OperationOptions {
  /** The Content-Format to write in, and no other. Absent: what the client speaks best. */
  readonly contentFormat?: number;
}

/** How a body is written from its source. */
export interface BodyOptions extends SendBodyOptions {
  readonly signal?: AbortSignal;
}

export interface CreateAnswer extends Done {
  /** The new instance, when the client said it or the caller chose it. */
  readonly path: Lwm2mPath | undefined;
}

export interface DiscoverOptions extends OperationOptions {
  /** How many levels below the path are listed (LwM2M 1.2). Absent: the client's default, 2 below an object and 1 otherwise. */
  readonly depth?: 0 | 1 | 2 | 3;
}

export interface DiscoverAnswer extends Done {
  /** The path asked for and what is below it. */
  readonly links: readonly DiscoveredLink[];
}

export interface ObserveOptions extends ReadOptions {
  /** Attributes for this observation alone, stronger than those that were written (LwM2M 1.2 §6.4.1). */
  readonly attributes?: NotificationAttributes;
  /**
   * The device is observed again whenever it registers, after a De-register or the end of its lifetime too, until the observation is
   * cancelled or the device ends it. Default false: it ends with the registration.
   */
  readonly standing?: boolean;
}

export interface ObserveAnswer extends ReadAnswer {
  /** Undefined when the client answered without taking the observation on. */
  readonly observation: ObservationRecord | undefined;
}

/** One path of a composite answer. */
export interface CompositeValue {
  readonly path: Lwm2mPath;
  /** Undefined: the client has nothing there, or does not let us have it. */
  readonly node: Lwm2mNode | undefined;
}

export interface CompositeReadOptions extends OperationOptions {
  /** The Content-Format to ask in and for, and no other: one of `packContentFormats`. Absent: what the client speaks best. */
  readonly accept?: number;
}

export interface CompositeReadAnswer extends Done {
  /** The paths asked for, in their order. The root is given as the objects that came. */
  readonly values: readonly CompositeValue[];
  /** As the client labelled it; undefined when paths were asked for one by one. */
  readonly contentFormat: number | undefined;
  /** True when the client answers no FETCH, so that a Read of each path was sent instead. */
  readonly oneByOne: boolean;
}

/** A path and what is to be there; undefined removes a resource instance (LwM2M 1.2, in SenML-ETCH). */
export interface CompositeWrite {
  readonly path: Lwm2mPath;
  readonly node: Lwm2mNode | undefined;
}

export interface CompositeObserveOptions extends CompositeReadOptions {
  /** Attributes for this observation alone: pmin, pmax, epmin, epmax and con (LwM2M 1.2 §6.4.4). */
  readonly attributes?: NotificationAttributes;
  /** As for a single path. */
  readonly standing?: boolean;
}

export interface CompositeObserveAnswer extends CompositeReadAnswer {
  /** Undefined when the client answered without taking the observation on. */
  readonly observation: ObservationRecord | undefined;
}

export interface CancelOptions extends OperationOptions {
  /**
   * `request`: tell the client now, `GET` with Observe 1 (RFC 7641 §3.6). `reset`: forget it, and answer its next notification with
   * RST (RFC 7641 §3.6, OMA-TS-LightweightM2M 1.0 §5.5.3). Default `request`.
   */
  readonly by?: 'request' | 'reset';
}
