import { type FieldMistake, mistakeAt } from './reason.ts';

const duration = String.raw`^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$`;
const composite = String.raw`^/(?:\d{1,5}(?:/\d{1,5}){0,3}|(?!\d+(?:/|$))\w[\w-]{0,31}(?:/\d{1,5}(?:/\d{1,5}){0,3})?)?$`;

const hex = /^\^\(\?:\[0-9A-Fa-f\]\{2\}\)\{(\d+),(\d+)\}\$$/;

type Teller = (where: string) => FieldMistake;

/** What each pattern of the routes wants, in words: nobody has to read a regular expression to learn what to write. */
const tellers: Readonly<Record<string, Teller>> = {
  [duration]: (where) =>
    mistakeAt(where, 'must be a number with a unit (ms, s, m, h or d), such as 30s or 1h30m', 'no-duration'),
  '^[A-Za-z0-9+/]+={0,2}$': (where) => mistakeAt(where, 'must be base64', 'no-base64'),
  '^[0-9A-Fa-f]{64}$': (where) => mistakeAt(where, 'must be a SHA-256, 64 hexadecimal digits', 'no-sha256'),
  '^[0-9a-f]{64}$': (where) => mistakeAt(where, 'must be a SHA-256, 64 digits of 0-9 and a-f', 'no-sha256'),
  '^[a-z0-9][a-z0-9._-]{0,63}$': (where) =>
    mistakeAt(
      where,
      'must be 1 to 64 small letters, digits, dots, underscores and hyphens, a letter or digit first',
      'name-malformed',
    ),
  '^[0-9]{3} ?[0-9]{3}$': (where) => mistakeAt(where, 'must be 6 digits', 'no-six-digits'),
  [String.raw`^\d{1,7}(?:\.\d{1,3})?%?$`]: (where) =>
    mistakeAt(where, 'must be a number of devices or a share of them, such as 50 or 1%', 'wave-malformed'),
  [String.raw`^\d{1,5}$`]: (where) => mistakeAt(where, 'must be an id, a number from 0 to 65534', 'no-id'),
  [String.raw`^M\d{9}$`]: (where) =>
    mistakeAt(where, 'must be M and 9 digits, such as M100000001', 'app-key-malformed'),
  '^(?:[!-~]{32})?$': (where) =>
    mistakeAt(where, 'must be 32 visible characters of ASCII, or empty for none', 'app-password-malformed'),
  [String.raw`^(?:coaps?(?:\+(?:tcp|ws))?|mqtts?)://`]: (where) =>
    mistakeAt(where, 'must be the address of a server, such as coaps://192.0.2.1:5684', 'no-server-uri'),
  '^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$': (where) =>
    mistakeAt(where, 'must be a name of DNS or an IPv4 address, such as dm.example.com', 'no-host-name'),
  [String.raw`^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$`]: (where) =>
    mistakeAt(where, 'must be without line breaks, control and invisible characters', 'no-visible-text'),
  '^[A-Z]{2}$': (where) => mistakeAt(where, 'must be the two capital letters of a country, such as CN', 'no-country'),
  '^[A-Z]+$': (where) => mistakeAt(where, 'must be capital letters, such as U or UQ', 'binding-malformed'),
  '^[UTSNMH]$': (where) =>
    mistakeAt(where, 'must be one of U, T, S, N, M, H', 'not-one-of', { values: 'U, T, S, N, M, H' }),
  [composite]: (where) => pathMistake(where, '/3/0/13, /d01/3303/0'),
  [String.raw`^/(?:\d{1,5}(?:/\d{1,5})?)?$`]: (where) => pathMistake(where, '/, /1, /1/0'),
  [String.raw`^/(?:\d{1,5})?$`]: (where) => pathMistake(where, '/, /3'),
  [String.raw`^/\d{1,5}(?:/\d{1,5})?$`]: (where) => pathMistake(where, '/1, /1/0'),
  [String.raw`^/\d{1,5}(?:/\d{1,5}){1,3}$`]: (where) => pathMistake(where, '/3/0, /3/0/14'),
};

/** What is wrong with a text that does not match `pattern`. */
export function patternMistake(pattern: string, where: string): FieldMistake {
  const [, least, most] = hex.exec(pattern) ?? [];
  if (least !== undefined && most !== undefined) {
    return mistakeAt(where, `must be ${least} to ${most} bytes in hexadecimal`, 'no-hex', { least, most });
  }
  return tellers[pattern]?.(where) ?? mistakeAt(where, `must match ${pattern}`, 'pattern-differs', { pattern });
}

function pathMistake(where: string, examples: string): FieldMistake {
  return mistakeAt(where, `must be a path as in ${examples}`, 'path-malformed', { examples });
}
