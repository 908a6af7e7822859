export * from './enrolment.ts';
export * from './registration.ts';
