export { type ApplianceKind, applianceKinds, applianceModels, applianceVendor } from './appliance/appliance.ts';
export {
  type ApplianceAccount,
  type AppliancesOptions,
  type AppliancesSummary,
  runAppliances,
} from './appliance/run-appliances.ts';
export { simulatorErrors } from './errors.ts';
export { type ContainerFacts, packFirmware } from './firmware/container.ts';
export { httpFetcher } from './firmware/http-fetcher.ts';
export {
  type FirmwareTrouble,
  firmwareTroubles,
  type SimulatedFirmwareOptions,
} from './firmware/simulated-firmware.ts';
export { fleetEndpointName } from './fleet/fleet-terminal.ts';
export { derivedKeys, type FleetKey, type FleetKeys, keyFile } from './fleet/keys.ts';
export type { LatencySummary } from './fleet/latencies.ts';
export type { FleetOptions } from './fleet/options.ts';
export { runFleet } from './fleet/run-fleet.ts';
export type { FailureCounts, FleetProgress, FleetSummary } from './fleet/statistics.ts';
export { fleetTable, progressLine } from './fleet/views.ts';
export { type Identity, simulatedIdentity } from './identity.ts';
export type { SimulatorOutput } from './output.ts';
export { terminalConnector } from './terminal/connector.ts';
export { estEnrolment } from './terminal/enrolment.ts';
export { type Keys, terminalKeys } from './terminal/keys.ts';
export { runTerminal, type TerminalOptions, type TerminalSummary } from './terminal/run-terminal.ts';
export type { TerminalCounts } from './terminal/status-line.ts';
export { SocketSharing } from './udp/terminal-ports.ts';
