export * from './endpoint-name.ts';
export * from './operation-table.ts';
export * from './profile-a.ts';
