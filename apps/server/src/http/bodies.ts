import { because, mistakeAt } from '@yaolian/contract';
import { decodeUtf8 } from '@yaolian/kernel';
import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from 'fastify';
import { jsonFault, maximumDepth } from './json-text.ts';
import { Refusal, unfit } from './refusal.ts';

/** How bodies are read: JSON that is read in one way only, XML as text, bytes by whoever handles them. Others are refused. */
export function readBodies(app: FastifyInstance): void {
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_: FastifyRequest, bytes: Buffer) =>
    readJson(bytes),
  );
  app.addContentTypeParser(['application/xml', 'text/xml'], { parseAs: 'string' }, (_, body, done) => done(null, body));
  // The handler reads the stream itself, and bounds it.
  app.addContentTypeParser('application/octet-stream', (_, payload, done) => done(null, payload));
  app.addHook('onRequest', async ({ headers }) => requireIdentity(headers['content-encoding']));
  app.addHook('preValidation', async (request) => {
    const { bodyTypes, bodyOptional } = request.routeOptions.config;
    if (request.body === undefined && bodyOptional) request.body = {};
    else if (bodyTypes) requireType(request, bodyTypes);
  });
}

/** RFC 8259 §8.1: JSON is UTF-8; what is not would be read as other characters than were meant. */
function readJson(bytes: Uint8Array): unknown {
  const given = decodeUtf8(bytes);
  if (given === undefined) throw new Refusal('invalid-request', because('json-malformed', { why: 'it is not UTF-8' }));
  const text = given.startsWith('\ufeff') ? given.slice(1) : given; // RFC 8259 §8.1
  if (text === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal('invalid-request', because('json-malformed', { why: (error as Error).message }));
  }
  const fault = jsonFault(text);
  switch (fault?.kind) {
    case 'too-deep':
      throw new Refusal('invalid-request', because('json-too-deep', { maximum: maximumDepth }));
    case 'name-twice':
      throw new Refusal('invalid-request', because('name-twice', { name: fault.name.slice(0, 100) }));
    case 'name-reserved':
      throw unfit('invalid-request', [
        mistakeAt('body', `"${fault.name}" is not known here`, 'names-unknown', { names: `"${fault.name}"` }),
      ]);
    default:
      return value;
  }
}

/** RFC 9110 §8.4, §15.5.16: nothing is unpacked, and what is packed must not be taken for the thing itself. */
function requireIdentity(encoding: string | undefined): void {
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  const detail = `The body comes as it is: the Content-Encoding ${encoding.slice(0, 50)} is not read.`;
  throw new Refusal('unsupported-media-type', { detail }, { 'accept-encoding': 'identity' });
}

function requireType({ headers, body }: FastifyRequest, right: readonly string[]): void {
  const type = typeOf(headers['content-type']);
  if (type !== undefined && right.includes(type) && body !== undefined) return;
  throw wrongType(body === undefined ? undefined : type, right);
}

/** What is told of a body of another media type than the route takes. @param type undefined: there is no body */
export function wrongType(type: string | undefined, right: FastifyContextConfig['bodyTypes']): Refusal {
  if (right === undefined) return new Refusal('unsupported-media-type', { detail: 'This request takes no body.' });
  const found = type === undefined ? 'there is no body' : `not ${type}`;
  return new Refusal('unsupported-media-type', { detail: `The body is ${right[0]}, and ${found}.` });
}

/** The media type without its parameters. */
export function typeOf(header: string | undefined): string | undefined {
  return header?.split(';')[0]?.trim().slice(0, 100).toLowerCase();
}
