export * from './memory-im-stores.ts';
