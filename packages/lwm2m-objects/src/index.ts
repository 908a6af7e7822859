export * from './ddf.ts';
export * from './define-object.ts';
export * from './definition.ts';
export {
  combineModels,
  compareVersions,
  type ObjectSummary,
  type ObjectTable,
  objectTable,
} from './object-table.ts';
export * from './oma.ts';
