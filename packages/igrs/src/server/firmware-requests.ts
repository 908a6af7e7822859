import { answer, type RaAnswer, refuse } from '../wire/answer.ts';
import { featureOfPath } from '../wire/data.ts';
import { encodeFirmwareProgress, encodeFirmwareState } from '../wire/firmware.ts';
import type { RaBindings, RaPermissions } from './ports.ts';
import type { RaRequest, RaServices } from './request.ts';

/** LwM2M's object of firmware: who may execute it may update a device that is its own. */
const feature = featureOfPath('/5');

/** What an owner does with the firmware of a device, and how the audit calls it. */
export const firmwareActions = { show: 'show-firmware', update: 'update-firmware', cancel: 'cancel-firmware' } as const;

export type FirmwareWish = keyof typeof firmwareActions;

/** Whether an account may do that with the firmware of a device: its owners may, where their permissions for object 5 let them. */
export async function mayUseFirmware(
  { permissions, bindings }: { readonly permissions: RaPermissions; readonly bindings: Pick<RaBindings, 'binding'> },
  { account, device, wish }: { readonly account: string; readonly device: string; readonly wish: FirmwareWish },
): Promise<boolean> {
  const isOwner = (await bindings.binding(account, device))?.state === 'active';
  const operation = wish === 'show' ? 'read' : 'execute';
  const { allowed } = await permissions.decide(device, { account, feature, operation });
  return isOwner && allowed;
}

/** An owner asks what firmware its device has and is offered, begins the update to that, and gives it up. The platform carries it out. */
export async function answerFirmware(services: RaServices, device: string, request: RaRequest): Promise<RaAnswer> {
  const { account } = request;
  const wish = wishOf(request);
  if (wish === undefined) return refuse('bad-request');
  const { terminals, audit } = services;
  const action = firmwareActions[wish];
  const record = (outcome: string, subject?: string) =>
    audit.record({ door: 'ra', actor: account, action, device, subject, outcome });
  if (!(await mayUseFirmware(services, { account, device, wish }))) {
    // Not awaited: how long the answer takes must not tell that there is such a device.
    void record('forbidden');
    return refuse('forbidden');
  }
  if (wish === 'show') {
    const state = await terminals.firmware(device);
    await record(state === undefined ? 'service-unavailable' : 'done');
    return state === undefined ? notOurs : answer(encodeFirmwareState(state));
  }
  const done = await (wish === 'update' ? terminals.updateFirmware(device) : terminals.cancelFirmware(device));
  await record(done.ok ? 'done' : done.error.condition, done.ok ? done.value.to : undefined);
  return done.ok ? answer(encodeFirmwareProgress(done.value)) : { ok: false, refusal: done.error };
}

function wishOf({ type, payload: { name } }: RaRequest): FirmwareWish | undefined {
  if (type === 'get') return name === 'firmware' ? 'show' : undefined;
  return name === 'update' || name === 'cancel' ? name : undefined;
}

const notOurs = refuse('service-unavailable', 'the platform looks after the firmware of no such device');
