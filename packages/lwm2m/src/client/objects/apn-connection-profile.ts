import { Code } from '@yaolian/coap';
import { ApnConnectionProfile } from '@yaolian/lwm2m-objects/core-references';
import { type DeclaredInstance, type InstanceHooks, type InstanceOptions, instance } from '../object-instance.ts';
import { type CreatableObject, creatable } from '../object-tree.ts';
import type { Lwm2mVersion } from '../operations/read.ts';
import { refuse } from '../refusal.ts';
import type { InstanceValues } from '../typed-values.ts';
import { ofRelease } from './release.ts';

export type ApnConnectionProfileInstance = DeclaredInstance<typeof ApnConnectionProfile>;

/** Resource 4 of the APN Connection Profile. */
export const ApnAuthentication = { Pap: 0, Chap: 1, PapOrChap: 2, None: 3 } as const;

/** Resource 24: Non-IP, IPv4, IPv6, IPv4v6. */
const lastPdnType = 3;

function checked(hooks: InstanceHooks<typeof ApnConnectionProfile>): InstanceHooks<typeof ApnConnectionProfile> {
  return {
    ...hooks,
    onWrite: {
      ...hooks.onWrite,
      authenticationType: (value, self) =>
        value < 0 || value > ApnAuthentication.None
          ? refuse(Code.BadRequest, 'the authentication type is 0 (PAP), 1 (CHAP), 2 (PAP or CHAP) or 3 (none)')
          : hooks.onWrite?.authenticationType?.(value, self),
      pdnType: (value, self) =>
        value < 0 || value > lastPdnType
          ? refuse(Code.BadRequest, 'the PDN type is 0 (Non-IP), 1 (IPv4), 2 (IPv6) or 3 (IPv4v6)')
          : hooks.onWrite?.pdnType?.(value, self),
    },
  };
}

/** An APN Connection Profile (11) that the terminal comes with. */
export function apnConnectionProfile(
  values: InstanceValues<typeof ApnConnectionProfile>,
  options: InstanceOptions<typeof ApnConnectionProfile> = {},
  release: Lwm2mVersion = '1.1',
): ApnConnectionProfileInstance {
  const given = { authenticationType: ApnAuthentication.None, enableStatus: false, ...values };
  return instance(ofRelease(ApnConnectionProfile, release), given, { ...options, ...checked(options) });
}

/** Lets servers create and delete APN Connection Profiles. */
export function apnConnectionProfiles(
  options: { readonly maximumInstances?: number; readonly hooks?: InstanceHooks<typeof ApnConnectionProfile> } = {},
  release: Lwm2mVersion = '1.1',
): CreatableObject {
  return creatable(ofRelease(ApnConnectionProfile, release), { ...options, hooks: checked(options.hooks ?? {}) });
}
