export * from '../memory/index.ts';
export * from './im-stores-contract.ts';
export * from './im-world.ts';
export * from './plain-mechanism.ts';
export * from './scripted-client.ts';
export * from './server-world.ts';
export * from './simulated-transport.ts';
