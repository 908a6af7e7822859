import { decodeUtf8, failure, type Result, success } from '@yaolian/kernel';

/** Arguments of Execute by their digit: `0='abc',3` is `{0 → 'abc', 3 → undefined}`. */
export type ExecuteArguments = ReadonlyMap<number, string | undefined>;

const noExecuteArguments: ExecuteArguments = new Map();

/**
 * Reads the payload of Execute (OMA-TS-LightweightM2M_Core 1.1 §6.3.5):
 *
 *     arglist = arg *( "," arg )
 *     arg     = DIGIT [ "=" "'" *CHAR "'" ]
 *
 * The grammar's CHAR is printable ASCII without space, quotes and backslash; any text without an apostrophe is taken here.
 */
export function decodeExecuteArguments(payload: Uint8Array): Result<ExecuteArguments, string> {
  if (payload.length === 0) return success(noExecuteArguments);
  const text = decodeUtf8(payload);
  if (text === undefined) return failure('the arguments are not UTF-8');
  const found = new Map<number, string | undefined>();
  let at = 0;
  for (;;) {
    const argument = consumeArgument(text, at);
    if (!argument) return failure(`arguments look like 0='abc',1; these stop doing so at character ${at}`);
    if (found.has(argument.digit)) return failure(`argument ${argument.digit} is there twice`);
    found.set(argument.digit, argument.value);
    at = argument.end;
    if (at === text.length) return success(found);
    if (text[at] !== ',') return failure(`arguments are separated by commas; character ${at} is none`);
    at++;
  }
}

function consumeArgument(
  text: string,
  at: number,
): { digit: number; value: string | undefined; end: number } | undefined {
  const digit = text.charCodeAt(at) - 0x30;
  if (!(digit >= 0 && digit <= 9)) return undefined;
  if (text[at + 1] !== '=') return { digit, value: undefined, end: at + 1 };
  if (text[at + 2] !== "'") return undefined;
  const end = text.indexOf("'", at + 3);
  return end < 0 ? undefined : { digit, value: text.slice(at + 3, end), end: end + 1 };
}
