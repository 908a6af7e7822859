import { failure, type Result, success } from '@yaolian/kernel';
import type { ResourceType } from './value.ts';

/**
 * The attributes that steer notifications (OMA-TS-LightweightM2M_Core 1.1 §5.1.2, 1.2 §7.3.2), by their names on the wire.
 * Periods are in seconds, thresholds and steps in the unit of the resource.
 */
export interface NotificationAttributes {
  /** Minimum period: no two notifications sooner after one another. */
  readonly pmin?: number;
  /** Maximum period: at least one notification in it. 0 is the same as none. */
  readonly pmax?: number;
  /** Greater than: notify when the value crosses it. */
  readonly gt?: number;
  /** Less than: notify when the value crosses it. */
  readonly lt?: number;
  /** Step: notify when the value has changed by this much. */
  readonly st?: number;
  /** Minimum evaluation period. */
  readonly epmin?: number;
  /** Maximum evaluation period. */
  readonly epmax?: number;
  /** Notify on the falling (0) or the rising (1) edge of a boolean. */
  readonly edge?: number;
  /** 1: notifications are confirmable, 0: not. */
  readonly con?: number;
  /** Maximum historical queue: how many values are kept while a server cannot be reached. */
  readonly hqmax?: number;
}

export type NotificationAttributeName = keyof NotificationAttributes;

/** What Write-Attributes asks for: a number sets an attribute, null removes it. */
export type AttributeChanges = { readonly [Name in NotificationAttributeName]?: number | null };

export interface AttributeError {
  readonly code: 'unknown-attribute' | 'malformed' | 'out-of-range' | 'conflict' | 'not-applicable';
  /** The attribute at fault, as it came. */
  readonly name: string;
  /** A sentence that says what is wrong and what is right. */
  readonly message: string;
}

type Kind = 'seconds' | 'number' | 'step' | 'bit' | 'count';

const kinds: Readonly<Record<NotificationAttributeName, Kind>> = {
  pmin: 'seconds',
  pmax: 'seconds',
  gt: 'number',
  lt: 'number',
  st: 'step',
  epmin: 'seconds',
  epmax: 'seconds',
  edge: 'bit',
  con: 'bit',
  hqmax: 'count',
};

export const notificationAttributeNames = Object.keys(kinds) as readonly NotificationAttributeName[];

const right: Readonly<Record<Kind, string>> = {
  seconds: 'a whole number of seconds from 0 to 4294967295',
  number: 'a decimal number such as -12.5',
  step: 'a decimal number from 0 up, such as 0.5',
  bit: '0 or 1',
  count: 'a whole number from 0 to 4294967295',
};

/** The attribute of that name; China Mobile's documents call the step `stp`. */
export function notificationAttributeName(name: string): NotificationAttributeName | undefined {
  if (name === 'stp') return 'st';
  return Object.hasOwn(kinds, name) ? (name as NotificationAttributeName) : undefined;
}

/** Reads one attribute's text: `10`, `-12.5`. Quotes around it, which some terminals write, are ignored. */
export function parseAttributeValue(name: NotificationAttributeName, text: string): Result<number, AttributeError> {
  const kind = kinds[name];
  const bare = /^"(.*)"$/.exec(text)?.[1] ?? text;
  // OMA-TS-LightweightM2M 1.0 §5.1.2: gt, lt and st are 1*DIGIT ["." 1*DIGIT]; a sign is needed for temperatures below 0.
  const pattern =
    kind === 'number' ? /^-?\d{1,30}(?:\.\d{1,30})?$/ : kind === 'step' ? /^\d{1,30}(?:\.\d{1,30})?$/ : /^\d{1,10}$/;
  if (!pattern.test(bare)) return refuse('malformed', name, `${name} takes ${right[kind]}, not "${bare.slice(0, 40)}"`);
  return checkAttributeValue(name, Number(bare));
}

function checkAttributeValue(name: NotificationAttributeName, value: number): Result<number, AttributeError> {
  const kind = kinds[name];
  const fits =
    kind === 'number'
      ? Number.isFinite(value)
      : kind === 'step'
        ? Number.isFinite(value) && value >= 0
        : Number.isInteger(value) && value >= 0 && value <= (kind === 'bit' ? 1 : 4_294_967_295);
  return fits ? success(value) : refuse('out-of-range', name, `${name} takes ${right[kind]}, not ${value}`);
}

/**
 * Reads the Uri-Query options of Write-Attributes (`pmin=10`, `gt=30.5`, `pmax` alone to remove it) or of an Observe of LwM2M 1.2.
 * An unknown name, or one that comes twice, is an error.
 */
