import { type TSchema, Type } from 'typebox';

/** RFC 3339 in UTC with milliseconds. */
export const TimeSchema = Type.String({ format: 'date-time', examples: ['2026-01-31T08:15:30.000Z'] });

export const DurationSchema = Type.String({
  pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$',
  maxLength: 32,
  description: 'A number with a unit: ms, s, m, h or d',
  examples: ['30s', '1h30m'],
});

/** A time that is asked for. @param description what it bounds */
export const moment = (description: string) =>
  Type.Optional(
    Type.String({
      maxLength: 40,
      description: `${description}: a time (RFC 3339), or how long ago, as in 90s, 1h30m or 7d`,
      examples: ['2026-01-31T08:00:00Z', '24h'],
    }),
  );

/** A span of time. */
export const SpanQuery = {
  from: moment('Where the span begins, inclusive'),
  to: moment('Where it ends, exclusive; absent: now'),
};

export const PageQuery = {
  cursor: Type.Optional(
    Type.String({ maxLength: 512, description: 'The "next" of the page before; absent: from the start' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'At most so many items' })),
};

/** Of lists that are short: who asks for no limit has all of it mostly. */
export const LongPageQuery = {
  cursor: PageQuery.cursor,
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: 1000, description: 'At most so many items' }),
  ),
};

/** A page of a list. It may hold fewer items than asked for; it is the last one only when "next" is absent. */
export function pageOf<T extends TSchema>(item: T) {
  return Type.Object({
    items: Type.Array(item),
    next: Type.Optional(Type.String({ description: 'The cursor of the next page; absent on the last one' })),
  });
}

export const DeviceParam = {
  device: Type.String({
    minLength: 1,
    maxLength: 512,
    description: 'The device key or the endpoint name, percent-encoded',
    examples: ['urn:imei:861111003929110'],
  }),
};

export const PathParam = {
  path: Type.String({
    maxLength: 64,
    description:
      'An LwM2M path without the leading slash; its slashes may stand as they are. Of a device behind a gateway it begins with a prefix',
    examples: ['3/0/0', 'd01/3303/0/5700'],
  }),
};

/** What becomes of a request for a device that does not listen now. */
export const queueModes = ['auto', 'never', 'always'] as const;

/** Every operation on a device takes these. */
export const OperationQuery = {
  unchecked: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Ask the device even if the object model says that it makes no sense',
    }),
  ),
  timeout: Type.Optional(
    Type.String({
      pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$',
      maxLength: 32,
      description: 'How long to wait for the device, queueing included; absent: the setting lwm2m.request-timeout',
      examples: ['10s'],
    }),
  ),
  queue: Type.Optional(
    Type.Enum([...queueModes], {
      default: 'auto',
      description:
        'auto: a request for a device that sleeps, or that others wait for, is kept until the device is heard, and ' +
        'answered 202; so is one that a device in queue mode did not answer in time, but for Execute, Create and Delete, which it may have done; always: also one for a device that is away; never: 503 `device-asleep` instead',
    }),
  ),
  expires: Type.Optional(
    Type.String({
      pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$',
      maxLength: 32,
      description: 'How long the request may be kept; absent: the setting lwm2m.queue-expiry',
      examples: ['12h'],
    }),
  ),
  wait: Type.Optional(
    Type.String({
      pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$',
      maxLength: 32,
      description: 'How long this call waits for a request that is kept before it is answered 202; absent: not at all',
      examples: ['30s'],
    }),
  ),
};

export const deviceStates = ['ONLINE', 'OFFLINE', 'SLEEPING'] as const;

export const DeviceStateSchema = Type.Enum([...deviceStates]);
