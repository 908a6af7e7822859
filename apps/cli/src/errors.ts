import { ApiProblemError, type ProblemCode } from '@yaolian/contract';
import { errorCatalogue, hasCode } from '@yaolian/kernel';

/** What `yaolian` ends with. Shown in every help text. */
export const ExitCode = {
  Ok: 0,
  Refused: 1,
  Usage: 2,
  Unreachable: 3,
  TimedOut: 4,
  Interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [ExitCode.Ok, 'done'],
  [ExitCode.Refused, 'the device or the platform said no'],
  [ExitCode.Usage, 'wrong usage'],
  [ExitCode.Unreachable, 'could not reach the device or the platform'],
  [ExitCode.TimedOut, 'no answer in time'],
  [ExitCode.Interrupted, 'interrupted'],
];

/** Every error that the command line throws on purpose; the message is the sentence that people read. */
export const cliErrors = errorCatalogue({
  CLI_USAGE: (sentence: string) => sentence,
  CLI_REFUSED: (sentence: string) => sentence,
  CLI_UNREACHABLE: (sentence: string) => sentence,
  CLI_TIMEOUT: (sentence: string) => sentence,
  CLI_INTERRUPTED: () => 'interrupted',
});

const exitCodes: Readonly<Record<string, ExitCode>> = {
  CLI_USAGE: ExitCode.Usage,
  CLI_REFUSED: ExitCode.Refused,
  CLI_UNREACHABLE: ExitCode.Unreachable,
  CLI_TIMEOUT: ExitCode.TimedOut,
  CLI_INTERRUPTED: ExitCode.Interrupted,
  COAP_TIMEOUT: ExitCode.TimedOut,
  COAP_RESET: ExitCode.Refused,
  COAP_CLOSED: ExitCode.Unreachable,
  API_UNREACHABLE: ExitCode.Unreachable,
  API_UNTRUSTED: ExitCode.Unreachable,
  SIMULATOR_BAD_OPTION: ExitCode.Usage,
  SIMULATOR_CANNOT_SHARE: ExitCode.Usage,
  SIMULATOR_TOO_FEW_DESCRIPTORS: ExitCode.Usage,
  SIMULATOR_CANNOT_RESOLVE: ExitCode.Unreachable,
  BACKUP_SOURCE_MISSING: ExitCode.Usage,
  BACKUP_PLACE_TAKEN: ExitCode.Usage,
};

/** Problems of the API that are no plain refusal. */
const problemExitCodes: { readonly [C in ProblemCode]?: ExitCode } = {
  'invalid-request': ExitCode.Usage,
  'invalid-path': ExitCode.Usage,
  'invalid-value': ExitCode.Usage,
  'device-not-registered': ExitCode.Unreachable,
  'device-asleep': ExitCode.Unreachable,
  unavailable: ExitCode.Unreachable,
  'device-timeout': ExitCode.TimedOut,
};

/** The exit code that an error means. What nobody foresaw counts as a refusal. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ApiProblemError) return problemExitCodes[error.problem.code] ?? ExitCode.Refused;
  if (!(error instanceof Error)) return ExitCode.Refused;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' ? exitCodes[code] : undefined) ?? ExitCode.Refused;
}

/** True for the errors whose message is meant for people; of any other the stack is worth showing. */
export function isForeseen(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (
    typeof code === 'string' &&
    /^(?:CLI|COAP|API|UDP|SERVER|SIMULATOR|CONFIG|DTLS|TLS|BACKUP|DATABASE|SCHEMA)_/.test(code)
  );
}

export function isUsage(error: unknown): boolean {
  return hasCode(error, 'CLI_USAGE');
}
