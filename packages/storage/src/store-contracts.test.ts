import {
  campaignStoreContract,
  deviceStoreContract,
  operatorStoreContract,
  settingsStoreContract,
} from '@yaolian/directory/testing';
import {
  bootstrapConfigStoreContract,
  queuedRequestStoreContract,
  registrationStoreContract,
} from '@yaolian/lwm2m/testing';
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
