import {
  appKeyStoreContract,
  associationChangeStoreContract,
  associationStoreContract,
  auditStoreContract,
  campaignStoreContract,
  credentialStoreContract,
  deviceGroupStoreContract,
  deviceReportStoreContract,
  deviceStoreContract,
  expectationStoreContract,
  homeNewsStoreContract,
  operatorStoreContract,
  raAccountStoreContract,
  raDeviceStoreContract,
  secureSessionStoreContract,
  settingsStoreContract,
  uploadStoreContract,
  userSessionStoreContract,
  valueHistoryContract,
} from '@yaolian/directory/testing';
import {
  bootstrapConfigStoreContract,
  queuedRequestStoreContract,
  registrationStoreContract,
} from '@yaolian/lwm2m/testing';
import { imStoresContract, roomStoreContract } from '@yaolian/xmpp/testing';
import type { Storage } from './storage.ts';
import { storeInTemporaryFolder } from './testing/temporary-folder.ts';

/** A store that keeps nothing for others than these. */
async function ofAccounts<Store>(names: readonly string[], pick: (storage: Storage) => Store) {
  const { store, reopen, close } = await storeInTemporaryFolder((storage) => storage)();
  const account = (name: string) => ({ name, kind: 'user' as const, keys: [], nick: undefined, createdAt: 1 });
  await Promise.all(names.map((name) => store.raAccounts.addAccount(account(name))));
  return { store: pick(store), reopen: async () => pick(await reopen()), close };
}

registrationStoreContract(
  'SqliteRegistrationStore',
  storeInTemporaryFolder((storage) => storage.registrations),
);
deviceStoreContract(
  'SqliteDeviceStore',
  storeInTemporaryFolder((storage) => storage.devices),
);
operatorStoreContract(
  'SqliteOperatorStore',
  storeInTemporaryFolder((storage) => storage.operators),
);
settingsStoreContract(
  'SqliteSettingsStore',
  storeInTemporaryFolder((storage) => storage.settings),
);
bootstrapConfigStoreContract(
  'SqliteBootstrapConfigStore',
  storeInTemporaryFolder((storage) => storage.bootstrapConfigs),
);
queuedRequestStoreContract(
  'SqliteQueuedRequestStore',
  storeInTemporaryFolder((storage) => storage.queuedRequests),
);
campaignStoreContract(
  'SqliteCampaignStore',
  storeInTemporaryFolder((storage) => storage.campaigns),
);
credentialStoreContract(
  'SqliteCredentialStore',
  storeInTemporaryFolder((storage) => storage.credentials),
);
raAccountStoreContract(
  'SqliteRaAccountStore',
  storeInTemporaryFolder((storage) => storage.raAccounts),
);
associationStoreContract('SqliteAssociationStore', async () => {
  const devices = ['lamp', 'fan', 'tv', 'oven', 'clock', 'a', 'b', 'c', 'd'];
  return ofAccounts(['ann', 'bob', 'cid', 'dan', 'eve', 'gil', ...devices], (storage) => storage.associations);
});
associationChangeStoreContract(
  'SqliteAssociationChangeStore',
  storeInTemporaryFolder((storage) => storage.associationChanges),
);
homeNewsStoreContract('SqliteHomeNewsStore', () =>
  ofAccounts(['ann', 'bob', 'cid', 'dan'], (storage) => storage.homeNews),
);
auditStoreContract(
  'SqliteAuditStore',
  storeInTemporaryFolder((storage) => storage.audit),
);
raDeviceStoreContract(
  'SqliteRaDeviceStore',
  storeInTemporaryFolder((storage) => storage.raDevices),
);
expectationStoreContract(
  'SqliteExpectationStore',
  storeInTemporaryFolder((storage) => storage.expectations),
);
deviceGroupStoreContract(
  'SqliteDeviceGroupStore',
  storeInTemporaryFolder((storage) => storage.deviceGroups),
);
uploadStoreContract(
  'SqliteUploadStore',
  storeInTemporaryFolder((storage) => storage.uploads),
);
userSessionStoreContract(
  'SqliteUserSessionStore',
  storeInTemporaryFolder((storage) => storage.userSessions),
);
valueHistoryContract(
  'SqliteValueHistory',
  storeInTemporaryFolder((storage) => storage.history),
);
appKeyStoreContract(
  'SqliteAppKeyStore',
  storeInTemporaryFolder((storage) => storage.appKeys),
);
deviceReportStoreContract(
  'SqliteDeviceReportStore',
  storeInTemporaryFolder((storage) => storage.deviceReports),
);
imStoresContract('SqliteImStores', async () => {
  const { store, ...rest } = await ofAccounts(['juliet', 'romeo', 'nurse', 'ann'], (storage) => storage.im);
  return { stores: store, ...rest };
});
roomStoreContract(
  'SqliteRoomStore',
  storeInTemporaryFolder((storage) => storage.rooms),
);
secureSessionStoreContract(
  'SqliteSecureSessionStore',
  storeInTemporaryFolder((storage) => storage.secureSessions),
);
