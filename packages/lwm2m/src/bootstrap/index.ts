export * from './bootstrap-server.ts';
export * from './card.ts';
export * from './config.ts';
export * from './events.ts';
export * from './options.ts';
export { type BootstrapConfigError, type BootstrapPlan, type PlannedWrite, planBootstrap } from './plan.ts';
