export { type AeadShape, type CipherName, type HkdfHash, OscoreAead, OscoreKdf } from './algorithms.ts';
export type { OscoreCredentials } from './credentials.ts';
export type { OscoreCrypto } from './crypto-port.ts';
export { oscoreErrors } from './errors.ts';
export {
  type ContextQuestion,
  createOscore,
  defaultOscoreBounds,
  type Oscore,
  type OscoreBounds,
  type OscoreOptions,
} from './oscore.ts';
export { decodeOscoreOption, encodeOscoreOption, type OscoreOption, type OscoreOptionReason } from './oscore-option.ts';
export { OscorePeer } from './oscore-peer.ts';
export type { OscoreTap, OscoreTapSlot } from './oscore-tap.ts';
export type { ReplayWindowState } from './replay-window.ts';
export { requireOscore } from './require-oscore.ts';
export {
  decodeOscoreState,
  encodeOscoreState,
  type OscoreState,
  type OscoreStateStore,
  VolatileOscoreStates,
} from './state-store.ts';
