import type { ResponseCode } from '@yaolian/coap';
import type { Duration, SocketAddress } from '@yaolian/kernel';
import type { TimedNode } from '../formats/index.ts';
import type { Lwm2mNode } from '../node.ts';
import type { Lwm2mPath } from '../path.ts';
import type { ObservationRecord, Registration } from './registration.ts';
import type { QueuedRequest } from './request-queue/queued-request.ts';

/** Which request was refused. */
export type RefusedRequest = 'register' | 'update' | 'deregister' | 'bootstrap' | 'send';

/** The operations of the device management and information reporting interfaces. */
export type OperationName =
  | 'read'
  | 'discover'
  | 'write'
  | 'write-attributes'
  | 'execute'
  | 'create'
  | 'delete'
  | 'observe'
  | 'cancel-observation'
  | 'read-composite'
  | 'write-composite'
  | 'observe-composite';

/**
 * Why an observation ended.
 * - `cancelled`: we cancelled it, telling the client (Observe 1) or not (RST to its next notification)
 * - `replaced`: the same path was observed again
 * - `client`: the client ended it, with a notification that is no 2.xx
 * - `registration`: its registration was replaced, ended or expired
 * - `failed`: the endpoint could not go on with it; the record stays for the next start
 */
export type ObservationEndReason = 'cancelled' | 'replaced' | 'client' | 'registration' | 'failed';

interface Timed {
  /** Milliseconds since the epoch: when it happened. */
  readonly time: number;
}

/** A Register was committed. */
export interface RegisteredEvent extends Timed {
  readonly type: 'registered';
  readonly registration: Registration;
  /** The registration that it took the place of; `replaced` events tell of it too. */
  readonly replaced: Registration | undefined;
}

/** A registration ended because its device registered again. */
export interface ReplacedEvent extends Timed {
  readonly type: 'replaced';
  readonly registration: Registration;
  readonly by: Registration;
}

/** An Update was committed. */
export interface UpdatedEvent extends Timed {
  readonly type: 'updated';
  readonly registration: Registration;
  readonly previous: Registration;
}

/** An Update came from another address; requests go there from now on. */
export interface AddressChangedEvent extends Timed {
  readonly type: 'address-changed';
  readonly registration: Registration;
  readonly previousAddress: SocketAddress;
}

export interface DeregisteredEvent extends Timed {
  readonly type: 'deregistered';
  readonly registration: Registration;
}

/** The lifetime (and grace) passed without an Update. */
export interface ExpiredEvent extends Timed {
  readonly type: 'expired';
  readonly registration: Registration;
}

/** A request of a terminal was turned down. */
export interface RefusedEvent extends Timed {
  readonly type: 'refused';
  readonly request: RefusedRequest;
  readonly address: SocketAddress;
  /** As far as it could be read. */
  readonly endpoint: string | undefined;
  readonly code: ResponseCode;
  /** A short constant text, good as a label: `endpoint-missing`, `enrolment`, `full`, … */
  readonly reason: string;
  /** A sentence for people. */
  readonly message: string;
}

export interface ObservationStartedEvent extends Timed {
  readonly type: 'observation-started';
  readonly registration: Registration;
  readonly observation: ObservationRecord;
}

export interface ObservationEndedEvent extends Timed {
  readonly type: 'observation-ended';
  readonly registration: Registration;
  readonly observation: ObservationRecord;
  readonly reason: ObservationEndReason;
  /** It is observed again when the device registers. */
  readonly stands?: boolean;
}

/**
 * A notification, the answer to the Observe itself not included. What comes of an Observe-Composite is told path by path, for
 * the paths of which something is there.
 */
export interface NotificationEvent extends Timed {
  readonly type: 'notification';
  readonly registration: Registration;
  readonly observation: ObservationRecord;
  readonly path: Lwm2mPath;
  /** The latest values. */
  readonly node: Lwm2mNode;
  /** Every moment that the notification speaks of, oldest first; just `node` where the format carries no times. */
  readonly values: readonly TimedNode[];
  readonly contentFormat: number | undefined;
}

/** A Send: values that a client reports unasked (OMA-TS-LightweightM2M_Core 1.1 §6.4.6). */
export interface SentEvent extends Timed {
  readonly type: 'sent';
  readonly registration: Registration;
  /** The object instances that it speaks of. */
  readonly instances: readonly Lwm2mPath[];
  /**
   * What it holds, instance by instance in the order of `instances`, with every moment it speaks of, oldest first. It is read
   * from the payload when it is asked for, so that a Send that nobody looks at costs little.
   */
  readonly values: readonly SentValues[];
  readonly contentFormat: number;
  readonly payload: Uint8Array;
}

/** What a Send holds of one object instance. */
export interface SentValues {
  readonly path: Lwm2mPath;
  readonly values: readonly TimedNode[];
}

/** A request for a device that sleeps was taken, sent, put back, or is finished: `request.state` tells. */
export interface QueueChangedEvent extends Timed {
  readonly type: 'queue-changed';
  readonly request: QueuedRequest;
}

/** A notification that could not be read. The observation goes on. */
export interface NotificationMalformedEvent extends Timed {
  readonly type: 'notification-malformed';
  readonly registration: Registration;
  readonly observation: ObservationRecord;
  readonly contentFormat: number | undefined;
  readonly message: string;
}

/** An operation is over: the client agreed, refused, or could not be asked. */
export interface OperationCompletedEvent extends Timed {
  readonly type: 'operation-completed';
  readonly registration: Registration;
  readonly operation: OperationName;
  /** `/3/0/9`; of a composite operation all of them: `/3/0/9 /3303/0/5700`. */
  readonly path: string;
  /** What the client answered; undefined when it could not be asked. */
  readonly code: ResponseCode | undefined;
  /** The stable code of the error when it could not be asked: `LWM2M_TIMEOUT`, … */
  readonly error: string | undefined;
  /** From the call to the outcome, waiting included. */
  readonly duration: Duration;
}

export type Lwm2mServerEvent =
  | RegisteredEvent
  | ReplacedEvent
  | UpdatedEvent
  | AddressChangedEvent
  | DeregisteredEvent
  | ExpiredEvent
  | RefusedEvent
  | ObservationStartedEvent
  | ObservationEndedEvent
  | NotificationEvent
  | NotificationMalformedEvent
  | SentEvent
  | QueueChangedEvent
  | OperationCompletedEvent;
