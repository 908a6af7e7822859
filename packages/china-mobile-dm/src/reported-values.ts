import { failure, type Result, success } from '@yaolian/kernel';
import { reportInformation } from './objects.ts';
import type { ValueCipher } from './value-cipher.ts';

/** What a terminal reported, decrypted. */
export interface ReportedValues {
  /** By field name; values that the terminal says it does not have are not there. */
  readonly fields: Readonly<Record<string, string>>;
  /** Why a field could not be read, by name. */
  readonly unreadable: Readonly<Record<string, string>>;
}

/** What stands for a missing value, in any case of letters. */
const missing: ReadonlySet<string> = new Set(['unsupport', 'unknown', '****', '***', '']);

/** More fields than this are no report. */
export const maximumReportedFields = 128;

/** Decrypts values by name. A value that does not decrypt is told, and takes no other with it. */
export function readReportedValues(values: Iterable<readonly [string, string]>, cipher: ValueCipher): ReportedValues {
  const fields: [string, string][] = [];
  const unreadable: [string, string][] = [];
  for (const [name, value] of values) {
    if (isMissing(value)) continue; // some terminals leave what they do not have in the clear
    const text = cipher.decrypt(value);
    if (!text.ok) unreadable.push([name, text.error]);
    else if (!isMissing(text.value)) fields.push([name, text.value]);
  }
  return { fields: Object.fromEntries(fields), unreadable: Object.fromEntries(unreadable) };
}

/** Object 666 (profile B) as it was read: encrypted strings by resource id. */
export function readReportInformation(
  resources: Iterable<readonly [resourceId: number, value: string]>,
  cipher: ValueCipher,
): ReportedValues {
  const named: (readonly [string, string])[] = [];
  for (const [id, value] of resources) {
    const known = Object.entries(reportInformation.named).find(([, resource]) => resource.id === id);
    named.push([known?.[0] ?? String(id), value]);
  }
  return readReportedValues(named, cipher);
}

/** The text of 669/0/1 (profile C): a JSON object of the chosen fields. A failure is a sentence. */
export function readReport(text: string, cipher: ValueCipher): Result<ReportedValues, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return failure('the report is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return failure('the report is not a JSON object');
  }
  const entries = Object.entries(parsed);
  if (entries.length > maximumReportedFields)
    return failure(`the report has more than ${maximumReportedFields} fields`);
  const texts: [string, string][] = [];
  const nested: [string, string][] = [];
  for (const [name, value] of entries) {
    if (typeof value === 'object' && value !== null)
      nested.push([name, 'a list or an object stands where a text belongs']);
    else texts.push([name, String(value)]);
  }
  const { fields, unreadable } = readReportedValues(texts, cipher);
  return success({ fields, unreadable: { ...unreadable, ...Object.fromEntries(nested) } });
}

/** What a terminal puts into 669/0/1. */
export function writeReport(fields: Readonly<Record<string, string>>, cipher: ValueCipher): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cipher.encrypt(value)])),
  );
}

function isMissing(value: string): boolean {
  return missing.has(value.toLowerCase());
}
