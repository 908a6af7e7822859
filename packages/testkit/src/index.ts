export * from './seeded-random.ts';
export * from './simulated-network.ts';
export * from './virtual-time.ts';