export function parseAttributeQuery(query: readonly string[]): Result<AttributeChanges, AttributeError> {
  const changes: { -readonly [Name in NotificationAttributeName]?: number | null } = {};
  for (const option of query) {
    const equals = option.indexOf('=');
    const written = equals < 0 ? option : option.slice(0, equals);
    const name = notificationAttributeName(written);
    if (name === undefined) return refuse('unknown-attribute', written, unknownAttribute(written));
    if (name in changes) return refuse('conflict', written, `${name} is there twice`);
    if (equals < 0 || equals === option.length - 1) {
      changes[name] = null;
      continue;
    }
    const value = parseAttributeValue(name, option.slice(equals + 1));
    if (!value.ok) return value;
    changes[name] = value.value;
  }
  return success(changes);
}

function unknownAttribute(name: string): string {
  return `"${name.slice(0, 40)}" is not an attribute; those are ${notificationAttributeNames.join(', ')}`;
}

/** The Uri-Query options that carry changes: the inverse of {@link parseAttributeQuery}. */
export function formatAttributeQuery(changes: AttributeChanges): string[] {
  const query: string[] = [];
  for (const name of notificationAttributeNames) {
    const value = changes[name];
    if (value === null) query.push(name);
    else if (value !== undefined) query.push(`${name}=${formatAttributeValue(value)}`);
  }
  return query;
}

/** The shortest decimal digits, without an exponent, as the attributes' grammar wants. */
export function formatAttributeValue(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign, first, fraction = '', exponentText] = match;
  const exponent = Number(exponentText);
  const digits = first! + fraction;
  return sign! + (exponent < 0 ? `0.${'0'.repeat(-exponent - 1)}${digits}` : digits.padEnd(exponent + 1, '0'));
}

/** `current` with `changes` made. */
export function applyAttributes(current: NotificationAttributes, changes: AttributeChanges): NotificationAttributes {
  const result: { -readonly [Name in NotificationAttributeName]?: number } = {};
  for (const name of notificationAttributeNames) {
    const value = changes[name] === undefined ? current[name] : changes[name];
    if (value !== undefined && value !== null) result[name] = value;
  }
  return result;
}

/** What attributes are put on: without a type for objects and object instances, whose resources differ. */
export interface AttributeTarget {
  readonly type?: ResourceType;
}

/**
 * Whether attributes agree with each other and with what they are put on.
 *
 * - pmin is not above pmax, nor epmin above epmax (a pmax of 0 is none)
 * - gt, lt and st go with numbers only: integer, unsigned, float, and time, which is one on the wire; edge with booleans
 * - lt is below gt, and lt + 2 * st below gt (OMA-TS-LightweightM2M_Core 1.1 §7.3.2, table 7.3.2-1)
 */
export function checkAttributes(
  attributes: NotificationAttributes,
  target: AttributeTarget = {},
): Result<NotificationAttributes, AttributeError> {
  for (const name of notificationAttributeNames) {
    const value = attributes[name];
    if (value === undefined) continue;
    const checked = checkAttributeValue(name, value);
    if (!checked.ok) return checked;
    if (!isApplicable(name, target.type)) return refuse('not-applicable', name, notApplicable(name, target.type));
  }
  return conflictOf(attributes) ?? success(attributes);
}

function isApplicable(name: NotificationAttributeName, type: ResourceType | undefined): boolean {
  if (type === undefined) return name !== 'gt' && name !== 'lt' && name !== 'st' && name !== 'edge';
  if (name === 'edge') return type === 'boolean';
  if (name !== 'gt' && name !== 'lt' && name !== 'st') return true;
  return type === 'integer' || type === 'unsigned' || type === 'float' || type === 'time';
}

function notApplicable(name: string, type: ResourceType | undefined): string {
  const kind = name === 'edge' ? 'boolean' : 'numeric';
  return `${name} is for ${kind} resources, not for ${type === undefined ? 'an object or an object instance' : type}`;
}

function conflictOf(attributes: NotificationAttributes): { ok: false; error: AttributeError } | undefined {
  const { pmin, pmax, epmin, epmax, gt, lt, st } = attributes;
  if (pmin !== undefined && pmax !== undefined && pmax !== 0 && pmin > pmax) {
    return refuse('conflict', 'pmin', `pmin (${pmin}) is above pmax (${pmax})`);
  }
  if (epmin !== undefined && epmax !== undefined && epmax !== 0 && epmin > epmax) {
    return refuse('conflict', 'epmin', `epmin (${epmin}) is above epmax (${epmax})`);
  }
  if (lt !== undefined && gt !== undefined) {
    if (lt >= gt) return refuse('conflict', 'lt', `lt (${lt}) is not below gt (${gt})`);
    if (st !== undefined && lt + 2 * st >= gt) {
      return refuse('conflict', 'st', `lt + 2 * st (${lt + 2 * st}) is not below gt (${gt})`);
    }
  }
  return undefined;
}

function refuse(code: AttributeError['code'], name: string, message: string): { ok: false; error: AttributeError } {
  return failure({ code, name, message });
}
