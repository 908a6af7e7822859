export * from './endpoint-name.ts';
export * from './operation-table.ts';
export * from './profile-a.ts';
export * from './profile-b-name.ts';
export * from './value-cipher.ts';
