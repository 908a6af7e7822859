export * from './account-codes.ts';
export * from './namespaces.ts';
export * from './schema/index.ts';
export * from './vendor/namespaces.ts';
export * from './vendor/schemas.ts';
export * from './wire/answer.ts';
export * from './wire/data.ts';
export * from './wire/device-description.ts';
