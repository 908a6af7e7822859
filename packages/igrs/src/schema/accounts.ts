import { accountAnswerSchema } from './messages.ts';
import { patternOf, type RaElementSchema, type RaTextType } from './schema.ts';

/** The fields of a request to the account server, in a form or as JSON. Others are not looked at. */
export interface AccountRequestSchema {
  readonly required: Readonly<Record<string, RaTextType>>;
  readonly optional?: Readonly<Record<string, RaTextType>>;
}

const flag = ['0', '1', 'true', 'false'] as const;
const common = { version: 'text', domain: 'text', token: 'text', nick: 'text' } as const;
const user = { userName: 'text', password: 'text' } as const;
const device = { deviceName: 'text', password: 'text' } as const;
const changes = { newPassword: 'text', nick: 'text' } as const;
const facts = { deviceType: 'text', vendor: 'text', model: 'text', confirm: flag } as const;

/**
 * What goes to `/rest/v1/PATH.xml` and `.json`: GB/T 29265.205 §7; GB/T 29265.206 §8.2 for application servers, under `/rest/v1/server/` and
 * without passwords of accounts that are there; §8.3 `message/send`.
 */
export const accountRequestSchemas: Readonly<Record<string, AccountRequestSchema>> = {
  'user/register': { required: user, optional: common },
  'device/register': { required: { ...device, verifyCode: 'text' }, optional: { ...common, ...facts } },
  'user/read': { required: user },
  'device/read': { required: device },
  'user/modify': { required: user, optional: changes },
  'device/modify': { required: device, optional: { ...changes, ...facts } },
  'user/delete': { required: user },
  'device/delete': { required: device },
  'device/verifycode': { required: device },
  'message/send': { required: { to: 'text', body: 'text' } },
};

/** Requests and answers of the account server as JSON Schema (draft 2020-12). */
export function encodeAccountJsonSchema(): string {
  const requests = Object.entries(accountRequestSchemas).flatMap(([path, schema]) => {
    const ofServers = path.endsWith('/register') ? [] : [[`server/${path}`, withoutPassword(schema)] as const];
    return path === 'message/send' ? ofServers : [[path, schema] as const, ...ofServers];
  });
  const definitions = requests.map(([path, schema]) => [path.replaceAll('/', '-'), requestOf(path, schema)]);
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:yaolian:ra:1:account',
    title: 'Requests to the account server, by the ends of their paths, and its answer',
    $defs: { ...Object.fromEntries(definitions), answer: answerOf(accountAnswerSchema) },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function withoutPassword({ required, ...rest }: AccountRequestSchema): AccountRequestSchema {
  const { password: _, ...others } = required;
  return { required: others, ...rest };
}

function requestOf(path: string, { required, optional = {} }: AccountRequestSchema) {
  const fields = Object.entries({ ...required, ...optional }).map(([name, type]) => [name, textOf(type)]);
  const title = `POST /rest/v1/${path}.json`;
  return { title, type: 'object', required: Object.keys(required), properties: Object.fromEntries(fields) };
}

/** The same as in XML, where the code is a number. */
function answerOf({ children = {} }: RaElementSchema) {
  const fields = Object.entries(children).map(([name, { text = 'text' }]) => {
    const isCode = name === 'code' && typeof text === 'object' && !('list' in text);
    return [name, isCode ? { type: 'integer', enum: text.map(Number) } : textOf(text)] as const;
  });
  const required = Object.keys(children).filter((name) => children[name]!.occurs === '1');
  return { type: 'object', required, properties: Object.fromEntries(fields), additionalProperties: false };
}

function textOf(type: RaTextType) {
  if (type === 'text') return { type: 'string' };
  if (typeof type === 'string') return { type: 'string', pattern: `^(?:${patternOf(type)})$` };
  return 'list' in type ? { type: 'string' } : { type: 'string', enum: [...type] };
}
