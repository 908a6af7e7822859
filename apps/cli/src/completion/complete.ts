import type { Argument, Command, Option } from 'commander';
import { type Candidate, completerOf } from '../command.ts';
import { mayRepeat } from '../parsers.ts';

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Names of files fit here too: the shell knows them best. */
  readonly files: boolean;
}

const nothing: Completion = { candidates: [], files: false };

/**
 * What the last of `words` may become.
 * @param words what stands after `yaolian`; the last one is being typed and may be empty
 */
export async function complete(program: Command, words: readonly string[]): Promise<Completion> {
  const typed = words.at(-1) ?? '';
  const place = new Walk(program);
  for (const word of words.slice(0, -1)) place.pass(word);
  const completion = await place.complete(typed);
  const candidates = completion.candidates.filter(({ value }) => value.startsWith(typed));
  return { candidates, files: completion.files };
}

/** Goes through the words as commander would, to the place where the cursor is. */
class Walk {
  #command: Command;
  #positionals = 0;
  #optionsEnded = false;
  /** The option whose value comes next. */
  #pending: Option | undefined;
  readonly #used = new Set<Option>();

  constructor(program: Command) {
    this.#command = program;
  }

  pass(word: string): void {
    if (this.#pending) {
      this.#pending = undefined;
    } else if (word === '--' && !this.#optionsEnded) {
      this.#optionsEnded = true;
    } else if (word.startsWith('-') && word !== '-' && !this.#optionsEnded) {
      this.#passOption(word);
    } else {
      const next = this.#positionals === 0 ? subcommand(this.#command, word) : undefined;
      if (next) this.#command = next;
      else this.#positionals++;
    }
  }

  #passOption(word: string): void {
    const [flag] = word.split('=', 1);
    const option = allOptions(this.#command).find((candidate) => candidate.short === flag || candidate.long === flag);
    if (!option) return;
    this.#used.add(option);
    if (takesValue(option) && !word.includes('=')) this.#pending = option;
  }

  async complete(typed: string): Promise<Completion> {
    if (this.#pending) return await valuesOf(this.#pending, typed);
    if (typed.startsWith('-') && !this.#optionsEnded) {
      const own = await valuesOf(this.#command, typed);
      const { candidates, files } = await this.#completeOption(typed);
      return { candidates: [...own.candidates, ...candidates], files };
    }
    const subcommands = this.#positionals === 0 ? visibleCommands(this.#command) : [];
    const place = placeAt(this.#command, this.#positionals);
    if (!place) return { candidates: subcommands, files: false };
    const values = await valuesOf(place, typed);
    return { candidates: [...subcommands, ...values.candidates], files: values.files };
  }

  async #completeOption(typed: string): Promise<Completion> {
    const equals = typed.indexOf('=');
    if (equals < 0) return { candidates: this.#optionCandidates(), files: false };
    const flag = typed.slice(0, equals);
    const option = allOptions(this.#command).find((candidate) => candidate.long === flag);
    if (!option || !takesValue(option)) return nothing;
    const { candidates } = await valuesOf(option, typed.slice(equals + 1));
    return {
      candidates: candidates.map(({ value, ...rest }) => ({ value: `${flag}=${value}`, ...rest })),
      files: false,
    };
  }

  #optionCandidates(): readonly Candidate[] {
    return allOptions(this.#command)
      .filter((option) => !option.hidden && (!this.#used.has(option) || mayRepeat(option)))
      .map((option) => ({ value: option.long ?? option.short!, description: option.description }))
      .concat(this.#used.size === 0 ? [{ value: '--help', description: 'show help' }] : []);
  }
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

/** Its own options and those of the commands above it, which are allowed everywhere. */
function allOptions(command: Command): readonly Option[] {
  const options: Option[] = [];
  for (let at: Command | null = command; at; at = at.parent) options.push(...at.options);
  return options;
}

function subcommand(command: Command, word: string): Command | undefined {
  return command.commands.find((candidate) => candidate.name() === word || candidate.aliases().includes(word));
}

function visibleCommands(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((visible) => ({ value: visible.name(), description: visible.summary() || visible.description() }));
}

function placeAt(command: Command, position: number): Argument | undefined {
  const places = command.registeredArguments;
  const last = places.at(-1);
  return places[position] ?? (last?.variadic ? last : undefined);
}

async function valuesOf(place: Argument | Option | Command, typed: string): Promise<Completion> {
  const completer = completerOf(place);
  if (!completer) return nothing;
  const values = await completer(typed);
  return values === 'files' ? { candidates: [], files: true } : { candidates: values, files: false };
}
