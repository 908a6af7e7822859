import type { Peer } from '@yaolian/kernel';
import { compactText } from './compact-text.ts';
import type { EnrolmentRequest } from './enrolment.ts';
import type { Registration } from './registration.ts';
import type { RegisterRequest, UpdateRequest } from './registration-requests.ts';
import type { SharedTexts } from './shared-texts.ts';

/** OMA-TS-LightweightM2M 1.0 §5.3.1: what an absent `lt` means, in seconds. */
const defaultLifetime = 86_400;

/** Where a Register came from, and as which device it was enrolled. */
export interface Enrolment extends EnrolmentRequest {
  readonly deviceKey: string;
}

/** The registration that a Register makes; every text in it is its own or shared, never a piece of the request. */
export function newRegistration(
  request: RegisterRequest,
  enrolment: Enrolment,
  id: string,
  peer: Peer,
  texts: SharedTexts,
): Registration {
  const endpoint = compactText(request.endpoint);
  const binding = request.binding ?? 'U';
  return {
    id,
    endpoint,
    deviceKey: enrolment.deviceKey === endpoint ? endpoint : compactText(enrolment.deviceKey),
    address: enrolment.address,
    ...peerKeyOf(peer),
    lifetime: request.lifetime ?? defaultLifetime,
    lwm2mVersion: texts.share(request.lwm2mVersion ?? '1.0'),
    binding: texts.share(binding),
    queueMode: request.queueMode || binding.includes('Q'),
    smsNumber: request.smsNumber === undefined ? undefined : compactText(request.smsNumber),
    objectLinks: request.links?.text ?? '',
    otherParameters: request.others,
    registeredAt: enrolment.time,
    updatedAt: enrolment.time,
  };
}

/**
 * The registration that an Update makes of `previous`: what it leaves out keeps its value (OMA-TS-LightweightM2M 1.0
 * §5.3.2, 1.1 core §6.2.2; China Mobile profile A).
 */
export function updatedRegistration(
  previous: Registration,
  request: UpdateRequest,
  peer: Peer,
  time: number,
  texts: SharedTexts,
): Registration {
  const binding = request.binding ?? previous.binding;
  const { address } = peer;
  return {
    id: previous.id,
    endpoint: previous.endpoint,
    deviceKey: previous.deviceKey,
    address: address.key === previous.address.key ? previous.address : address,
    ...peerKeyOf(peer),
    lifetime: request.lifetime ?? previous.lifetime,
    lwm2mVersion: request.lwm2mVersion === undefined ? previous.lwm2mVersion : texts.share(request.lwm2mVersion),
    binding: texts.share(binding),
    // In 1.0 the letter Q is part of the binding, so a new binding says it anew; in 1.1 the parameter Q can only switch it on.
    queueMode: request.queueMode || (request.binding === undefined ? previous.queueMode : binding.includes('Q')),
    smsNumber: request.smsNumber === undefined ? previous.smsNumber : compactText(request.smsNumber),
    objectLinks: request.links?.text ?? previous.objectLinks,
    otherParameters: request.others ? { ...previous.otherParameters, ...request.others } : previous.otherParameters,
    registeredAt: previous.registeredAt,
    updatedAt: time,
  };
}

function peerKeyOf({ key, address }: Peer): Pick<Registration, 'peerKey'> {
  return key === address.key ? {} : { peerKey: key };
}

/** A registration as a store handed it back, with its texts shared again. */
export function restoredRegistration(stored: Registration, objectLinks: string, texts: SharedTexts): Registration {
  const { endpoint, deviceKey } = stored;
  return {
    id: stored.id,
    endpoint,
    deviceKey: deviceKey === endpoint ? endpoint : deviceKey,
    address: stored.address,
    ...(stored.peerKey === undefined ? {} : { peerKey: stored.peerKey }),
    lifetime: stored.lifetime,
    lwm2mVersion: texts.share(stored.lwm2mVersion),
    binding: texts.share(stored.binding),
    queueMode: stored.queueMode,
    smsNumber: stored.smsNumber,
    objectLinks,
    otherParameters: stored.otherParameters,
    registeredAt: stored.registeredAt,
    updatedAt: stored.updatedAt,
  };
}

/** Whether a terminal came by OSCORE (RFC 8613): what it says and is told is protected, whatever the transport. */
export function comesByOscore({ peerKey }: Pick<Registration, 'peerKey'>): boolean {
  return peerKey?.startsWith('oscore:') ?? false;
}
