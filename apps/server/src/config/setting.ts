import {
  type Duration,
  failure,
  formatDuration,
  isIPv4,
  isIPv6,
  parseDuration,
  type Result,
  success,
} from '@yaolian/kernel';

/** One setting: how it is read from text or YAML, what it is when nobody sets it, and what people are told about it. */
export interface Setting<T> {
  readonly default: T;
  readonly description: string;
  /** A value to show in the help, as people write it. */
  readonly example: string;
  /** The least and the greatest, or all there are, as people write them; absent: too much to say. */
  readonly range?: string;
  /** What a value looks like, for the help: `<port>`, `auto|batched|portable`. Empty for a switch. */
  readonly placeholder: string;
  /** True when the flag stands alone (`--x`, `--no-x`). */
  readonly isSwitch: boolean;
  /** Operators are not told its value. */
  readonly isSecret?: boolean;
  /** Reads a value as YAML has it, or the text of a flag or variable. A failure completes the sentence "it must be …". */
  read(value: unknown): Result<T, string>;
  /** As people write it in YAML; undefined: nothing to write. */
  write(value: T): string | number | boolean | undefined;
}

interface Description<T> {
  readonly default: T;
  readonly description: string;
  readonly example?: string;
  readonly placeholder?: string;
  readonly isSecret?: boolean;
}

export function integer(
  options: Description<number> & { readonly min: number; readonly max: number },
): Setting<number> {
  const { min, max } = options;
  const right = `a whole number from ${min} to ${max}`;
  return {
    placeholder: '<number>',
    example: String(options.default),
    range: `${min} – ${max}`,
    ...options,
    isSwitch: false,
    read(value) {
      const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
      const fits = Number.isInteger(number) && (number as number) >= min && (number as number) <= max;
      return fits ? success(number as number) : failure(right);
    },
    write: (value) => value,
  };
}

interface TextOptions extends Description<string> {
  readonly maxLength?: number;
  /** What it must not match. */
  readonly refuses?: RegExp;
  /** What is right then; completes "it must be …". */
  readonly right?: string;
}

export function text(options: TextOptions): Setting<string> {
  const { maxLength = 4096, refuses, right = `a text of 1 to ${maxLength} characters`, ...rest } = options;
  return {
    placeholder: '<text>',
    example: options.default,
    ...rest,
    isSwitch: false,
    read(value) {
      const fits = typeof value === 'string' && value.length > 0 && value.length <= maxLength;
      return fits && refuses?.test(value) !== true ? success(value) : failure(right);
    },
    write: (value) => value,
  };
}

/** A URL without user name and password, which would stand where the configuration is shown. */
export function url(options: Description<string> & { readonly protocols: readonly string[] }): Setting<string> {
  const { protocols, ...rest } = options;
  const right = `a URL that begins with ${protocols.map((one) => `${one}//`).join(' or ')}, without user name and password, such as ${options.default}`;
  return {
    placeholder: '<url>',
    example: options.default,
    ...rest,
    isSwitch: false,
    read(value) {
      if (typeof value !== 'string' || value.length > 2000 || !URL.canParse(value)) return failure(right);
      const { protocol, hostname, username, password } = new URL(value);
      const fits = protocols.includes(protocol) && hostname !== '' && username === '' && password === '';
      return fits ? success(value) : failure(right);
    },
    write: (value) => value,
  };
}

/** An IP address to listen on. */
export function address(options: Description<string>): Setting<string> {
  return {
    placeholder: '<address>',
    example: options.default,
    ...options,
    isSwitch: false,
    read(value) {
      if (value === 'localhost') return success('127.0.0.1');
      const fits = typeof value === 'string' && (isIPv4(value) || isIPv6(value));
      return fits
        ? success(value)
        : failure('an IPv4 or IPv6 address, such as 0.0.0.0 (every IPv4), :: (all) or 127.0.0.1');
    },
    write: (value) => value,
  };
}

/** Addresses and networks with commas between them. */
export function networks(options: Description<string>): Setting<string> {
  return {
    placeholder: '<networks>',
    example: options.default,
    ...options,
    isSwitch: false,
    read(value) {
      const fits = typeof value === 'string' && value.split(',').every((one) => isNetwork(one.trim()));
      return fits
        ? success(value)
        : failure('addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8');
    },
    write: (value) => value,
  };
}

