import { failure, type Result, success } from '@yaolian/kernel';

/**
 * An endpoint name of profile A, `IMEI;IMSI;CMEI;A.B` (terminal specification 1.0.0 §7.1). A field that the device does not
 * have is undefined; its `;` stands all the same.
 */
export interface EndpointName {
  /** 1 to 17 digits. */
  readonly imei: string | undefined;
  /** 1 to 16 digits; undefined without a SIM. */
  readonly imsi: string | undefined;
  /** 15 letters or digits. */
  readonly cmei: string | undefined;
  /** Major and minor version, `A.B`. */
  readonly version: string;
}

/** The fields in their order, with what is right in each. */
export const endpointNameFields = [
  { field: 'IMEI', pattern: /^\d{0,17}$/, right: 'at most 17 digits, or empty' },
  { field: 'IMSI', pattern: /^\d{0,16}$/, right: 'at most 16 digits, or empty' },
  { field: 'CMEI', pattern: /^(?:[0-9A-Za-z]{15})?$/, right: 'exactly 15 letters or digits, or empty' },
  { field: 'version', pattern: /^\d{1,9}\.\d{1,9}$/, right: 'two numbers with a point between, such as 1.0' },
] as const;

export interface EndpointNameError {
  /** The bad field; `name` when there are not four of them. */
  readonly field: (typeof endpointNameFields)[number]['field'] | 'name';
  /** Where the field is in the name, counted in characters from 0. */
  readonly position: number;
  /** The text of the field, cut at 40 characters. */
  readonly found: string;
  /** What would be right, in words. */
  readonly expected: string;
  /** All of it in a sentence. */
  readonly message: string;
}

/** Reads an endpoint name of profile A. */
export function parseEndpointName(name: string): Result<EndpointName, EndpointNameError> {
  // Five parts are enough to know that four is not their number, however long the name is.
  const texts = name.split(';', endpointNameFields.length + 1);
  if (texts.length !== endpointNameFields.length) return failure(wrongNumberOfFields(name, texts.length));
  for (let index = 0, position = 0; index < texts.length; index++) {
    const text = texts[index]!;
    if (!endpointNameFields[index]!.pattern.test(text)) return failure(wrongField(index, position, text));
    position += text.length + 1;
  }
  const [imei, imsi, cmei, version] = texts as [string, string, string, string];
  return success({ imei: imei || undefined, imsi: imsi || undefined, cmei: cmei || undefined, version });
}

/**
 * The inverse of {@link parseEndpointName}.
 * @throws RangeError when a field is not what it has to be
 */
export function formatEndpointName(name: EndpointName): string {
  const { imei, imsi, cmei, version } = name;
  const text = [imei, imsi, cmei, version].map((field) => field ?? '').join(';');
  const parsed = parseEndpointName(text);
  if (!parsed.ok) throw new RangeError(parsed.error.message);
  return text;
}

/**
 * The key of the device behind a name: CMEI and IMEI one after the other, or the one that there is; undefined when there
 * is neither. The IMSI is not part of it: with a new SIM it is the same device.
 */
export function deviceKeyOf(name: EndpointName): string | undefined {
  if (name.cmei === undefined) return name.imei;
  return name.imei === undefined ? name.cmei : name.cmei + name.imei;
}

/** The fields that a name has, for people to look at and search in. */
export function identityOf(name: EndpointName): Readonly<Record<string, string>> {
  const { imei, imsi, cmei, version } = name;
  return {
    ...(imei !== undefined && { imei }),
    ...(imsi !== undefined && { imsi }),
    ...(cmei !== undefined && { cmei }),
    version,
  };
}

function wrongNumberOfFields(name: string, count: number): EndpointNameError {
  const found = shortened(name);
  const number = count > endpointNameFields.length ? 'more than four fields' : fieldCounts[count - 1]!;
  const expected = 'four fields IMEI;IMSI;CMEI;A.B, of which empty ones keep their ;';
  return { field: 'name', position: 0, found, expected, message: `the name "${found}" has ${number}, not ${expected}` };
}

const fieldCounts = ['one field', 'two fields', 'three fields'] as const;

function wrongField(index: number, position: number, text: string): EndpointNameError {
  const { field, right: expected } = endpointNameFields[index]!;
  const found = shortened(text);
  const message = `field ${index + 1} (${field}, at character ${position}) is "${found}", not ${expected}`;
  return { field, position, found, expected, message };
}

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
