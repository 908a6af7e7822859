export * from './errors.ts';
export type { Host, HostOutput } from './host.ts';
export { run } from './run.ts';
