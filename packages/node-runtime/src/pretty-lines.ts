import { inspect } from 'node:util';

const levelColours: Readonly<Record<string, number>> = { debug: 2, info: 32, warn: 33, error: 31 };

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
}

/** Turns a line of JSON, as the log writes it, into one for people: `09:30:00.000 INFO  message key=value`. */
export function prettyLines(
  destination: { write(line: string): unknown },
  options: { readonly colour: boolean },
): { write(line: string): void } {
  return {
    write(line) {
      destination.write(prettyLine(line, options.colour));
    },
  };
}

function prettyLine(line: string, colour: boolean): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const label = paint(levelColours[String(level)] ?? 0, String(level).toUpperCase().padEnd(5));
  let text = `${paint(2, String(time).slice(11, 23))} ${label} ${visible(String(msg))}`;
  let stacks = '';
  for (const [name, value] of Object.entries(fields)) {
    const shown = isLoggedError(value) ? value.message : value;
    text += ` ${paint(2, `${visible(name)}=`)}${printed(shown)}`;
    if (isLoggedError(value) && value.stack !== undefined) stacks += `${indented(value.stack)}\n`;
  }
  return `${text}\n${stacks}`;
}

function isLoggedError(value: unknown): value is LoggedError {
  return typeof value === 'object' && value !== null && 'type' in value && 'stack' in value && 'message' in value;
}

function printed(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"'=]+$/.test(value) ? visible(value) : visible(JSON.stringify(value));
  return visible(inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 4 }));
}

/** Control characters would let a stranger's text steer the terminal. */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function indented(stack: string): string {
  return stack
    .split('\n')
    .map((line) => `    ${visible(line)}`)
    .join('\n');
}
