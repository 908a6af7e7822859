export { storageErrors } from './errors.ts';
export { type ScryptOptions, ScryptPasswordHasher, secretDigest } from './scrypt-password-hasher.ts';
export { SqliteBootstrapConfigStore } from './sqlite-bootstrap-config-store.ts';
export { SqliteDeviceStore } from './sqlite-device-store.ts';
export { SqliteOperatorStore } from './sqlite-operator-store.ts';
export { SqliteRegistrationStore } from './sqlite-registration-store.ts';
export { SqliteSettingsStore } from './sqlite-settings-store.ts';
export { Storage, type StorageOptions } from './storage.ts';
