import { campaignStoreContract } from './campaign-store-contract.ts';
import { deviceStoreContract } from './device-store-contract.ts';
import { MemoryCampaignStore } from './memory-campaign-store.ts';
import { MemoryDeviceStore } from './memory-device-store.ts';
import { MemoryOperatorStore } from './memory-operator-store.ts';
import { MemorySettingsStore } from './memory-settings-store.ts';
import { operatorStoreContract } from './operator-store-contract.ts';
import { settingsStoreContract } from './settings-store-contract.ts';

const inMemory =
  <Store>(create: () => Store) =>
  async () => ({ store: create(), close: async () => {} });

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
