import { BearerSelection } from '@yaolian/lwm2m-objects/core-references';
import { type DeclaredInstance, type InstanceOptions, instance } from '../object-instance.ts';
import type { Lwm2mVersion } from '../operations/read.ts';
import type { InstanceValues } from '../typed-values.ts';
import { ofRelease } from './release.ts';

export type BearerSelectionInstance = DeclaredInstance<typeof BearerSelection>;

/** Values of resource 0 of Bearer Selection, the most wanted first. */
export const PreferredBearer = {
  Auto: 0,
  Gsm: 1,
  TdScdma: 2,
  Wcdma: 3,
  Cdma2000: 4,
  Wimax: 5,
  Lte: 6,
  NbIot: 7,
} as const;

/** The Bearer Selection object (13); ranges are those of the registry, `options.onWrite` hears of what servers want. */
export function bearerSelection(
  values: InstanceValues<typeof BearerSelection> = {},
  options: InstanceOptions<typeof BearerSelection> = {},
  release: Lwm2mVersion = '1.1',
): BearerSelectionInstance {
  const given = { preferredCommunicationsBearer: [PreferredBearer.Auto], ...values };
  return instance(ofRelease(BearerSelection, release), given, options);
}
