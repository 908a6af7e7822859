export * from './byte-pattern.ts';
export * from './corpus.ts';
export * from './datagram-inbox.ts';
export * from './datagram-port-contract.ts';
export * from './lockstep-peer.ts';
export * from './seeded-random.ts';
export * from './simulated-network.ts';
export * from './virtual-time.ts';
