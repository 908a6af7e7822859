export { ConfigError, type ConfigSources, type LoadedConfig, loadConfig } from './config/load.ts';
export { type Config, defaultConfig, type SettingName } from './config/settings.ts';
export { platformErrors } from './errors.ts';
export { smartcardFromJson, smartcardToJson } from './json/smartcard.ts';
export { type Platform, type PlatformOverrides, startPlatform } from './platform.ts';
export { ExitCode, type ServeOptions, serve } from './serve.ts';
