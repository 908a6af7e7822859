import { type AssociationStore, mayAccess, type RaAccountStore, type RaDeviceStore } from '@yaolian/directory';
import { featureOfPath } from '@yaolian/igrs';
import type { Clock } from '@yaolian/kernel';
import type { QueuedRequest } from '@yaolian/lwm2m/server';

export interface AskerRightsOptions {
  readonly raDevices: Pick<RaDeviceStore, 'raDeviceOfTerminal'>;
  readonly raAccounts: Pick<RaAccountStore, 'account'>;
  readonly associations: Pick<AssociationStore, 'accessFacts'>;
  readonly clock: Clock;
}

/** Whether the account that asked for a request which waited in the queue may still: looked up as the queue is about to send it. */
export function askerRights({ raDevices, raAccounts, associations, clock }: AskerRightsOptions) {
  return async ({ deviceKey, operation, asker = '' }: QueuedRequest): Promise<boolean> => {
    const device = (await raDevices.raDeviceOfTerminal(deviceKey))?.account;
    const account = await raAccounts.account(asker);
    if (device === undefined || account === undefined || account.disabledAt !== undefined) return false;
    switch (operation.kind) {
      case 'read':
      case 'write':
      case 'execute':
      case 'observe': {
        const asked = { account: asker, feature: featureOfPath(operation.path), operation: operation.kind };
        return mayAccess(await associations.accessFacts(asker, device), asked, clock.epoch()).allowed;
      }
      default:
        return false; // nothing that accounts can ask
    }
  };
}
