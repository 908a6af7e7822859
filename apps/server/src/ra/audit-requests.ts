import type { AuditTrail } from '@yaolian/directory';
import type { FastifyInstance } from 'fastify';

/** Routes that write their own line, because their effect is known only to them. */
const selfRecording = new Set([
  'shareDevice',
  'resetVerificationCode',
  'removeRaDevice',
  'disableUser',
  'enableUser',
  'tellUser',
]);

/** Notes every request of an operator that changes something: who, what, to which device, and the status that it got. */
export function auditRequests(app: FastifyInstance, audit: AuditTrail): void {
  app.addHook('onResponse', async (request, reply) => {
    const { actor, method } = request;
    const action = (request.routeOptions.schema as { readonly operationId?: string } | undefined)?.operationId;
    if (actor === undefined || action === undefined || method === 'GET' || method === 'HEAD') return;
    const isDone = reply.statusCode < 400;
    if (isDone && selfRecording.has(action)) return;
    const { device, path } = request.params as { readonly device?: string; readonly path?: string };
    const isRepeated = reply.getHeader('idempotency-replayed') !== undefined;
    const done = isRepeated ? 'done before' : reply.statusCode === 202 ? 'queued' : 'done';
    const outcome = isDone ? done : String(reply.statusCode);
    await audit.record({ door: 'rest', actor: actor.operator, action, device, subject: path, outcome });
  });
}
