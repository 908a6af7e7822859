import { packFormats, type ValueFormat, valueFormats } from '@yaolian/contract';
import { Option } from 'commander';
import { cliErrors } from '../errors.ts';
import { type AskOptions, askQuery } from './places.ts';

export interface FormatOptions extends AskOptions {
  readonly format?: ValueFormat;
}

export function formatOption(): Option {
  return new Option('--format <format>', 'format to use with the device')
    .choices(valueFormats)
    .default(undefined, 'what suits it');
}

export function formatQuery(options: FormatOptions) {
  return { ...(options.format === undefined ? {} : { format: options.format }), ...askQuery(options) };
}

/** The same for operations on several paths. @throws YaolianError CLI_USAGE */
export function packFormatQuery(options: FormatOptions) {
  const format = packFormats.find((known) => known === options.format);
  if (options.format !== undefined && format === undefined) {
    throw cliErrors.CLI_USAGE(`several paths travel in ${packFormats.join(', ')}, not in ${options.format}`);
  }
  return { ...(format === undefined ? {} : { format }), ...askQuery(options) };
}
