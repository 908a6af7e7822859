import { errorCatalogue } from '@yaolian/kernel';

/** What is probably wrong, by the diagnostics of RFC 8613 §8.2 and §7.4. Nobody proved that they are true. */
const causes: ReadonlyMap<string, string> = new Map([
  ['Replay detected', 'its numbers were used before; who lost the state of a context needs another one'],
  ['Security context not found', 'the IDs or the ID Context may be others there'],
  ['Decryption failed', 'the Master Secret, the Master Salt or the algorithms may be others there'],
]);

/** Every error that this package throws on purpose. */
export const oscoreErrors = errorCatalogue({
  OSCORE_REFUSED: (peer: string, answer: string, diagnostic: string) => {
    const said = diagnostic === '' ? answer : `${answer} (${diagnostic})`;
    const cause = causes.get(diagnostic);
    return `${peer} did not take the protected request and answered ${said}, unprotected${cause === undefined ? '' : `: ${cause}`}`;
  },
  OSCORE_NOT_PROTECTED: (peer: string) => `${peer} answered a protected request with an unprotected response`,
  OSCORE_EXHAUSTED: (peer: string) => `the sequence numbers of the security context with ${peer} are used up`,
  OSCORE_STATE_NOT_KEPT: (peer: string) => `the state of the security context with ${peer} could not be kept`,
  OSCORE_NOT_SENT: (peer: string) => `a message to ${peer} could not be protected`,
  OSCORE_TOO_MANY: (what: string) => `${what} are in use already`,
  OSCORE_CLOSED: () => 'the security contexts are closed',
});
