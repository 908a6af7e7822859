export * from './bytes.ts';
export * from './datagram.ts';
export * from './duration.ts';
export * from './errors.ts';
export * from './expiry.ts';
export * from './ports.ts';
export * from './result.ts';
export * from './socket-address.ts';
