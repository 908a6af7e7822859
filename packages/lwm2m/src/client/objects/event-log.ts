import { Code, ContentFormat } from '@yaolian/coap';
import { type Clock, concatBytes, emptyBytes, encodeUtf8, seconds, type Timer, type Timers } from '@yaolian/kernel';
import { EventLog } from '@yaolian/lwm2m-objects/core-references';
import { encodeContent } from '../../formats/index.ts';
import { multipleResource } from '../../node.ts';
import type { ExecuteArguments } from '../execute-arguments.ts';
import { type DeclaredInstance, type HookAnswer, instance } from '../object-instance.ts';
import type { Lwm2mVersion } from '../operations/read.ts';
import { refuse } from '../refusal.ts';
import { ofRelease } from './release.ts';

export type EventLogInstance = DeclaredInstance<typeof EventLog>;

/** Resource 4010: what kind of events an instance collects. */
export const LogClass = { Generic: 0, System: 1, Security: 2, Event: 3, Trace: 4, Panic: 5, Charging: 6 } as const;

/** Bits of resource 4013. */
export const LogStatus = { Stopped: 1, HasData: 2, Failed: 4 } as const;

/** Resource 4015: how LogData is written. */
export const LogDataFormat = { Bytes: 0, Tlv: 1, Json: 2, Cbor: 3 } as const;

export interface EventLogOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** The object instance id; default 0. */
  readonly id?: number;
  /** Default generic, which collects events of every class. */
  readonly logClass?: number;
  /** At most this many events; beyond, the oldest go. Default 256. */
  readonly maximumEvents?: number;
  /** An event's text is cut to this many characters. Default 256. */
  readonly maximumEventLength?: number;
  readonly release?: Lwm2mVersion;
}

/**
 * An Event Log (20): collects what {@link EventLogger.log} is told between LogStart and LogStop.
 *
 * - LogStart: argument 0 is 1 to keep what is there, else it is emptied; argument 1 is how many seconds to collect
 * - LogStop: argument 0 is 1 to empty it, else it is kept
 * - LogData: `2026-11-26T08:00:00.000Z text`, one event a line; in the other formats one resource instance an event
 */
export class EventLogger {
  readonly instance: EventLogInstance;
  readonly #options: EventLogOptions;
  #events: string[] = [];
  #running = false;
  #end: Timer | undefined;

  constructor(options: EventLogOptions) {
    this.#options = options;
    this.instance = instance(
      ofRelease(EventLog, options.release ?? '1.1'),
      {
        logClass: options.logClass ?? LogClass.Generic,
        logStatus: LogStatus.Stopped,
        logDataFormat: LogDataFormat.Bytes,
      },
      {
        id: options.id ?? 0,
        onRead: { logData: () => this.#data() },
        onWrite: {
          logClass: (value) => inByte('a log class', value, 255),
          logDataFormat: (value) => inByte('the log data format', value, LogDataFormat.Cbor),
        },
        onExecute: {
          logStart: (args) => this.#start(args),
          logStop: (args) => this.#stop(args.get(0) === '1'),
        },
      },
    );
  }

  /** Notes an event, if one of its class is collected now. */
  log(text: string, logClass: number = LogClass.Generic): void {
    const wanted = Number(this.instance.get('logClass') ?? LogClass.Generic);
    if (!this.#running || (wanted !== LogClass.Generic && wanted !== logClass)) return;
    const { clock, maximumEvents = 256, maximumEventLength = 256 } = this.#options;
    const line = text
      .slice(0, maximumEventLength)
      .toWellFormed()
      .replaceAll(/[\r\n]+/g, ' ');
    this.#events.push(`${new Date(clock.epoch()).toISOString()} ${line}`);
    if (this.#events.length > maximumEvents) this.#events.shift();
    this.#show();
  }

  #start(args: ExecuteArguments): HookAnswer {
    const period = Number(args.get(1) ?? 0);
    if (!Number.isInteger(period) || period < 0 || period > 2_000_000)
      return refuse(Code.BadRequest, 'argument 1 of LogStart is how long to collect, 0 to 2000000 seconds');
    if (args.get(0) !== '1') this.#events = [];
    this.#end?.cancel();
    this.#end = period > 0 ? this.#options.timers.schedule(seconds(period), () => this.#stop(false)) : undefined;
    this.#running = true;
    this.#show();
  }

  #stop(empty: boolean): void {
    this.#end?.cancel();
    this.#end = undefined;
    this.#running = false;
    if (empty) this.#events = [];
    this.#show();
  }

  #show(): void {
    const stopped = this.#running ? 0 : LogStatus.Stopped;
    this.instance.set('logStatus', stopped | (this.#events.length > 0 ? LogStatus.HasData : 0));
    this.instance.changed('logData');
  }

  #data(): Uint8Array {
    const format = Number(this.instance.get('logDataFormat') ?? LogDataFormat.Bytes);
    if (format === LogDataFormat.Bytes) return concatBytes(this.#events.map((line) => encodeUtf8(`${line}\n`)));
    const node = multipleResource(EventLog.LogData.id, 'string', this.#events.entries());
    const path = { objectId: EventLog.id, objectInstanceId: this.instance.id, resourceId: EventLog.LogData.id };
    const encoded = encodeContent(contentFormats[format as keyof typeof contentFormats], path, node);
    return encoded.ok ? encoded.value : emptyBytes;
  }
}

const contentFormats = {
  [LogDataFormat.Tlv]: ContentFormat.Lwm2mTlv,
  [LogDataFormat.Json]: ContentFormat.Lwm2mJson,
  [LogDataFormat.Cbor]: ContentFormat.SenmlCbor,
} as const;

function inByte(what: string, value: number | bigint, largest: number): HookAnswer {
  if (value < 0 || value > largest) return refuse(Code.BadRequest, `${what} is 0 to ${largest}, not ${value}`);
}
