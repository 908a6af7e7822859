import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { type BodyExamples, bodyExamples, type Route, routes } from '@yaolian/contract';
import { restParameter } from './mount.ts';
import { homeCookieName } from './session-cookie.ts';

/** How the OpenAPI 3.1 document is made from the routes that are mounted. */
export function openApiOptions(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: 'Yaolian',
        version,
        description: [
          'Reach and look after LwM2M devices.',
          'Errors are problems (RFC 9457) with a stable `code`. When a device refuses, the answer is 424 `device-refused`',
          'with the CoAP code of the device in `coapCode`. Lists come in pages: pass `next` as `cursor`.',
          'Times are RFC 3339 in UTC.',
        ].join(' '),
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as { name: string },
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'A token of POST /api/v1/login' },
          home: {
            type: 'apiKey',
            in: 'cookie',
            name: homeCookieName,
            description: 'The session of a user of the RA: POST /api/v1/home/session sets it',
          },
        },
      },
      security: [{ token: [] }],
    },
    refResolver: { buildLocalReference: (json) => String((json as { $id?: string }).$id) },
    transform: ({ schema, url }) => ({ schema, url: url.replace(/\*$/, `:${restParameter}`) }),
    transformObject: (document) => hoistTitled('openapiObject' in document ? document.openapiObject : {}),
  };
}

interface Json {
  [name: string]: unknown;
  title?: unknown;
}

/** What Fastify's schemas do not say. Moves every schema that has a title to the components, and leaves a reference: generated clients get names. */
function hoistTitled(document: object): object {
  const components: Json = {};
  const hoisted = hoist(document, components) as { paths?: Json; components: { schemas?: object } };
  for (const operation of operationsOf(hoisted.paths)) {
    if (operation.requestBody === undefined) continue;
    if (optionalBodies.has(operation.operationId)) operation.requestBody.required = false;
    const examples = Object.entries(allExamples[operation.operationId] ?? {}).map(([name, value]) => [name, { value }]);
    for (const media of Object.values(operation.requestBody.content)) media.examples = Object.fromEntries(examples);
  }
  hoisted.components.schemas = { ...components, ...hoisted.components.schemas };
  return hoisted;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { required?: boolean; readonly content: Readonly<Record<string, { examples?: object }>> };
}

const allExamples: Readonly<Record<string, BodyExamples<unknown>>> = bodyExamples;

const optionalBodies = new Set(
  (Object.values(routes) as Route[]).flatMap((route) => (route.bodyOptional ? [route.id] : [])),
);

function operationsOf(paths: Json = {}): Operation[] {
  return Object.values(paths).flatMap((operations) => Object.values(operations as Record<string, Operation>));
}

function hoist(value: unknown, components: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => hoist(item, components));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Json = {};
  for (const [name, item] of Object.entries(value)) copy[name] = hoist(item, components);
  const isSchema = typeof copy.title === 'string' && ('type' in copy || 'anyOf' in copy);
  if (!isSchema) return copy;
  const { title, ...schema } = copy;
  if (title === 'Problem') return copy; // it is a component already
  components[title as string] = { title, ...schema };
  return { $ref: `#/components/schemas/${title as string}` };
}
