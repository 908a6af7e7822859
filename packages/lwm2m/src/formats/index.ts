export * from './content.ts';
export * from './registry.ts';
