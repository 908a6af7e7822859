import { minutes, seconds } from '@yaolian/kernel';
import { choice, duration } from '../setting.ts';

/** The log, and the end. */
export const processSettings = {
  'log.level': choice({
    of: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    description: 'Least level that is logged',
    example: 'debug',
  }),
  'log.format': choice({
    of: ['auto', 'pretty', 'json'],
    default: 'auto',
    description: 'Lines on standard error: pretty for people, json for programs; auto: pretty on a terminal',
    example: 'json',
  }),

  'stop.drain': duration({
    min: seconds(0),
    max: minutes(10),
    default: seconds(10),
    description: 'How long a stop waits for what is in hand',
  }),
} as const;
