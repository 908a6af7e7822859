export * from './client.ts';
export * from './client-options.ts';
export * from './connection.ts';
export type { OperationName } from './device-management.ts';
export { clientErrors } from './errors.ts';
export * from './events.ts';
export type { ExecuteArguments } from './execute-arguments.ts';
export type { BootstrapConfiguration, Credentials, ServerConfiguration } from './factory-accounts.ts';
export { coapFetcher } from './firmware/coap-fetcher.ts';
export type { DeliveryOptions, DeliveryOutcome, PullRecord } from './firmware/delivery.ts';
export { type FirmwareRecord, FirmwareUpdate, type FirmwareUpdateOptions } from './firmware/firmware-update.ts';
export { MemoryPackageStore, type MemoryPackageStoreOptions } from './firmware/memory-package-store.ts';
export * from './firmware/ports.ts';
export {
  DeclaredInstance,
  type HookAnswer,
  type InstanceHooks,
  type InstanceOptions,
  instance,
  ObjectInstance,
  type Resource,
  type StoredValue,
} from './object-instance.ts';
export { type CreatableObject, creatable } from './object-tree.ts';
export * from './objects/connectivity-monitoring.ts';
export * from './objects/device.ts';
export * from './objects/firmware-update.ts';
export { SecurityMode } from './objects/security.ts';
export type { Lwm2mVersion } from './operations/read.ts';
export { type Refusal, refuse } from './refusal.ts';
export type { SessionState } from './registration-session.ts';
export { type RetryPolicy, retryDefaults } from './retry.ts';
export type { SendItem, SendOptions, SendOutcome } from './send.ts';
export type * from './typed-values.ts';
