export * from './bootstrap.ts';
export * from './devices.ts';
export * from './enrolment.ts';
export * from './objects.ts';
export * from './observations.ts';
export * from './operations.ts';
export * from './platform.ts';
export * from './session.ts';
