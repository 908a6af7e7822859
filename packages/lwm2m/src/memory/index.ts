export { MemoryBootstrapConfigStore } from '../bootstrap/config.ts';
export * from './memory-enrolment-devices.ts';
export * from './memory-registration-store.ts';
