import type { Environment, HostOutput } from '../host.ts';

/** The few colours that carry meaning. */
const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;
export type Paint = keyof typeof codes;

/** Colours `text`, or leaves it as it is where colours are not wanted. */
export type Painter = (text: string, paint: Paint) => string;

export const unpainted: Painter = (text) => text;

/** Colours only on a terminal, and not when NO_COLOR is set (no-color.org) or the terminal is dumb. */
export function painterFor(output: HostOutput, environment: Environment): Painter {
  const refused = (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
  if (!output.isTerminal || refused) return unpainted;
  return (text, paint) => (text === '' ? '' : `\u001b[${codes[paint][0]}m${text}\u001b[${codes[paint][1]}m`);
}
