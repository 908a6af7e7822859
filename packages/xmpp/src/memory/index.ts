export * from './memory-im-stores.ts';
export * from './memory-room-store.ts';
