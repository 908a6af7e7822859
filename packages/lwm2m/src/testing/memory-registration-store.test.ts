import { MemoryRegistrationStore } from '../memory/memory-registration-store.ts';
import { registrationStoreContract } from './registration-store-contract.ts';

registrationStoreContract('MemoryRegistrationStore', async () => ({
  store: new MemoryRegistrationStore(),
  close: async () => {},
}));
