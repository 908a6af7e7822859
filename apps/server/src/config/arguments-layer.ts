import { type ConfigMistake, describeWrong, type Layer, suggestion } from './layer.ts';
import { flagOf, type SettingName, settingNames, settingOf } from './settings.ts';

/** Flags that are no settings. */
export const actionFlags = {
  '--help': 'Show this help',
  '--version': 'Show the version',
  '--print-config': 'Show every setting, its value and where it came from, and do not start',
  '--reset-admin-password': 'Make and print a new password for "admin", take its second factor away, then start',
} as const;

export type ActionFlag = keyof typeof actionFlags;

export interface ArgumentsLayer extends Layer {
  readonly actions: ReadonlySet<ActionFlag>;
  /** The file that --config names. */
  readonly configFile: string | undefined;
}

const nameOfFlag = new Map<string, SettingName>(settingNames.map((name) => [flagOf(name), name]));
const switchesOff = new Map<string, SettingName>(
  settingNames.filter((name) => settingOf(name).isSwitch).map((name) => [flagOf(name).replace('--', '--no-'), name]),
);
const allFlags = [...nameOfFlag.keys(), ...switchesOff.keys(), ...Object.keys(actionFlags), '--config'];

/** Reads `--flag value`, `--flag=value`, `--switch` and `--no-switch`. */
export function readArgumentsLayer(args: readonly string[]): ArgumentsLayer {
  const reader = new ArgumentsReader();
  for (let i = 0; i < args.length; ) i += reader.take(args[i]!, args[i + 1]);
  return reader;
}

const givenTwice = 'it is given more than once; leave all but one out';

class ArgumentsReader implements ArgumentsLayer {
  readonly values = new Map<SettingName, { value: unknown; from: string }>();
  readonly mistakes: ConfigMistake[] = [];
  readonly actions = new Set<ActionFlag>();
  configFile: string | undefined;
  /** The switch that came last, if nothing came after it: a word that follows is no value of it. */
  #switch: string | undefined;

  /** Takes one argument, and the next one where it is the value. Returns how many it took. */
  take(argument: string, next: string | undefined): 1 | 2 {
    const equals = argument.startsWith('--') ? argument.indexOf('=') : -1;
    const flag = equals < 0 ? argument : argument.slice(0, equals);
    const attached = equals < 0 ? undefined : argument.slice(equals + 1);
    if (argument.startsWith('-')) this.#switch = undefined;
    if (flag === '-h') this.actions.add('--help');
    else if (attached === undefined && flag in actionFlags) this.actions.add(flag as ActionFlag);
    else if (attached === undefined && this.#takeSwitch(flag)) {
      this.#switch = flag;
      return 1;
    } else return this.#takeValued(flag, attached, next);
    return 1;
  }

  #takeSwitch(flag: string): boolean {
    const on = nameOfFlag.get(flag);
    if (on !== undefined && settingOf(on).isSwitch) this.#keep(on, true, `the flag ${flag}`);
    const off = switchesOff.get(flag);
    if (off !== undefined) this.#keep(off, false, `the flag ${flag}`);
    return off !== undefined || (on !== undefined && settingOf(on).isSwitch);
  }

  #takeValued(flag: string, attached: string | undefined, next: string | undefined): 1 | 2 {
    const name = nameOfFlag.get(flag);
    if (name === undefined && flag !== '--config') {
      return this.#unknown(flag, attached === undefined && next !== undefined && !next.startsWith('-'));
    }
    const isMissing = attached === undefined && (next === undefined || /^--?[a-z]/.test(next));
    const value = attached ?? next ?? '';
    const where = `the flag ${flag}`;
    if (isMissing) {
      const wanted = name === undefined ? '<file>' : settingOf(name).placeholder;
      this.mistakes.push({ where, message: `a value is missing; write ${flag} ${wanted}` });
      return 1;
    }
    if (name === undefined && this.configFile !== undefined) this.mistakes.push({ where, message: givenTwice });
    else if (name === undefined) this.configFile = value;
    else this.#set(name, value, where);
    return attached === undefined ? 2 : 1;
  }

  #set(name: SettingName, value: string, from: string): void {
    const read = settingOf(name).read(value);
    if (read.ok) this.#keep(name, read.value, from);
    else this.mistakes.push({ where: from, message: describeWrong(value, read.error) });
  }

  /** Which of two is meant, nobody can tell; a switch that says the same twice does no harm. */
  #keep(name: SettingName, value: unknown, from: string): void {
    const earlier = this.values.get(name);
    if (earlier === undefined) this.values.set(name, { value, from });
    else if (earlier.from !== from) this.mistakes.push({ where: from, message: `it contradicts ${earlier.from}` });
    else if (!settingOf(name).isSwitch || earlier.value !== value)
      this.mistakes.push({ where: from, message: givenTwice });
  }

  /** A word after an unknown flag is taken for its value, and not complained about again. */
  #unknown(argument: string, hasValue: boolean): 1 | 2 {
    const isFlag = argument.startsWith('-');
    const where = isFlag ? `the flag ${argument}` : `the argument "${argument}"`;
    const hint = suggestion(argument, isFlag ? allFlags : [], '--help lists all flags');
    const before = this.#switch;
    const message = isFlag
      ? `there is no such flag; ${hint}`
      : before === undefined
        ? `flags begin with --; ${hint}`
        : `${before} takes no word after it; write ${before} or ${oppositeOf(before)}`;
    this.mistakes.push({ where, message });
    return isFlag && hasValue ? 2 : 1;
  }
}

function oppositeOf(flag: string): string {
  return switchesOff.has(flag) ? flag.replace('--no-', '--') : flag.replace('--', '--no-');
}
