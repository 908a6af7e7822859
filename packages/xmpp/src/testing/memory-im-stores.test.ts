import { imStoresContract } from './im-stores-contract.ts';
import { memoryImStores } from './memory-im-stores.ts';

imStoresContract('memoryImStores', async () => ({ stores: memoryImStores(), close: async () => {} }));
