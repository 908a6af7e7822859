import { answer, type RaAnswer, refuse } from '../wire/answer.ts';
import { featureOfPath } from '../wire/data.ts';
import { encodeFirmwareProgress, encodeFirmwareState } from '../wire/firmware.ts';
import type { RaRequest, RaServices } from './request.ts';

/** LwM2M's object of firmware: who may execute it may update a device that is its own. */
const feature = featureOfPath('/5');

/** An owner asks what firmware its device has and is offered, and begins the update to that. The platform carries it out. */
export async function answerFirmware(services: RaServices, device: string, request: RaRequest): Promise<RaAnswer> {
  const { account, payload, type } = request;
  const isUpdate = type === 'set';
  if (payload.name !== (isUpdate ? 'update' : 'firmware')) return refuse('bad-request');
  const { permissions, terminals, audit, bindings } = services;
  const action = isUpdate ? 'update-firmware' : 'show-firmware';
  const record = (outcome: string, subject?: string) =>
    audit.record({ door: 'ra', actor: account, action, device, subject, outcome });
  const isOwner = (await bindings.binding(account, device))?.state === 'active';
  const { allowed } = await permissions.decide(device, { account, feature, operation: isUpdate ? 'execute' : 'read' });
  if (!isOwner || !allowed) {
    // Not awaited: how long the answer takes must not tell that there is such a device.
    void record('forbidden');
    return refuse('forbidden');
  }
  if (!isUpdate) {
    const state = await terminals.firmware(device);
    await record(state === undefined ? 'service-unavailable' : 'done');
    return state === undefined ? notOurs : answer(encodeFirmwareState(state));
  }
  const begun = await terminals.updateFirmware(device);
  await record(begun.ok ? 'done' : begun.error.condition, begun.ok ? begun.value.to : undefined);
  return begun.ok ? answer(encodeFirmwareProgress(begun.value)) : { ok: false, refusal: begun.error };
}

const notOurs = refuse('service-unavailable', 'the platform looks after the firmware of no such device');
