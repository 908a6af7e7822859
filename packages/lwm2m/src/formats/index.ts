export * from './content.ts';
export * from './discover.ts';
export * from './registry.ts';
export * from './reinterpret.ts';