/** Numbers of objects (LwM2M) with commas between them; none is `-`. */
export function objects(options: Description<readonly number[]>): Setting<readonly number[]> {
  const write = (ids: readonly number[]) => (ids.length === 0 ? '-' : ids.join(','));
  return {
    placeholder: '<numbers>',
    example: write(options.default),
    ...options,
    isSwitch: false,
    read(value) {
      if (value === '-') return success([]);
      const ids = String(value)
        .split(',')
        .map((one) => (/^\s*\d{1,5}\s*$/.test(one) ? Number(one) : Number.NaN));
      const fits = ids.every((id) => id <= 65_535);
      return fits
        ? success(ids)
        : failure('numbers of objects with commas between them, such as 0,1,2,5, or - for none');
    },
    write,
  };
}

function isNetwork(text: string): boolean {
  const [host = '', bits, ...more] = text.split('/');
  const width = isIPv4(host) ? 32 : isIPv6(host) ? 128 : 0;
  return more.length === 0 && width > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width));
}

export function choice<const T extends string>(
  options: Omit<Description<T>, 'placeholder'> & { readonly of: readonly T[] },
): Setting<T> {
  return {
    example: options.default,
    ...options,
    placeholder: options.of.join('|'),
    range: options.of.join(', '),
    isSwitch: false,
    read(value) {
      const found = options.of.find((one) => one === value);
      return found === undefined ? failure(`one of ${options.of.join(', ')}`) : success(found);
    },
    write: (value) => value,
  };
}

export function onOff(options: Description<boolean>): Setting<boolean> {
  const words = new Map<unknown, boolean>([
    [true, true],
    ['true', true],
    ['on', true],
    ['yes', true],
    ['1', true],
    [false, false],
    ['false', false],
    ['off', false],
    ['no', false],
    ['0', false],
  ]);
  return {
    example: String(!options.default),
    ...options,
    placeholder: '',
    isSwitch: true,
    read(value) {
      const found = words.get(value);
      return found === undefined ? failure('true or false') : success(found);
    },
    write: (value) => value,
  };
}

export function duration(
  options: Description<Duration> & { readonly min: Duration; readonly max: Duration },
): Setting<Duration> {
  const { min, max } = options;
  const right = `a duration from ${formatDuration(min)} to ${formatDuration(max)}, such as 250ms, 30s, 15m or 24h`;
  return {
    placeholder: '<duration>',
    example: formatDuration(options.default),
    range: `${formatDuration(min)} – ${formatDuration(max)}`,
    ...options,
    isSwitch: false,
    read(value) {
      if (typeof value !== 'string') return failure(right);
      try {
        const read = parseDuration(value);
        return read >= min && read <= max ? success(read) : failure(right);
      } catch {
        return failure(right); // parseDuration's sentence says less than ours
      }
    },
    write: formatDuration,
  };
}

const sizeUnits: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 1_048_576, GiB: 1_073_741_824 };

/** A number of bytes: `65536`, `64KiB`, `8MiB`. */
export function size(options: Description<number> & { readonly min: number; readonly max: number }): Setting<number> {
  const { min, max } = options;
  const right = `a size from ${formatSize(min)} to ${formatSize(max)}, such as 65536, 64KiB or 8MiB`;
  return {
    placeholder: '<size>',
    example: formatSize(options.default),
    range: `${formatSize(min)} – ${formatSize(max)}`,
    ...options,
    isSwitch: false,
    read(value) {
      const match = /^(\d{1,12})(KiB|MiB|GiB)?$/.exec(String(value));
      if (!match) return failure(right);
      const bytes = Number(match[1]) * sizeUnits[match[2] ?? '']!;
      return bytes >= min && bytes <= max ? success(bytes) : failure(right);
    },
    write: formatSize,
  };
}

function formatSize(bytes: number): string {
  for (const unit of ['GiB', 'MiB', 'KiB'] as const) {
    if (bytes > 0 && bytes % sizeUnits[unit]! === 0) return `${bytes / sizeUnits[unit]!}${unit}`;
  }
  return String(bytes);
}

/** A setting that may be left out: `undefined` when nobody sets it. */
export function optional<T>(setting: Setting<T>): Setting<T | undefined> {
  return {
    ...setting,
    default: undefined,
    read: (value) => setting.read(value),
    write: (value) => (value === undefined ? undefined : setting.write(value)),
  };
}
