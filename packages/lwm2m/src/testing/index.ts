export * from './bootstrap-config-store-contract.ts';
export * from './memory-registration-store.ts';
export * from './registration-store-contract.ts';
