import type { Log, LogFields } from '@yaolian/kernel';
import {
  type DestinationStream,
  type Logger,
  destination as openDestination,
  pino,
  stdSerializers,
  stdTimeFunctions,
} from 'pino';
import { prettyLines } from './pretty-lines.ts';

export const LogLevel = { Debug: 'debug', Info: 'info', Warn: 'warn', Error: 'error', Silent: 'silent' } as const;
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

export const LogFormat = {
  /** Pretty when a person reads along (the destination is a terminal), else JSON. */
  Auto: 'auto',
  /** One JSON object a line: `level`, `time` (RFC 3339), `msg`, and the fields. */
  Json: 'json',
  Pretty: 'pretty',
} as const;
export type LogFormat = (typeof LogFormat)[keyof typeof LogFormat];

export interface LogOptions {
  /** What is below it is not written. Default `info`. */
  readonly level?: LogLevel;
  /** Default `auto`. */
  readonly format?: LogFormat;
  /** Takes whole lines. Default: the standard error stream, written before the call returns. */
  readonly destination?: { write(line: string): unknown; readonly isTTY?: boolean };
  /** In every line. */
  readonly fields?: LogFields;
}

/** Longest text of a field; what a stranger sent must not fill the disk. */
const longestText = 1024;
/** Bytes of a field that are shown, in hex. */
const mostBytes = 64;
const reservedFields: readonly string[] = ['level', 'time', 'msg'];

/** Bytes that wait while the log cannot be written; beyond, lines are lost. */
const mostUnwritten = 65_536;

function standardError(): DestinationStream {
  const stream = openDestination({ fd: 2, sync: true, maxLength: mostUnwritten });
  // A disk that is full, or a reader that is gone, must not end the program; and there is nowhere to say it.
  stream.on('error', () => {});
  return stream;
}

/** The kernel's log on pino. */
export function pinoLog(options: LogOptions = {}): Log {
  const { level = LogLevel.Info, format = LogFormat.Auto, fields } = options;
  const isTerminal = options.destination ? options.destination.isTTY === true : process.stderr.isTTY === true;
  const plain: DestinationStream = options.destination ?? standardError();
  const pretty = format === LogFormat.Pretty || (format === LogFormat.Auto && isTerminal);
  const logger = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pretty ? prettyLines(plain, { colour: isTerminal && !process.env['NO_COLOR'] }) : plain,
  );
  const log = new PinoLog(logger);
  return fields ? log.child(fields) : log;
}

class PinoLog implements Log {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  child(fields: LogFields): Log {
    return new PinoLog(this.#logger.child(printable(fields)));
  }

  #write(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: LogFields | undefined): void {
    if (!this.#logger.isLevelEnabled(level)) return;
    this.#logger[level](fields ? printable(fields) : {}, message);
  }
}

function printable(fields: LogFields): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    shown[reservedFields.includes(name) ? `${name}_` : name] = printableValue(value);
  }
  return shown;
}

function printableValue(value: unknown): unknown {
  if (typeof value === 'string') return shortened(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return stdSerializers.err(value);
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value.subarray(0, mostBytes)).toString('hex');
    return value.length > mostBytes ? `${hex}… (${value.length} bytes)` : hex;
  }
  return value;
}

function shortened(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}… (${text.length} characters)` : text;
}
