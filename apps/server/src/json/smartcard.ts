import { type JsonBootstrapConfiguration, type JsonObject, routes } from '@yaolian/contract';
import { failure, type Result, success } from '@yaolian/kernel';
import { decodeBootstrapFile } from '@yaolian/lwm2m';
import { encodeCard } from '@yaolian/lwm2m/bootstrap';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { compileCheck } from '../http/validation.ts';
import { bootstrapFromJson } from './bootstrap.ts';
import { nodeToJson } from './node.ts';

const { body } = routes.setBootstrap;
/** A card may lead to a Bootstrap-Server alone. */
const cardSchema = {
  ...body,
  properties: { ...body.properties, servers: { ...body.properties.servers, minItems: 0 } },
};

/**
 * The content of a smartcard's EF LwM2M_Bootstrap (OMA-TS-LightweightM2M_Core 1.1 appendix G) for a configuration as REST takes it.
 * @returns a failure: what is wrong and where, `servers/0/security`
 */
export function smartcardFromJson(json: unknown): Result<Uint8Array, string> {
  const checked = compileCheck(cardSchema, 'body')(json);
  if ('mistakes' in checked) return failure(sentence(checked.mistakes[0]));
  const configuration = checked.value as JsonBootstrapConfiguration;
  const accounts = [
    ...configuration.servers,
    ...(configuration.bootstrapServer ? [configuration.bootstrapServer] : []),
  ];
  if (accounts.length === 0) return failure('servers: it leads nowhere; give one, or a bootstrapServer');
  for (const { uri, security } of accounts) {
    if (security === undefined || !['rpk', 'x509', 'est'].includes(security.mode)) continue;
    // A platform puts its own in; a file has nobody to ask.
    if (security.serverPublicKey === undefined) {
      return failure(`${uri}: mode ${security.mode} needs the key or certificate of the server`);
    }
  }
  const config = bootstrapFromJson(configuration, omaObjects);
  if (!config.ok) return failure(sentence(config.error));
  const file = encodeCard(config.value, omaObjects);
  return file.ok ? success(file.value) : failure(`${file.error.where}: ${file.error.message}`);
}

function sentence({ where, message }: { readonly where: string; readonly message: string }): string {
  const place = where.replace(/^body\/?/, '');
  return place === '' ? message : `${place}: ${message}`;
}

/** What a smartcard's file holds: objects with names and units. */
export function smartcardToJson(content: Uint8Array): Result<readonly JsonObject[], string> {
  const objects = decodeBootstrapFile(content, omaObjects);
  if (!objects.ok) return failure(objects.error.message);
  return success(objects.value.map(({ node }) => nodeToJson({ objectId: node.id }, node, omaObjects) as JsonObject));
}
