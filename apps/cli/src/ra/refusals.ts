import { Refused } from '@yaolian/igrs/client';
import { cliErrors } from '../errors.ts';

/** What the conditions of RFC 6120 §8.3.3 mean to a user where the server has no text of its own. */
const sentences: Readonly<Record<string, string>> = {
  forbidden: 'you may not do that, or there is no such device',
  'not-authorized': 'the code is wrong or old, or there is no such device',
  'policy-violation': 'too many attempts; try again later',
  conflict: 'that is so already',
  'item-not-found': 'there is none such, or it is not yours',
  'recipient-unavailable': 'the device is not there',
  'remote-server-timeout': 'the device did not answer in time',
  'resource-constraint': 'that is too much at the moment',
  'not-acceptable': 'the device does not take that',
  'not-allowed': 'that cannot be done with it',
  'bad-request': 'the request is wrong',
  'service-unavailable': 'nobody answers that there',
};

/** What became of a request that waited for a device that slept. */
const late: Readonly<Record<string, string>> = {
  expired: 'the device did not wake up in time, and was not asked',
  cancelled: 'the request was taken back, and the device was not asked',
};

/** What was refused and what failed as the sentences and exit codes of the command line. */
export function explainRefusal(error: unknown): unknown {
  if (error instanceof Refused) return refusal(error);
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  if (typeof code !== 'string') return error;
  if (code === 'XMPP_TIMEOUT') return cliErrors.CLI_TIMEOUT('no answer in time', error);
  if (code === 'RA_QUEUED') return cliErrors.CLI_UNREACHABLE(message, error);
  if (code === 'RA_ANSWER_MALFORMED') return cliErrors.CLI_REFUSED(message, error);
  if (code.startsWith('XMPP_')) return cliErrors.CLI_UNREACHABLE(`the connection ended: ${message}`, error);
  return error;
}

function refusal(error: Refused): Error {
  const { condition, text } = error;
  const sentence = late[text ?? ''] ?? text ?? sentences[condition] ?? `refused: ${condition}`;
  if (condition === 'recipient-unavailable') return cliErrors.CLI_UNREACHABLE(sentence, error);
  if (condition === 'remote-server-timeout') return cliErrors.CLI_TIMEOUT(sentence, error);
  return cliErrors.CLI_REFUSED(sentence, error);
}
