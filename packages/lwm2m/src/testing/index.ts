export * from '../memory/memory-registration-store.ts';
export * from './bootstrap-config-store-contract.ts';
export * from './queued-request-store-contract.ts';
export * from './registration-store-contract.ts';
