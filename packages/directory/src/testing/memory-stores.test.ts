import { appKeyStoreContract } from './app-key-store-contract.ts';
import { associationChangeStoreContract } from './association-change-store-contract.ts';
import { associationStoreContract } from './association-store-contract.ts';
import { campaignStoreContract } from './campaign-store-contract.ts';
import { credentialStoreContract } from './credential-store-contract.ts';
import { deviceGroupStoreContract } from './device-group-store-contract.ts';
import { deviceReportStoreContract } from './device-report-store-contract.ts';
import { deviceStoreContract } from './device-store-contract.ts';
import { expectationStoreContract } from './expectation-store-contract.ts';
import { homeNewsStoreContract } from './home-news-store-contract.ts';
import { MemoryAppKeyStore } from './memory-app-key-store.ts';
import { MemoryAssociationChangeStore } from './memory-association-change-store.ts';
import { MemoryAssociationStore } from './memory-association-store.ts';
import { MemoryAuditStore } from './memory-audit-store.ts';
import { MemoryCampaignStore } from './memory-campaign-store.ts';
import { MemoryCredentialStore } from './memory-credential-store.ts';
import { MemoryDeviceGroupStore } from './memory-device-group-store.ts';
import { MemoryDeviceReportStore } from './memory-device-report-store.ts';
import { MemoryDeviceStore } from './memory-device-store.ts';
import { MemoryExpectationStore } from './memory-expectation-store.ts';
import { MemoryHomeNewsStore } from './memory-home-news-store.ts';
import { MemoryOperatorStore } from './memory-operator-store.ts';
import { MemoryRaAccountStore } from './memory-ra-account-store.ts';
import { MemoryRaDeviceStore } from './memory-ra-device-store.ts';
import { MemorySettingsStore } from './memory-settings-store.ts';
import { MemoryUploadStore } from './memory-upload-store.ts';
import { MemoryUserSessionStore } from './memory-user-session-store.ts';
import { MemoryValueHistory } from './memory-value-history.ts';
import { operatorStoreContract } from './operator-store-contract.ts';
import { raAccountStoreContract } from './ra-account-store-contract.ts';
import { auditStoreContract, raDeviceStoreContract } from './ra-device-store-contract.ts';
import { settingsStoreContract } from './settings-store-contract.ts';
import { uploadStoreContract } from './upload-store-contract.ts';
import { userSessionStoreContract } from './user-session-store-contract.ts';
import { valueHistoryContract } from './value-history-contract.ts';

const inMemory =
  <Store>(create: () => Store) =>
  async () => ({ store: create(), close: async () => {} });

expectationStoreContract(
  'MemoryExpectationStore',
  inMemory(() => new MemoryExpectationStore()),
);
uploadStoreContract(
  'MemoryUploadStore',
  inMemory(() => new MemoryUploadStore()),
);
deviceStoreContract(
  'MemoryDeviceStore',
  inMemory(() => new MemoryDeviceStore()),
);
operatorStoreContract(
  'MemoryOperatorStore',
  inMemory(() => new MemoryOperatorStore()),
);
settingsStoreContract(
  'MemorySettingsStore',
  inMemory(() => new MemorySettingsStore()),
);
campaignStoreContract('MemoryCampaignStore', async () => ({ store: new MemoryCampaignStore(), close: async () => {} }));
credentialStoreContract(
  'MemoryCredentialStore',
  inMemory(() => new MemoryCredentialStore()),
);
raAccountStoreContract(
  'MemoryRaAccountStore',
  inMemory(() => new MemoryRaAccountStore()),
);
associationStoreContract(
  'MemoryAssociationStore',
  inMemory(() => new MemoryAssociationStore()),
);
associationChangeStoreContract(
  'MemoryAssociationChangeStore',
  inMemory(() => new MemoryAssociationChangeStore()),
);
homeNewsStoreContract(
  'MemoryHomeNewsStore',
  inMemory(() => new MemoryHomeNewsStore()),
);
auditStoreContract(
  'MemoryAuditStore',
  inMemory(() => new MemoryAuditStore()),
);
raDeviceStoreContract(
  'MemoryRaDeviceStore',
  inMemory(() => new MemoryRaDeviceStore()),
);
deviceGroupStoreContract(
  'MemoryDeviceGroupStore',
  inMemory(() => new MemoryDeviceGroupStore()),
);
userSessionStoreContract(
  'MemoryUserSessionStore',
  inMemory(() => new MemoryUserSessionStore()),
);
valueHistoryContract(
  'MemoryValueHistory',
  inMemory(() => new MemoryValueHistory()),
);
appKeyStoreContract(
  'MemoryAppKeyStore',
  inMemory(() => new MemoryAppKeyStore()),
);
deviceReportStoreContract(
  'MemoryDeviceReportStore',
  inMemory(() => new MemoryDeviceReportStore()),
);
