import { raNamespaces } from '../namespaces.ts';
import { answer, type RaAnswer, refuse } from '../wire/answer.ts';
import { featureOfPath } from '../wire/data.ts';
import { decodeHistoryQuestion, encodeHistory } from '../wire/history.ts';
import type { RaRequest, RaServices } from './request.ts';

/** What a resource of a device was: who may read it now may read that. The platform answers, whether the device is there or not. */
export async function answerHistory(services: RaServices, device: string, request: RaRequest): Promise<RaAnswer> {
  const { account, type, payload } = request;
  const { permissions, terminals, audit } = services;
  const question = type === 'get' ? decodeHistoryQuestion(payload) : undefined;
  if (question === undefined) return refuse('bad-request', unfitQuestion);
  const { path } = question;
  const record = (outcome: string) =>
    audit.record({ door: 'ra', actor: account, action: 'read-history', device, subject: path, outcome });
  const { allowed } = await permissions.decide(device, { account, feature: featureOfPath(path), operation: 'read' });
  if (!allowed) {
    // Not awaited: how long the answer takes must not tell that there is such a device.
    void record('forbidden');
    return refuse('forbidden');
  }
  const found = await terminals.history(device, question);
  await record(found.ok ? 'done' : found.error.condition);
  return found.ok ? answer(encodeHistory(found.value)) : { ok: false, refusal: found.error };
}

const unfitQuestion = `a get of <history xmlns='${raNamespaces.history}'/> has the path of a resource, and perhaps from and to as 2026-11-28T08:00:00Z, every in seconds, max`;
