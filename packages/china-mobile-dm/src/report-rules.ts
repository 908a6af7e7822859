import { failure, type Result, success } from '@yaolian/kernel';

/** When a DM 4.0 terminal reports (profile C, resource 668/0/2). Times in minutes. */
export interface ReportRules {
  /** Between two reports. */
  readonly reportTime: number;
  /** Reports at most, until the server asks for more. */
  readonly reportNum: number;
  /** Between two heartbeats, which are Updates with the object list. */
  readonly heartBeatTime: number;
  /** Before a failed report is tried again. */
  readonly retryInterval: number;
  readonly retryNum: number;
}

export const defaultReportRules: ReportRules = Object.freeze({
  reportTime: 360,
  reportNum: 8,
  heartBeatTime: 10,
  retryInterval: 5,
  retryNum: 3,
});

/** Smallest and greatest of each rule. The documents give none: these are ours, a week at most. */
export const reportRuleRanges = {
  reportTime: [1, 10_080],
  reportNum: [1, 10_000],
  heartBeatTime: [1, 10_080],
  retryInterval: [1, 10_080],
  retryNum: [0, 100],
} as const satisfies Readonly<Record<keyof ReportRules, readonly [number, number]>>;

/**
 * What a group of terminals is to report. A terminal is of the group whose conditions it meets and that has most of them, of several
 * with equally many of the first by name; the group without conditions is of every terminal.
 */
export interface ReportGroup {
  readonly name: string;
  /** The terminal's appKey, brand and model must be these; absent ones may be any. */
  readonly appKey?: string;
  readonly brand?: string;
  readonly model?: string;
  /** The fields that are wanted (668/0/1), such as `imsi`. */
  readonly fields: readonly string[];
  readonly rules: ReportRules;
  /** Another server that the terminals shall report to from now on (668/0/3), such as `coap://dm.example:5683`. */
  readonly address?: string;
}

/**
 * The fields of object 666 by the names that we use in reports of profile C as well. The documents name `imsi`; the others are
 * ours, and a group may want any.
 */
export const defaultReportFields: readonly string[] = Object.freeze([
  'imei1',
  'imei2',
  'imsi',
  'mac',
  'rom',
  'ram',
  'cpu',
  'systemVersion',
  'firmwareVersion',
  'firmwareName',
  'volte',
  'networkType',
  'phoneNumber',
  'location',
]);

export const maximumReportFields = 64;

/** The group in force until an operator sets one. */
export const defaultReportGroup: ReportGroup = Object.freeze({
  name: 'default',
  fields: defaultReportFields,
  rules: defaultReportRules,
});

/** What is wrong with a group, in a sentence that says what is right; undefined when nothing is. */
export function problemOfReportGroup({ name, fields, rules, address }: ReportGroup): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    return 'the name of a group is 1 to 64 letters, digits, ".", "_" and "-", and begins with a letter or digit';
  }
  if (fields.length > maximumReportFields) return `a group wants ${maximumReportFields} fields at most`;
  const wrong = fields.find((field) => !/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(field));
  if (wrong !== undefined) return `the field "${wrong.slice(0, 64)}" is not 1 to 64 letters, digits and "_"`;
  for (const [rule, [least, most]] of Object.entries(reportRuleRanges)) {
    const value = rules[rule as keyof ReportRules];
    const isRight = Number.isInteger(value) && value >= least && value <= most;
    if (!isRight) return `${rule} is a whole number from ${least} to ${most}`;
  }
  if (address !== undefined && !/^coaps?(\+tcp)?:\/\/[^\s/]+$/.test(address)) {
    return 'the address is that of a server, such as coap://dm.example:5683';
  }
  return undefined;
}

const conditions = ['appKey', 'brand', 'model'] as const;

function countOf(group: ReportGroup): number {
  return conditions.filter((key) => group[key] !== undefined).length;
}

/** The groups that take terminals from a group by their names alone: with equally many conditions, which a terminal may meet as well. */
export function groupsBefore(group: ReportGroup, groups: Iterable<ReportGroup>): readonly ReportGroup[] {
  return [...groups].filter(
    (other) =>
      other.name < group.name &&
      countOf(other) === countOf(group) &&
      conditions.every((key) => other[key] === undefined || group[key] === undefined || other[key] === group[key]),
  );
}

/** What of a terminal decides of which group it is. */
export type ReportGroupTerminal = { readonly [Condition in (typeof conditions)[number]]?: string | undefined };

/** The groups whose conditions a terminal meets, that which counts first: with most conditions, of equals the first by name. */
export function reportGroupsFitting(
  terminal: ReportGroupTerminal,
  groups: Iterable<ReportGroup>,
): readonly ReportGroup[] {
  return [...groups]
    .filter((group) => conditions.every((key) => group[key] === undefined || group[key] === terminal[key]))
    .toSorted((a, b) => countOf(b) - countOf(a) || (a.name < b.name ? -1 : 1));
}

/** The group of a terminal: the one with most conditions that it meets; of equals the first by name. */
export function reportGroupOf(terminal: ReportGroupTerminal, groups: Iterable<ReportGroup>): ReportGroup {
  return reportGroupsFitting(terminal, groups)[0] ?? defaultReportGroup;
}

/** The text of 668/0/1: `{"imsi":"Y","mac":"Y"}`. */
export function encodeFieldConfiguration(fields: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(fields.map((field) => [field, 'Y'])));
}

/** The fields that a terminal is asked for in 668/0/1; what has another value than `Y` is not wanted. */
export function decodeFieldConfiguration(text: string): Result<readonly string[], string> {
  const parsed = parseObject(text);
  if (!parsed.ok) return parsed;
  const fields = Object.entries(parsed.value).filter(([, value]) => value === 'Y');
  return success(fields.map(([field]) => field));
}

/** The text of 668/0/2. */
export function encodeRuleConfiguration(rules: ReportRules): string {
  const { reportTime, reportNum, heartBeatTime, retryInterval, retryNum } = rules;
  return JSON.stringify({ reportTime, reportNum, heartBeatTime, retryInterval, retryNum });
}

/** The rules in 668/0/2; absent ones have their default. Numbers may stand in quotes. */
export function decodeRuleConfiguration(text: string): Result<ReportRules, string> {
  const parsed = parseObject(text);
  if (!parsed.ok) return parsed;
  const rules: Record<string, number> = { ...defaultReportRules };
  for (const [rule, [least, most]] of Object.entries(reportRuleRanges)) {
    const value = parsed.value[rule];
    if (value === undefined) continue;
    const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < least || number > most) {
      return failure(`${rule} is a whole number from ${least} to ${most}`);
    }
    rules[rule] = number;
  }
  return success(rules as unknown as ReportRules);
}

function parseObject(text: string): Result<Readonly<Record<string, unknown>>, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failure('it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return failure('it is not a JSON object');
  return success(value as Record<string, unknown>);
}
