import { type Route, routes } from '@yaolian/contract';
import type { AuditTrail } from '@yaolian/directory';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Routes that write their own line, because their effect is known only to them. */
const selfRecording = new Set([
  'shareDevice',
  'resetVerificationCode',
  'removeRaDevice',
  'removeRaOwner',
  'setRaConfirmation',
  'confirmRaOwner',
  'disableUser',
  'enableUser',
  'tellUser',
]);

/** What operators look at, as the trail calls it. */
export const lookingRoutes: readonly string[] = Object.values<Route>(routes)
  .filter(({ audited }) => audited)
  .map(({ id }) => id);

/** Characters of a name that are written down. */
const longest = 1023;

/**
 * Notes every request of an operator that changes something, asks a device or tells what one said: who, what, to which device, and the
 * status that it got. The line is on disk before the answer leaves; before the first event, where the answer is a stream.
 */
export function auditRequests(app: FastifyInstance, audit: AuditTrail): void {
  const record = async (request: FastifyRequest, outcome: string) => {
    const action = actionOf(request);
    if (request.actor === undefined || action === undefined) return;
    await audit.record({ door: 'rest', actor: request.actor.operator, action, ...subjectOf(request), outcome });
  };
  app.addHook('preHandler', async (request) => {
    if (request.routeOptions.config.audited === 'stream') await record(request, 'begun');
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const isDone = reply.statusCode < 400;
    if (!isAudited(request) || (isDone && selfRecording.has(actionOf(request) ?? ''))) return payload;
    const isRepeated = reply.getHeader('idempotency-replayed') !== undefined;
    const done = isRepeated ? 'done before' : reply.statusCode === 202 ? 'queued' : 'done';
    await record(request, isDone ? done : String(reply.statusCode));
    return payload;
  });
}

function isAudited({ method, routeOptions }: FastifyRequest): boolean {
  return (method !== 'GET' && method !== 'HEAD') || routeOptions.config.audited !== undefined;
}

function actionOf({ routeOptions }: FastifyRequest): string | undefined {
  return (routeOptions.schema as { readonly operationId?: string } | undefined)?.operationId;
}

/** What of a body is written down: names, and what decides who may do what. Never a value, a password or a key. */
const toldFields = ['name', 'label', 'room', 'mode', 'role', 'affiliation'] as const;

/** The device, and what else a request is about: what its path names, or the body of one that makes something. What is no text was refused. */
function subjectOf({ params, query, body }: FastifyRequest) {
  const { device, account, subject, endpoint, path, ...named } = params as Asked;
  const asked = query as Asked;
  const told = (body ?? {}) as Asked;
  const several = device ?? account ?? subject ?? endpoint ?? asked.device ?? told.endpoint;
  const one = Array.isArray(several) && several.length === 1 ? several[0] : several;
  const { entries } = told;
  const many = Array.isArray(entries) ? `${entries.length} entries` : undefined;
  const about = [...Object.values(named), asked.name, ...toldFields.map((field) => told[field]), many];
  const texts = path === undefined && asked.path === undefined ? about.map(textOf).filter(Boolean) : [];
  return { device: textOf(one), subject: textOf(path ?? asked.path) ?? textOf(texts.join(' ') || undefined) };
}

type Asked = Readonly<
  Partial<
    Record<'device' | 'account' | 'subject' | 'endpoint' | 'path' | 'entries' | (typeof toldFields)[number], unknown>
  >
>;

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, longest) : undefined;
}
