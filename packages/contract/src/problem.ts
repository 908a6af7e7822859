import { type Static, Type } from 'typebox';

/** The media type of every error answer (RFC 9457 §3). */
export const problemMediaType = 'application/problem+json';

interface ProblemKind {
  readonly status: number;
  /** RFC 9457 §3.1.3: the same text at every occurrence. */
  readonly title: string;
  /** What the reader can do about it; shown when the occurrence has nothing better to say. */
  readonly advice: string;
}

/**
 * Every error the API answers with. The key is the stable `code`, and the last part of the problem's `type` URI
 * `urn:yaolian:problem:<code>`.
 *
 * A terminal that refuses (4.xx or 5.xx) is `device-refused` with 424 Failed Dependency (RFC 9110, RFC 4918 §11.4) and its
 * code in `coapCode`: not the code's HTTP cousin, because a 404 of the terminal must not read as a 404 of the platform, and
 * not 502, because proxies retry and alarm on it though platform and network are well.
 */
export const problemKinds = {
  'invalid-request': {
    status: 400,
    title: 'The request is not valid',
    advice: 'Correct what "errors" lists and send it again; /openapi.json has the schema.',
  },
  'invalid-path': {
    status: 400,
    title: 'The LwM2M path is not valid',
    advice:
      'Write numbers from 0 to 65534 with slashes between them: object, object/instance, object/instance/resource.',
  },
  'invalid-value': {
    status: 400,
    title: 'A value does not fit',
    advice:
      'The detail says what does. GET /api/v1/objects/{id} tells the type of each resource and how it is written as JSON.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'The cursor is not valid',
    advice: 'Use the "next" of an earlier answer of the same list unchanged, or leave "cursor" out to start over.',
  },
  unauthenticated: {
    status: 401,
    title: 'A token is needed',
    advice:
      'Send "Authorization: Bearer <token>". POST /api/v1/login, or `yaolian login`, gives a token for a password.',
  },
  'wrong-password': {
    status: 401,
    title: 'Name or password is wrong',
    advice:
      'Check both. The first one was printed at the first start; starting with --reset-admin-password makes a new one.',
  },
  'second-factor-needed': {
    status: 401,
    title: 'A code of your second factor is needed',
    advice: 'Send "code" too: the six digits that your authenticator app shows, or a recovery code.',
  },
  'second-factor-wrong': {
    status: 401,
    title: 'The code is wrong',
    advice: 'Each code works once, for half a minute: wait for the next. The clocks of phone and platform must agree.',
  },
  forbidden: {
    status: 403,
    title: 'Your role does not allow this',
    advice: 'Use a token with the role that "detail" names, or ask an admin for one.',
  },
  'access-denied': {
    status: 403,
    title: 'You may not do this with the device',
    advice: 'Ask an owner of the device to permit it. A device that does not exist is answered alike.',
  },
  'wrong-code': {
    status: 403,
    title: 'Device and code do not belong together',
    advice: 'Check both; a code is void once a new one was made. Ask whoever runs the device for its present code.',
  },
  'invitation-needed': {
    status: 403,
    title: 'The invitation is not valid',
    advice: 'Ask the operator of the platform for one: it lets in only who is invited.',
  },
  'key-log-off': {
    status: 409,
    title: 'There is no key log',
    advice: 'Set trace.key-log, restart, and record the handshake; or leave the secrets out.',
  },
  'too-many-traces': {
    status: 429,
    title: 'Too many devices are traced',
    advice: 'Remove a trace (GET /api/v1/traces lists them), or raise the setting trace.max-devices.',
  },
  'cross-origin': {
    status: 403,
    title: 'The request comes from another site',
    advice:
      'A session cookie works only from pages of the platform. Behind a proxy, set http.trusted-proxies; programs send a token instead.',
  },
  'route-unknown': {
    status: 404,
    title: 'There is no such route',
    advice: 'Check method and path; /openapi.json lists all of them.',
  },
  'device-unknown': {
    status: 404,
    title: 'There is no such device',
    advice: 'GET /api/v1/devices lists the devices; percent-encode the key or endpoint name in the URL.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such thing',
    advice: 'The matching list shows what exists.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The route does not take this method',
    advice: 'The Allow header lists the methods that it takes.',
  },
  'device-not-registered': {
    status: 409,
    title: 'The device is not registered now',
    advice: 'Wait until it registers (GET /api/v1/events?type=device.registered tells), then ask again.',
  },
  conflict: {
    status: 409,
    title: 'That does not fit the present state',
    advice: 'Read the present state, then decide again.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The key belongs to another request',
    advice:
      'Send a new Idempotency-Key with each new request, and the same one only when the same request is sent again.',
  },
  'idempotency-outcome-unknown': {
    status: 409,
    title: 'What became of the first request is not known',
    advice:
      'The platform ended while it worked on it. Look whether it was done, then send it with a new Idempotency-Key if it was not.',
  },
  'precondition-failed': {
    status: 412,
    title: 'It has changed since you looked',
    advice: 'Read it again, decide again, and send the ETag of that answer as If-Match.',
  },
  'not-a-friend': {
    status: 409,
    title: 'That user is no friend of yours',
    advice: 'Become friends first: ask, and let the other agree.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request did not come in time',
    advice: 'Send it again, over a faster network perhaps; the setting http.request-timeout is the bound.',
  },
  'headers-too-large': {
    status: 431,
    title: 'Address and header fields are too large together',
    advice: 'Send less: shorter filters in the address, fewer cookies. 16 KiB is the bound.',
  },
  'payload-too-large': {
    status: 413,
    title: 'The body is too large',
    advice: 'Send less at once; the setting http.body-limit is the bound.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body has a media type that the route does not read',
    advice: 'Send application/json, or application/xml where an object definition is uploaded.',
  },
  'invalid-object-definition': {
    status: 422,
    title: 'The object definition is not valid',
    advice: 'Correct the lines that "errors" lists; the schema is LWM2M.xsd of the Open Mobile Alliance.',
  },
  'model-forbids': {
    status: 422,
    title: 'The object model does not allow this',
    advice: 'GET /api/v1/objects/{id} tells what the resource allows; add "unchecked=true" to ask the device anyway.',
  },
  'device-refused': {
    status: 424,
    title: 'The device refused',
    advice:
      '"coapCode" is the answer of the device itself: 4.01 its access control does not allow it, or it has restarted and not registered yet; 4.04 it has no such resource; 4.05 the resource does not allow it.',
  },
  'too-many-attempts': {
    status: 429,
    title: 'Too many attempts',
    advice: 'Wait for the seconds in Retry-After, then try again.',
  },
  'too-many-streams': {
    status: 429,
    title: 'Too many event streams are open',
    advice: 'Close one, or raise the settings http.max-event-streams and http.max-event-streams-per-operator.',
  },
  'internal-error': {
    status: 500,
    title: 'The platform failed',
    advice: 'The log has the details under this "instance"; please report it.',
  },
  'device-answer-malformed': {
    status: 502,
    title: 'The answer of the device could not be read',
    advice: '"detail" says what was wrong with it; ask for a single resource, or with another format.',
  },
  'device-reset': {
    status: 502,
    title: 'The device rejected the message',
    advice: 'It answered RST: it may have restarted. Ask again after it has registered.',
  },
  'device-not-connected': {
    status: 503,
    title: 'The device is not connected',
    advice:
      'It registered over TCP or a WebSocket and the connection is gone, or another device has its address now. Ask again after its next Update.',
  },
  'device-asleep': {
    status: 503,
    title: 'The device sleeps',
    advice: 'It uses queue mode: leave "queue=never" out, and the request is kept until the device is heard.',
  },
  'device-busy': {
    status: 503,
    title: 'Too many requests wait for this device',
    advice: 'Wait until some are answered, then ask again.',
  },
  unavailable: {
    status: 503,
    title: 'The platform is not ready',
    advice: 'It is starting or stopping: try again in a few seconds.',
  },
  'device-timeout': {
    status: 504,
    title: 'The device did not answer in time',
    advice: 'It may be out of reach: check its last address and state, raise "timeout", or ask again.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;

const reasonFields = {
  reason: Type.Optional(
    Type.String({ description: 'Stable; why, where the kind does not tell all', examples: ['webhooks-full'] }),
  ),
  params: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
      description: 'What the reason is told with: names, limits',
    }),
  ),
};

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri', description: 'urn:yaolian:problem:<code>' }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.Enum(Object.keys(problemKinds) as ProblemCode[], { description: 'Stable; programs decide by it' }),
    detail: Type.String({ description: 'What happened here and what to do about it, for people' }),
    ...reasonFields,
    instance: Type.Optional(Type.String({ description: 'The request id, as in the log' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          where: Type.String({ description: 'A JSON pointer into the body, or `query/limit`, or `line 12`' }),
          message: Type.String(),
          ...reasonFields,
        }),
      ),
    ),
    coapCode: Type.Optional(Type.String({ description: 'What the device answered: `4.04`', examples: ['4.04'] })),
    diagnostic: Type.Optional(Type.String({ description: 'The diagnostic text of the device, if it sent any' })),
  },
  { $id: 'Problem', title: 'Problem', description: 'An error (RFC 9457)' },
);

export type Problem = Static<typeof ProblemSchema>;

/** The details that vary between two problems of one kind. */
export type ProblemDetails = Partial<
  Pick<Problem, 'detail' | 'reason' | 'params' | 'instance' | 'errors' | 'coapCode' | 'diagnostic'>
>;

/** The body of an error answer. Without a detail of its own it carries the kind's advice. */
export function problem(code: ProblemCode, details: ProblemDetails = {}): Problem {
  const { status, title, advice } = problemKinds[code];
  const detail = details.detail === undefined ? advice : details.detail;
  return { type: `urn:yaolian:problem:${code}`, title, status, code, ...details, detail };
}

/** The problem in an answer of the API, or undefined when `body` is something else (a proxy's page, say). */
export function asProblem(body: unknown): Problem | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { code, status, title, detail } = body as Record<string, unknown>;
  const known = typeof code === 'string' && typeof status === 'number' && typeof title === 'string';
  return known && typeof detail === 'string' ? (body as Problem) : undefined;
}
