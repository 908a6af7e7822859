import { memoryImStores } from '../memory/memory-im-stores.ts';
import { imStoresContract } from './im-stores-contract.ts';

imStoresContract('memoryImStores', async () => ({ stores: memoryImStores(), close: async () => {} }));
