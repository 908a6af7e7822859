export * from './codes.ts';
export * from './content-format.ts';
export * from './exchange.ts';
export * from './link-filter.ts';
export * from './link-format.ts';
export * from './options.ts';
export * from './uri.ts';
