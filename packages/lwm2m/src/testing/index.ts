export * from './memory-registration-store.ts';
export * from './registration-store-contract.ts';
