import { errorCatalogue } from '@yaolian/kernel';

/** Every error that this package throws or reports on purpose. */
export const dtlsErrors = errorCatalogue({
  DTLS_HANDSHAKE_FAILED: (peer: string, reason: string) => `no DTLS session with ${peer}: ${reason}`,
  DTLS_HANDSHAKE_TIMEOUT: (peer: string) => `no DTLS session with ${peer}: it did not answer in time`,
  DTLS_NO_SESSION: (peer: string) => `there is no DTLS session with ${peer}`,
  DTLS_OVERLOADED: (what: string) => `too much is outstanding already: ${what}`,
  DTLS_TOO_LARGE: (peer: string, bytes: number, limit: number) =>
    `a datagram of ${bytes} bytes does not go into one record to ${peer}, which takes ${limit}`,
  DTLS_UNVALIDATED: (peer: string) => `${peer} has moved and its new address is not validated yet`,
  DTLS_SEQUENCE_EXHAUSTED: (peer: string) => `the session with ${peer} may send no more under its keys`,
  DTLS_CLOSED: () => 'the DTLS endpoint is closed',
});
