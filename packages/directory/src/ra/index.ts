export * from './access.ts';
export * from './association.ts';
export * from './association-change.ts';
export * from './audit.ts';
export * from './audit-shares.ts';
export * from './bindings.ts';
export * from './bookmarks.ts';
export * from './change-pace.ts';
export * from './code-renewal.ts';
export * from './expectations.ts';
export * from './friends.ts';
export * from './home-news.ts';
export * from './links.ts';
export * from './permissions.ts';
export * from './ra-device.ts';
export * from './ra-door.ts';
export { defaultRefusalBounds, type RefusalBounds } from './refusal-tally.ts';
export * from './user-session.ts';
export * from './user-sessions.ts';
export {
  codeLength,
  createVerificationCode,
  type IssuedCode,
  isFitCode,
  normalizeCode,
  type StoredCode,
} from './verification-code.ts';
