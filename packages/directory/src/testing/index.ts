export * from './device-store-contract.ts';
export * from './memory-device-store.ts';
export * from './memory-operator-store.ts';
export * from './memory-settings-store.ts';
export * from './opened-store.ts';
export * from './operator-store-contract.ts';
export * from './settings-store-contract.ts';
