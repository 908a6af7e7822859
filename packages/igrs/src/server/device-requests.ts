import { element, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { answer, type RaAnswer, refuse } from '../wire/answer.ts';
import { decodeDataRequest, encodeDataAnswer, featureOfPath } from '../wire/data.ts';
import { type DeviceDescription, encodeDeviceDescription } from '../wire/device-description.ts';
import { deviceCapabilities, discoInfo, encodeDiscovery, isDeviceNode } from '../wire/device-discovery.ts';
import { answerFirmware } from './firmware-requests.ts';
import { answerHistory } from './history-requests.ts';
import type { LateAnswer, RaOperation } from './ports.ts';
import type { RaRequest, RaServices } from './request.ts';

/**
 * A request to a device that the platform speaks for (§11.2, §13). Who is not associated with it and who asks for a device that
 * is not there are told the same.
 */
export async function answerForTerminal(
  services: RaServices,
  device: string,
  request: RaRequest,
  signal: AbortSignal,
): Promise<RaAnswer> {
  const { namespace } = request.payload;
  if (namespace === raNamespaces.data) return ask(services, device, request, signal);
  if (namespace === raNamespaces.firmware) return answerFirmware(services, device, request);
  if (namespace === raNamespaces.history) return answerHistory(services, device, request);
  if (namespace === raNamespaces.device) return describe(services, device, request);
  if (namespace === discoInfo && request.type === 'get') return discover(services, device, request);
  return refuse('service-unavailable');
}

async function ask(
  services: RaServices,
  device: string,
  { account, resource, payload, type }: RaRequest,
  signal: AbortSignal,
): Promise<RaAnswer> {
  const { permissions, terminals, audit } = services;
  const request = decodeDataRequest(payload, type);
  if (request === undefined) return refuse('bad-request', 'a path is numbers with slashes between: /3303/0/5700');
  const operation: RaOperation = request.kind === 'cancel' ? 'observe' : request.kind;
  const asked = { account, feature: featureOfPath(request.path), operation };
  const record = (outcome: string) =>
    audit.record({ door: 'ra', actor: account, action: request.kind, device, subject: request.path, outcome });
  if (!(await permissions.decide(device, asked)).allowed) {
    // Not awaited: how long the answer takes must not tell that there is such a device.
    void record('forbidden');
    return refuse('forbidden');
  }
  // The line is on disk before anybody is told: no crash leaves a value, or a change, that nobody is known to have asked for.
  const { promise: noted, resolve } = Promise.withResolvers<void>();
  let outcome: Awaited<ReturnType<typeof terminals.ask>>;
  try {
    outcome = await terminals.ask(device, request, { account, resource, noted }, signal);
    await record(outcome.ok ? (outcome.value.kind === 'queued' ? 'queued' : 'done') : outcome.error.condition);
  } finally {
    resolve();
  }
  if (!outcome.ok) return { ok: false, refusal: outcome.error };
  return { ok: true, payload: encodeDataAnswer(outcome.value) };
}

/** `<result xmlns='urn:yaolian:ra:1:data' device='…' id='…'><values …/></result>`, or with `<refused condition='…'>text</refused>` */
export function encodeLateAnswer({ device, id, outcome }: LateAnswer, domain: string): XmlElement {
  const ns = raNamespaces.data;
  const content = outcome.ok
    ? encodeDataAnswer(outcome.value)
    : element('refused', ns, { condition: outcome.error.condition }, outcome.error.text);
  return element('result', ns, { device: `${device}@${domain}`, id }, content);
}

/** §13, XEP-0030: what a terminal understands, at its connection. */
async function discover(services: RaServices, device: string, { account, payload }: RaRequest): Promise<RaAnswer> {
  const asked = { account, feature: raNamespaces.device, operation: 'read' } as const;
  const facts = (await services.permissions.decide(device, asked)).allowed
    ? await services.terminals.facts(device)
    : undefined;
  if (facts === undefined) return refuse('forbidden');
  const node = payload.attribute('node');
  if (!isDeviceNode(node, await deviceCapabilities(facts, services.crypto))) return refuse('item-not-found');
  return answer(encodeDiscovery(facts, node));
}

const ofEveryDevice: ReadonlySet<string> = new Set([raNamespaces.device, raNamespaces.data]);

/** What an account may know of a device. Undefined: nothing. */
export async function visibleFacts(
  { permissions, terminals }: Pick<RaServices, 'permissions' | 'terminals'>,
  account: string,
  device: string,
): Promise<DeviceDescription | undefined> {
  const visible = await permissions.visible(device, { account, description: raNamespaces.device });
  const facts = visible && (await terminals.facts(device));
  return (
    facts && {
      ...facts,
      features: facts.features.filter((feature) => ofEveryDevice.has(feature) || visible(feature)),
      instances: facts.instances.filter((path) => visible(featureOfPath(path))),
    }
  );
}

async function describe(
  services: RaServices,
  device: string,
  { account, payload, type }: RaRequest,
): Promise<RaAnswer> {
  if (type !== 'get' || payload.name !== 'device') return refuse('bad-request');
  const facts = await visibleFacts(services, account, device);
  if (facts === undefined) return refuse('forbidden');
  return answer(encodeDeviceDescription(facts));
}
