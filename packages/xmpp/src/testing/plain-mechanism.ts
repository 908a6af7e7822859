import { decodeUtf8 } from '@yaolian/kernel';
import type { SaslMechanism, SaslStep } from '../sasl/mechanism.ts';

/** RFC 4616 over a table of passwords, for tests of what stands around it. */
export function passwordTable(passwords: Readonly<Record<string, string>>): SaslMechanism {
  const answer = (message: Uint8Array): SaslStep => {
    const [, username = '', password = ''] = decodeUtf8(message)?.split('\0') ?? [];
    if (Object.hasOwn(passwords, username) && passwords[username] === password) return { kind: 'success', username };
    return { kind: 'failure', condition: 'not-authorized', username };
  };
  return {
    name: 'PLAIN',
    isOffered: ({ isSecure }) => isSecure,
    begin: () => ({
      start: (initial) => (initial === undefined ? { kind: 'challenge', data: new Uint8Array(0) } : answer(initial)),
      next: async (response) => answer(response),
    }),
  };
}
