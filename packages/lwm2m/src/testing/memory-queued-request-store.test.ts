import { MemoryQueuedRequestStore } from '../server/testing/memory-queued-request-store.ts';
import { queuedRequestStoreContract } from './queued-request-store-contract.ts';

queuedRequestStoreContract('MemoryQueuedRequestStore', async () => ({
  store: new MemoryQueuedRequestStore(),
  close: async () => {},
}));
