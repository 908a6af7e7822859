export { serveStun } from '../stun/stun-server.ts';
export { accountAnswerJson, accountAnswerXml } from './account-answer.ts';
export * from './account-server.ts';
export { pushRecipients, type RaChange } from './changes.ts';
export * from './ports.ts';
export { RaServer, type RaServerOptions } from './ra-server.ts';
export type { RaServices } from './request.ts';
export { RaRosters, type RaRostersOptions } from './rosters.ts';
export * from './speaking-devices.ts';
