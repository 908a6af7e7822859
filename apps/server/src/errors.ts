import { errorCatalogue } from '@yaolian/kernel';

/** Why the platform does not start, as one sentence that says what to do. The packages below have theirs. */
export const platformErrors = errorCatalogue({
  HTTP_ADDRESS_IN_USE: (place: string) =>
    `HTTP ${place} is in use; stop the other process or choose another port with --http-port`,
  HTTP_ACCESS_DENIED: (place: string) =>
    `HTTP ${place} cannot be opened: this user may not (ports below 1024 need privilege); choose another with --http-port`,
  HTTP_ADDRESS_UNAVAILABLE: (place: string) =>
    `HTTP ${place} cannot be opened: this machine has no such address; choose another with --http-host`,
  HTTP_OPEN_FAILED: (place: string, why: string) => `HTTP ${place} cannot be opened: ${why}`,
  TLS_SETTING_BAD: (setting: string, why: string) => `${setting} is not right: ${why}`,
  MQTT_SETTING_BAD: (setting: string, why: string) => `${setting} is not right: ${why}`,
  XMPP_SETTING_BAD: (setting: string, why: string) => `${setting} is not right: ${why}`,
  OBJECTS_UNREADABLE: (path: string) =>
    `the object definitions in ${path} cannot be read; correct their permissions, or move them away`,
});
