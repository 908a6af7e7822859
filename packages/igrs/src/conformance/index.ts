export { NotConforming, type RaTarget } from './bench.ts';
export * from './report.ts';
export * from './suite.ts';
