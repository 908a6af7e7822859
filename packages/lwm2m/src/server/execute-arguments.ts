import { failure, type Result, success } from '@yaolian/kernel';

/** One argument of Execute: a digit, and perhaps a value. */
export interface ExecuteArgument {
  /** 0 to 9. */
  readonly digit: number;
  readonly value: string | undefined;
}

/** Why a text is no argument list. */
export interface ExecuteArgumentsError {
  readonly message: string;
  readonly offset: number;
}

const comma = 0x2c;
const equals = 0x3d;
const apostrophe = 0x27;

/**
 * Reads `0='reboot',1` (OMA-TS-LightweightM2M 1.0 §5.4.5, 1.1 core §6.3.5). The empty text is no arguments.
 *
 * arglist = arg *( "," arg )
 * arg     = DIGIT [ "=" "'" *CHAR "'" ]
 * CHAR    = "!" / %x23-26 / %x28-5B / %x5D-7E
 */
export function parseExecuteArguments(text: string): Result<readonly ExecuteArgument[], ExecuteArgumentsError> {
  const list: ExecuteArgument[] = [];
  let at = 0;
  while (at < text.length || list.length > 0) {
    const digit = text.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return refuse('an argument starts with a digit from 0 to 9', at);
    if (list.some((argument) => argument.digit === digit)) return refuse(`argument ${digit} is there twice`, at);
    at++;
    let value: string | undefined;
    if (text.charCodeAt(at) === equals) {
      const end = consumeQuoted(text, at + 1);
      if (typeof end !== 'number') return end;
      value = text.slice(at + 2, end);
      at = end + 1;
    }
    list.push({ digit, value });
    if (at === text.length) return success(list);
    if (text.charCodeAt(at) !== comma)
      return refuse("arguments are digits, or digits with ='value', with commas between", at);
    at++;
  }
  return success(list);
}

/** "'" *CHAR "'"; returns where the second apostrophe stands. */
function consumeQuoted(text: string, start: number): number | Result<never, ExecuteArgumentsError> {
  if (text.charCodeAt(start) !== apostrophe) return refuse('a value stands between apostrophes', start);
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === apostrophe) return at;
    if (!isValueCharacter(character)) {
      return refuse(
        'a value has visible ASCII characters without blanks, quotation marks, apostrophes and backslashes',
        at,
      );
    }
  }
  return refuse('a value ends with an apostrophe', text.length);
}

/** CHAR = "!" / %x23-26 / %x28-5B / %x5D-7E */
function isValueCharacter(character: number): boolean {
  return character >= 0x21 && character <= 0x7e && character !== 0x22 && character !== apostrophe && character !== 0x5c;
}

/** The text of arguments; {@link parseExecuteArguments} reads it back. @throws RangeError when one is not of the grammar */
export function formatExecuteArguments(list: readonly ExecuteArgument[]): string {
  const text = list.map(({ digit, value }) => (value === undefined ? `${digit}` : `${digit}='${value}'`)).join(',');
  const parsed = parseExecuteArguments(text);
  if (!parsed.ok) throw new RangeError(`${parsed.error.message} (at ${parsed.error.offset} of ${text.slice(0, 60)})`);
  return text;
}

function refuse(message: string, offset: number): Result<never, ExecuteArgumentsError> {
  return failure({ message, offset });
}
