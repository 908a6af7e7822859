import { accountRequestSchemas } from '../../schema/index.ts';
import { isOfTextType } from '../../schema/schema.ts';
import type { Violation } from './stanza-rules.ts';

/** A request to the account server, as it came. */
export interface AccountRequestSeen {
  /** `/rest/v1/device/register.json` */
  readonly path: string;
  readonly method: string;
  readonly contentType: string;
  readonly body: string;
  /** What it was answered, as a status of HTTP. */
  readonly status: number;
}

const form = 'application/x-www-form-urlencoded';

/** Its fields as texts; undefined when the body is neither a form nor JSON. */
export function fieldsOfAccountRequest({
  contentType,
  body,
}: Pick<AccountRequestSeen, 'contentType' | 'body'>): Readonly<Record<string, unknown>> | undefined {
  const kind = contentType.split(';')[0]!.trim().toLowerCase();
  if (kind === form) return Object.fromEntries(new URLSearchParams(body));
  if (kind !== 'application/json') return undefined;
  try {
    const value: unknown = JSON.parse(body);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined; // said by the violation
  }
}

/** GB/T 29265.205 §7: what is wrong with a request to the account server. */
export function violationsOfAccountRequest(request: AccountRequestSeen): readonly Violation[] {
  const bytes = `${request.method} ${request.path}\n${request.contentType}\n\n${withoutPassword(request.body)}`;
  return faults(request).map(([wrong, right]) => ({ clause: '7', wrong, right, bytes }));
}

function faults(request: AccountRequestSeen): readonly (readonly [wrong: string, right: string])[] {
  const name = /^\/rest\/v1\/(.+)\.(?:xml|json)$/.exec(request.path)?.[1];
  const known = Object.keys(accountRequestSchemas).filter((one) => one !== 'message/send');
  if (name === undefined || !known.includes(name)) {
    return [[`there is no path ${request.path}`, `/rest/v1/PATH.xml or .json with PATH one of ${known.join(', ')}`]];
  }
  if (request.method !== 'POST') return [[`${request.method} ${request.path}`, 'POST']];
  const fields = fieldsOfAccountRequest(request);
  if (fields === undefined)
    return [[`a body of ${request.contentType || 'no type'}`, `${form}, or application/json with an object`]];
  const { required, optional = {} } = accountRequestSchemas[name]!;
  const missing = Object.keys(required).filter((field) => fields[field] === undefined || fields[field] === '');
  const unfit = Object.entries({ ...required, ...optional }).filter(([field, type]) => {
    const value = fields[field];
    return value !== undefined && !isOfTextType(String(value), type);
  });
  return [
    ...missing.map((field) => [`there is no ${field}`, `${name} has ${Object.keys(required).join(', ')}`] as const),
    ...unfit.map(([field, type]) => [`"${String(fields[field])}" is no ${field}`, JSON.stringify(type)] as const),
  ];
}

/** Reports are passed on: passwords do not stand in them. */
function withoutPassword(body: string): string {
  return body
    .replace(/("(?:newPassword|password)"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi, '$1"…"')
    .replace(/\b(newPassword|password)=[^&\s]*/gi, '$1=…');
}
