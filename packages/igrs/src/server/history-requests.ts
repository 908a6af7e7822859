import { encodeXml } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { answer, type RaAnswer, refuse } from '../wire/answer.ts';
import { featureOfPath } from '../wire/data.ts';
import { decodeHistoryQuestion, encodeHistory, type HistoryQuestion, historyLimits } from '../wire/history.ts';
import type { RaTerminals } from './ports.ts';
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
  const given = await fitting(terminals, device, question);
  await record(given.ok ? 'done' : given.refusal.condition);
  return given;
}

/** An answer is one stanza, and who reads one takes it up to some size only: of long values fewer go into it. */
async function fitting(terminals: RaTerminals, device: string, question: HistoryQuestion): Promise<RaAnswer> {
  for (let { max } = question; ; ) {
    const found = await terminals.history(device, { ...question, max });
    if (!found.ok) return { ok: false, refusal: found.error };
    const payload = encodeHistory(found.value);
    const size = encodeXml(payload).length;
    const count = found.value.values.length + found.value.spans.length;
    if (size <= historyLimits.bytes || count <= 1) return answer(payload);
    // At least halved: what it takes to find the number that fits is bounded, however different the values are.
    max = Math.max(1, Math.floor(Math.min(count / 2, (count * historyLimits.bytes) / size)));
  }
}

const unfitQuestion = `a get of <history xmlns='${raNamespaces.history}'/> has the path of a resource, and perhaps from and to as 2026-11-28T08:00:00Z, every in seconds, max`;
