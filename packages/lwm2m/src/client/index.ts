export { type AccessControlOptions, AccessRight } from './access-control.ts';
export * from './client.ts';
export type { ClientRecord } from './client-memory.ts';
export * from './client-options.ts';
export * from './connection.ts';
export type { OperationName } from './device-management.ts';
export { EndDevice, type EndDeviceOptions } from './end-device.ts';
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
export * from './objects/apn-connection-profile.ts';
export * from './objects/bearer-selection.ts';
export * from './objects/binary-app-data-container.ts';
export * from './objects/cellular-connectivity.ts';
export * from './objects/connectivity-monitoring.ts';
export * from './objects/connectivity-statistics.ts';
export * from './objects/device.ts';
export * from './objects/event-log.ts';
export * from './objects/firmware-update.ts';
export * from './objects/location.ts';
export * from './objects/mqtt.ts';
export * from './objects/oscore.ts';
export * from './objects/portfolio.ts';
export { ofRelease } from './objects/release.ts';
export { SecurityMode } from './objects/security.ts';
export * from './objects/software-management.ts';
export type { Lwm2mVersion } from './operations/read.ts';
export { type Refusal, refuse } from './refusal.ts';
export type { SessionState } from './registration-session.ts';
export { type RetryPolicy, retryDefaults } from './retry.ts';
export type { SendItem, SendOptions, SendOutcome } from './send.ts';
export type { Smartcard } from './smartcard.ts';
export {
  SoftwareComponent,
  type SoftwareComponentOptions,
  type SoftwareInstaller,
  type SoftwareRecord,
  softwareComponents,
} from './software/software-component.ts';
export { countedPort, Traffic, type TrafficListener } from './traffic.ts';
export type * from './typed-values.ts';
