import { days, hours, seconds } from '@yaolian/kernel';
import { choice, duration, integer, optional, size, text } from '../setting.ts';

/** What is kept, and how long. */
export const storageSettings = {
  'storage.max-size': optional(
    size({
      min: 1_048_576,
      max: 2 ** 46,
      default: 2 ** 34,
      description: 'Size of the database at most; beyond it nothing new is stored. Unset: what the disk has',
    }),
  ),
  'storage.page-cache': size({
    min: 1_048_576,
    max: 2 ** 36,
    default: 2 ** 24,
    description: 'Memory for pages of the database',
    example: '64MiB',
  }),

  'secrets.key-file': optional(
    text({
      default: '',
      description: 'File with the key that secrets are sealed with, 64 hex digits; unset: secrets.key in data-dir',
      placeholder: '<file>',
      example: '/etc/yaolian/secrets.key',
    }),
  ),

  'audit.keep': duration({
    min: days(1),
    max: days(36_500),
    default: days(180),
    description: 'How long lines of the audit trail are kept',
    example: '365d',
  }),
  'audit.max-entries': integer({
    min: 1000,
    max: 100_000_000,
    default: 1_000_000,
    description: 'Lines of the audit trail, looks half of them; beyond, who has the most loses its oldest',
  }),
  'audit.max-refusals': integer({
    min: 1,
    max: 1_000_000,
    default: 60,
    description: 'Lines of the audit for refusals of one account in ten minutes; all others become one line',
  }),
  'audit.max-operator-refusals': integer({
    min: 1,
    max: 1_000_000,
    default: 1000,
    description: 'The same for one operator',
  }),
  'history.keep': duration({
    min: seconds(0),
    max: days(36_500),
    default: days(30),
    description: 'How long values of devices are kept; 0s keeps none',
    example: '90d',
  }),
  'history.keep-raw': optional(
    duration({
      min: hours(1),
      max: days(36_500),
      default: days(7),
      description:
        'How long values of devices are kept one by one; older ones become spans, within a day, until history.keep. Unset: all stay',
    }),
  ),
  'history.span': choice({
    of: ['1m', '5m', '15m', '1h'],
    default: '15m',
    description: 'Length of the spans that values older than history.keep-raw become',
  }),
  'history.keep-timeline': duration({
    min: seconds(0),
    max: days(36_500),
    default: days(90),
    description: 'How long what happened to devices is kept; 0s keeps nothing',
    example: '365d',
  }),
  'history.keep-overview': duration({
    min: seconds(0),
    max: days(36_500),
    default: days(400),
    description: 'How long figures of the platform are kept, one a minute; 0s keeps none',
    example: '30d',
  }),
  'history.max-values': integer({
    min: 1_000,
    max: 1_000_000_000,
    default: 100_000,
    description: 'Values of one resource that are kept at least; the oldest beyond go first',
  }),
  'history.max-series': integer({
    min: 1,
    max: 1_000_000,
    default: 1_000,
    description: 'Resources of one device whose values are kept',
  }),
  'history.max-value-size': size({
    min: 16,
    max: 65_536,
    default: 1_024,
    description: 'Of longer texts and opaque values the beginning is kept',
  }),
} as const;
