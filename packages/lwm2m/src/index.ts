export * from './model.ts';
export * from './node.ts';
export * from './path.ts';
export * from './value.ts';
