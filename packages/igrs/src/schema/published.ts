import { vendorNamespaces } from '../vendor/namespaces.ts';
import { vendorSchemas } from '../vendor/schemas.ts';
import { encodeAccountJsonSchema } from './accounts.ts';
import { accountAnswerSchema, raSchemas } from './messages.ts';
import { encodeRelaxNg } from './relax-ng.ts';

/**
 * The schemas as files for whoever does not use this package, by their names: RELAX NG for XML, JSON Schema for JSON. `schemas/` has them, and
 * `node tools/ra-schemas.ts` writes them there.
 */
export function publishedSchemas(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [namespace, messages] of Object.entries(raSchemas)) {
    files.set(`${namespace.split(':').at(-1)}.rng`, encodeRelaxNg(namespace, Object.entries(messages)));
  }
  files.set('account-answer.rng', encodeRelaxNg('', [['response', accountAnswerSchema]]));
  files.set('account.schema.json', encodeAccountJsonSchema());
  for (const namespace of Object.values(vendorNamespaces)) {
    const { request, answer } = vendorSchemas[namespace];
    const name = namespace.slice(namespace.lastIndexOf('/') + 1).replaceAll('#', '-');
    files.set(
      `vendor-${name}.rng`,
      encodeRelaxNg(namespace, [
        ['query', request],
        ['query', answer],
      ]),
    );
  }
  return files;
}
