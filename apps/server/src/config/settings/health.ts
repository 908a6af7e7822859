import { days, milliseconds, seconds } from '@yaolian/kernel';
import { duration, integer, size } from '../setting.ts';

/** From when on the platform says that it is not well. */
export const healthSettings = {
  'health.min-disk': size({
    min: 0,
    max: 2 ** 46,
    default: 2 ** 30,
    description:
      'Free bytes of the disk of data-dir below which health is degraded; below a tenth of them it has failed',
  }),
  'health.max-commit': duration({
    min: milliseconds(1),
    max: seconds(60),
    default: milliseconds(500),
    description: 'Time of the last transaction beyond which health is degraded',
  }),
  'health.max-loop-delay': duration({
    min: milliseconds(1),
    max: seconds(60),
    default: milliseconds(200),
    description: 'Delay of the event loop (99 of 100) beyond which health is degraded',
  }),
  'health.full': integer({
    min: 1,
    max: 100,
    default: 90,
    description:
      'Percent of a bound (connections, queue, heap, database, file descriptors) from which health is degraded',
  }),
  'health.certificate-warning': duration({
    min: days(0),
    max: days(3650),
    default: days(30),
    description: 'How long before its end a certificate makes health degraded',
  }),
} as const;
