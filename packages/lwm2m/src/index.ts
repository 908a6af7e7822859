export * from './attributes.ts';
export * from './formats/index.ts';
export * from './model.ts';
export * from './node.ts';
export * from './object-links.ts';
export * from './path.ts';
export * from './value.ts';
