import { MemoryBootstrapConfigStore } from '../bootstrap/config.ts';
import { bootstrapConfigStoreContract } from './bootstrap-config-store-contract.ts';

bootstrapConfigStoreContract('MemoryBootstrapConfigStore', async () => ({
  store: new MemoryBootstrapConfigStore(),
  close: async () => {},
}));
