import type { NotificationAttributes } from '../attributes.ts';
import type { ResourceValue } from '../value.ts';

/** When an observation may and must speak, in milliseconds. */
export interface ReportingPeriods {
  /** No two notifications sooner after one another; 0 when there is no such wait. */
  readonly minimum: number;
  /** A notification at least this often; undefined when time alone makes none. */
  readonly maximum: number | undefined;
}

/** The server's own defaults: resources 2 and 3 of its Server object instance, in seconds. */
export interface DefaultPeriods {
  readonly pmin: number | undefined;
  readonly pmax: number | undefined;
}

/**
 * The periods in force: the attributes, else the server's defaults.
 *
 * OMA-TS-LightweightM2M_Core 1.1 §5.1.2: a maximum period of 0, or one below the minimum period (which inheritance can
 * bring about), counts as none.
 */
export function reportingPeriods(attributes: NotificationAttributes, defaults: DefaultPeriods): ReportingPeriods {
  const pmin = attributes.pmin ?? defaults.pmin ?? 0;
  const pmax = attributes.pmax ?? defaults.pmax ?? 0;
  return { minimum: pmin * 1000, maximum: pmax === 0 || pmax < pmin ? undefined : pmax * 1000 };
}

/** When conditions are looked at, in milliseconds. */
export interface EvaluationPeriods {
  /** No two looks sooner after one another; 0 when there is no such wait. */
  readonly minimum: number;
  /** A look at least this often; undefined: only when something is known to have changed. */
  readonly maximum: number | undefined;
}

/** OMA-TS-LightweightM2M_Core 1.1 §5.1.2, epmin and epmax. A maximum of 0, or one below the minimum, counts as none. */
export function evaluationPeriods({ epmin = 0, epmax = 0 }: NotificationAttributes): EvaluationPeriods {
  return { minimum: epmin * 1000, maximum: epmax === 0 || epmax < epmin ? undefined : epmax * 1000 };
}

/** A number that conditions can be put on: times count in seconds, as they do on the wire, and booleans as 0 and 1. */
export type Sample = number | bigint;

/** What a value is to the change value conditions; undefined when they do not apply to it. */
export function sampleOf(value: ResourceValue): Sample | undefined {
  if (value instanceof Date) return Math.floor(value.getTime() / 1000);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}

export function hasValueConditions(attributes: NotificationAttributes): boolean {
  return (
    attributes.gt !== undefined ||
    attributes.lt !== undefined ||
    attributes.st !== undefined ||
    attributes.edge !== undefined
  );
}

/**
 * Whether a change is worth a notification under the change value conditions (OMA-TS-LightweightM2M_Core 1.1 §5.1.2: any one
 * of them is enough).
 *
 * @param notified the value of the last notification
 * @param before the value until now
 * @param now the value from now on
 */
export function meetsValueConditions(
  attributes: NotificationAttributes,
  notified: Sample,
  before: Sample,
  now: Sample,
): boolean {
  const { gt, lt, st, edge } = attributes;
  // "Crosses" is meant in both directions: leaving the zone beyond the threshold is as much news as entering it, and
  // staying on either side of it is none.
  if (gt !== undefined && before > gt !== now > gt) return true;
  if (lt !== undefined && before < lt !== now < lt) return true;
  // The step is measured from what the server knows; reaching it is enough.
  if (st !== undefined && distance(notified, now) >= st) return true;
  // LwM2M 1.2 §7.3.2: 1 is the rising edge of a boolean, 0 the falling one.
  return edge !== undefined && before !== now && now === edge;
}

function distance(a: Sample, b: Sample): number {
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    const difference = BigInt(a) - BigInt(b);
    return Number(difference < 0n ? -difference : difference);
  }
  return Math.abs(Number(a) - Number(b));
}
