import { type ValueFormat, valueFormats } from '@yaolian/contract';
import { Option } from 'commander';
import { type TimeoutOptions, timeoutQuery } from './places.ts';

export interface FormatOptions extends TimeoutOptions {
  readonly format?: ValueFormat;
}

export function formatOption(): Option {
  return new Option('--format <format>', 'format to use with the device')
    .choices(valueFormats)
    .default(undefined, 'what suits it');
}

export function formatQuery(options: FormatOptions): { readonly format?: ValueFormat; readonly timeout?: string } {
  return { ...(options.format === undefined ? {} : { format: options.format }), ...timeoutQuery(options) };
}
