import { errorCatalogue } from '@yaolian/kernel';

/** What the simulator refuses on purpose. */
export const simulatorErrors = errorCatalogue({
  SIMULATOR_BAD_OPTION: (option: string, reason: string) => `${option}: ${reason}`,
  SIMULATOR_CANNOT_RESOLVE: (host: string) => `there is no address for ${host}`,
  SIMULATOR_TOO_FEW_DESCRIPTORS: (count: number, limit: number, why: string) =>
    `${count} terminals need a socket each, and the limit of open files is ${limit}: raise it (ulimit -n ${count + 100}), ` +
    `take fewer terminals, or let them share a socket, which is not possible because ${why}`,
  SIMULATOR_CANNOT_SHARE: (why: string) => `terminals cannot share a socket: ${why}`,
});
