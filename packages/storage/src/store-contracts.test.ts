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
import { storeInTemporaryFolder } from './testing/temporary-folder.ts';

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
  const { store, reopen, close } = await storeInTemporaryFolder((storage) => storage)();
  const devices = ['lamp', 'fan', 'tv', 'oven', 'clock', 'a', 'b', 'c', 'd'];
  const account = (name: string) => ({ ...{ name, keys: [], nick: undefined, createdAt: 1 }, kind: 'user' as const });
  await Promise.all(
    ['ann', 'bob', 'cid', 'dan', 'eve', 'gil', ...devices].map((name) => store.raAccounts.addAccount(account(name))),
  );
  return { store: store.associations, reopen: async () => (await reopen()).associations, close };
});
associationChangeStoreContract(
  'SqliteAssociationChangeStore',
  storeInTemporaryFolder((storage) => storage.associationChanges),
);
homeNewsStoreContract(
  'SqliteHomeNewsStore',
  storeInTemporaryFolder((storage) => storage.homeNews),
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
  const { store, reopen, close } = await storeInTemporaryFolder((storage) => storage.im)();
  return { stores: store, reopen, close };
});
roomStoreContract(
  'SqliteRoomStore',
  storeInTemporaryFolder((storage) => storage.rooms),
);
secureSessionStoreContract(
  'SqliteSecureSessionStore',
  storeInTemporaryFolder((storage) => storage.secureSessions),
);
