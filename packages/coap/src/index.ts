export * from './codes.ts';
export * from './content-format.ts';
export * from './exchange.ts';
export * from './options.ts';
