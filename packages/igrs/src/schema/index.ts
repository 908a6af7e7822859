export * from './accounts.ts';
export * from './messages.ts';
export * from './published.ts';
export * from './schema.ts';
