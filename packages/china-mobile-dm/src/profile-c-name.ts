import { failure, type Result, success } from '@yaolian/kernel';

/**
 * An endpoint name of profile C (DM 4.0), in the clear:
 * `brand||model||appKey||sdkVersion||apiVersion||apiType||templateId||imei1||imei2||***||***||***`. Undefined stands for `***`.
 */
export interface ProfileCName {
  readonly brand: string | undefined;
  readonly model: string | undefined;
  /** `M` and 9 digits. */
  readonly appKey: string;
  readonly sdkVersion: string | undefined;
  readonly apiVersion: string | undefined;
  readonly apiType: string | undefined;
  readonly templateId: string | undefined;
  /** At most 17 digits. */
  readonly imei1: string | undefined;
  readonly imei2: string | undefined;
  /** The three fields at the end, of which nothing is known. */
  readonly reserved: readonly [string | undefined, string | undefined, string | undefined];
}

const separator = '||';
const absent = '***';
const fieldCount = 12;

/** A failure is a sentence that says what is right. */
export function parseProfileCName(text: string): Result<ProfileCName, string> {
  const parts = text.split(separator, fieldCount + 1);
  if (parts.length !== fieldCount) {
    const number = parts.length > fieldCount ? 'more' : String(parts.length);
    return failure(
      `the name has ${fieldCount} fields with ${separator} between, of which absent ones are ***, not ${number}`,
    );
  }
  const empty = parts.indexOf('');
  if (empty >= 0) return failure(`field ${empty + 1} is empty; an absent one is ***`);
  const [brand, model, appKey, sdkVersion, apiVersion, apiType, templateId, imei1, imei2, ...reserved] =
    parts.map(present);
  if (appKey === undefined || !/^M\d{9}$/.test(appKey)) return failure('field 3 (appKey) is M and 9 digits');
  if (!isAbsentOrImei(imei1)) return failure('field 8 (IMEI) is at most 17 digits, or ***');
  if (!isAbsentOrImei(imei2)) return failure('field 9 (second IMEI) is at most 17 digits, or ***');
  const [first, second, third] = reserved;
  return success({
    brand,
    model,
    appKey,
    sdkVersion,
    apiVersion,
    apiType,
    templateId,
    imei1,
    imei2,
    reserved: [first, second, third],
  });
}

/**
 * The inverse of {@link parseProfileCName}.
 * @throws RangeError when a field is not what it has to be
 */
export function formatProfileCName(name: ProfileCName): string {
  const { brand, model, appKey, sdkVersion, apiVersion, apiType, templateId, imei1, imei2, reserved } = name;
  const fields = [brand, model, appKey, sdkVersion, apiVersion, apiType, templateId, imei1, imei2, ...reserved];
  const text = fields.map((field) => field ?? absent).join(separator);
  const parsed = parseProfileCName(text);
  if (!parsed.ok) throw new RangeError(parsed.error);
  return text;
}

/** The device behind a name is its IMEI: the first, or the second where there is no first. */
export function profileCDeviceKey(name: ProfileCName): string | undefined {
  return name.imei1 ?? name.imei2;
}

function present(text: string): string | undefined {
  return text === absent ? undefined : text;
}

function isAbsentOrImei(text: string | undefined): boolean {
  return text === undefined || /^\d{1,17}$/.test(text);
}
