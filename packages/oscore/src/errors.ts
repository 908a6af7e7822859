import { errorCatalogue } from '@yaolian/kernel';

/** Every error that this package throws on purpose. */
export const oscoreErrors = errorCatalogue({
  OSCORE_REFUSED: (peer: string, answer: string) =>
    `${peer} could not read the protected request and answered ${answer}, unprotected`,
  OSCORE_NOT_PROTECTED: (peer: string) => `${peer} answered a protected request with an unprotected response`,
  OSCORE_EXHAUSTED: (peer: string) => `the sequence numbers of the security context with ${peer} are used up`,
  OSCORE_STATE_NOT_KEPT: (peer: string) => `the state of the security context with ${peer} could not be kept`,
  OSCORE_NOT_SENT: (peer: string) => `a message to ${peer} could not be protected`,
  OSCORE_TOO_MANY: (what: string) => `${what} are in use already`,
  OSCORE_CLOSED: () => 'the security contexts are closed',
});
