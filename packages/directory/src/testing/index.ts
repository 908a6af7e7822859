export * from './campaign-store-contract.ts';
export * from './device-store-contract.ts';
export { MemoryCampaignStore } from './memory-campaign-store.ts';
export * from './memory-device-store.ts';
export * from './memory-operator-store.ts';
export * from './memory-settings-store.ts';
export * from './opened-store.ts';
export * from './operator-store-contract.ts';
export * from './settings-store-contract.ts';
