export { NotConforming, type RaTarget } from './bench.ts';
export type { AccountRequestSeen } from './clients/account-rules.ts';
export type { ClientStep, ClientUnderTest } from './clients/client-bench.ts';
export { type ClientCase, clientCases, runClientConformance } from './clients/client-suite.ts';
export { ClientWatch } from './clients/client-watch.ts';
export type { LoginDoor } from './clients/login-faults.ts';
export type { Violation } from './clients/stanza-rules.ts';
export * from './report.ts';
export { type RaCase, type RaResult, raCases, runRaConformance } from './suite.ts';
