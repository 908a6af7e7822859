import { MemoryRoomStore } from '../memory/memory-room-store.ts';
import { roomStoreContract } from './room-store-contract.ts';

roomStoreContract('MemoryRoomStore', async () => ({ store: new MemoryRoomStore(), close: async () => {} }));
