import { errorCatalogue } from '@yaolian/kernel';

/** What the client rejects with on purpose. */
export const clientErrors = errorCatalogue({
  LWM2M_CLIENT_CLOSED: () => 'the LwM2M client is closed',
  LWM2M_CLIENT_ABORTED: () => 'the caller gave it up',
  LWM2M_CLIENT_NO_SERVER: (reason: string) => `the terminal has no server to go to: ${reason}`,
  LWM2M_CLIENT_CANNOT_SEND: (reason: string) => `the values cannot be sent: ${reason}`,
  LWM2M_CLIENT_CANNOT_CONNECT: (uri: string, reason: string) => `cannot connect to ${uri}: ${reason}`,
});
