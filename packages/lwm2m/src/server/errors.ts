import { errorCatalogue } from '@yaolian/kernel';

/**
 * Every error that server and bootstrap server throw on purpose. What a terminal answers is never one of them: a refusal is
 * a value with its code. `LWM2M_NOT_…` and the rules after them are our own checks, which `unchecked` switches off.
 */
export const lwm2mErrors = errorCatalogue({
  LWM2M_NOT_REGISTERED: (client: string) => `${client} is not registered`,
  LWM2M_REGISTRATION_ENDED: (client: string) => `the registration of ${client} ended before the operation was done`,
  LWM2M_TIMEOUT: (client: string) => `${client} did not answer in time`,
  LWM2M_ASLEEP: (client: string) => `${client} sleeps: queue the request, or wait until it is heard`,
  LWM2M_ABORTED: () => 'the caller gave the operation up',
  LWM2M_NOT_CONNECTED: (client: string) =>
    `${client} is not connected: it is reached when it connects and updates its registration`,
  LWM2M_ADDRESS_TAKEN: (client: string) =>
    `another device speaks from the address of ${client} now: it is reached when it updates its registration`,
  LWM2M_RESET: (client: string) =>
    `${client} rejected the request with a Reset: it may have restarted; ask again after it has registered`,
  LWM2M_FORBIDDEN: (asker: string) => `${asker} may not ask that (any more)`,
  LWM2M_OVERLOADED: (what: string) => `too much is waiting already: ${what}`,
  LWM2M_TOO_LARGE: (what: string) => `${what} is larger than allowed`,
  LWM2M_TRANSFER_FAILED: (client: string) => `the transfer with ${client} failed: its responses are of no use`,
  LWM2M_NOT_OBSERVED: (client: string, path: string) => `${path} of ${client} is not observed`,
  LWM2M_CLOSED: () => 'the LwM2M server is closed',
  LWM2M_ANSWER_MALFORMED: (path: string, why: string) => `the answer for ${path} makes no sense: ${why}`,
  LWM2M_STORE_FAILED: (what: string) => `${what} could not be stored`,
  LWM2M_UNSUPPORTED_FORMAT: (why: string) => `the value cannot be written in this format: ${why}`,

  LWM2M_WRONG_PATH: (path: string, operation: string, right: string) => `${operation} takes ${right}, not ${path}`,
  LWM2M_NO_GATEWAY: (path: string, client: string) =>
    `${path} is of a device behind a gateway, and ${client} is none (it has no object 25)`,
  LWM2M_NOT_READABLE: (path: string) => `${path} is not readable`,
  LWM2M_NOT_WRITABLE: (path: string) => `${path} is not writable`,
  LWM2M_NOT_EXECUTABLE: (path: string) => `${path} is not executable`,
  LWM2M_EXECUTABLE: (path: string) => `${path} is executable and has no value; execute it`,
  LWM2M_SINGLE_INSTANCE: (path: string) =>
    `${path} is a single-instance object: its instance is not created or deleted`,
  LWM2M_NOT_MULTIPLE: (path: string) => `${path} has one value, not instances`,
  LWM2M_MULTIPLE: (path: string) => `${path} has instances, not one value`,
  LWM2M_WRONG_TYPE: (path: string, why: string) => `${path}: ${why}`,
  LWM2M_OUT_OF_RANGE: (path: string, why: string) => `${path}: ${why}`,
  LWM2M_WRONG_ARGUMENTS: (why: string) => `the arguments are not right: ${why}`,
  LWM2M_WRONG_ATTRIBUTES: (why: string) => `the attributes are not right: ${why}`,
});
