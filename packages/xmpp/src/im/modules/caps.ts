import { encodeBase64, encodeUtf8 } from '@yaolian/kernel';
import type { SaslCrypto, ScramHash } from '../../sasl/crypto.ts';
import { element, type XmlElement } from '../../xml/element.ts';
import { formValues } from '../data-form.ts';
import type { ImServer } from '../im-server.ts';
import type { ImModule } from '../module.ts';
import { type DiscoDescription, discoModule, serverDescription } from './disco.ts';

const caps = 'http://jabber.org/protocol/caps';

/** The verification string of XEP-0115 §5.1. */
export async function verificationString(
  { identities, features, forms = [] }: DiscoDescription,
  crypto: Pick<SaslCrypto, 'hash'>,
  hash: ScramHash = 'SHA-1',
): Promise<string> {
  // By category, type and language: no text of XML has a NUL.
  const who = inOctets(
    identities.map(({ category, type, language = '', name = '' }) => [category, type, language, name].join('\0')),
  ).map((identity) => identity.replaceAll('\0', '/'));
  const written = [...who, ...inOctets(features), ...inOctets(forms.flatMap(writtenForm))];
  return encodeBase64(await crypto.hash(hash, encodeUtf8(written.map((one) => `${one}<`).join(''))));
}

/** XEP-0115 §5.1, steps 6 and 7: forms without a type are left out. */
function writtenForm(form: XmlElement): readonly string[] {
  const fields = new Map(formValues(form));
  const [type] = fields.get('FORM_TYPE') ?? [];
  if (type === undefined) return [];
  fields.delete('FORM_TYPE');
  const lines = [...fields].map(([name, values]) => [name, ...inOctets(values)].join('<'));
  return [[type, ...inOctets(lines)].join('<')];
}

/** `i;octet`: by bytes of UTF-8, which is by code points. */
function inOctets(texts: readonly string[]): readonly string[] {
  const known = texts.map((text) => ({ text, points: Array.from(text, (character) => character.codePointAt(0)!) }));
  known.sort(({ points: a }, { points: b }) => {
    const at = a.findIndex((point, index) => point !== b[index]);
    return at < 0 ? a.length - b.length : a[at]! - (b[at] ?? -1);
  });
  return known.map(({ text }) => text);
}

/**
 * Service discovery (XEP-0030) with what tells clients early what the server does (XEP-0115): call it after all other modules are in.
 * @returns the modules, and the stream feature
 */
export async function discoveryModules(
  server: ImServer,
  node: string,
  crypto: SaslCrypto,
): Promise<{ readonly modules: readonly ImModule[]; readonly feature: XmlElement }> {
  let version: string | undefined;
  const modules: readonly ImModule[] = [
    discoModule(server, () => (version === undefined ? undefined : `${node}#${version}`)),
    { name: 'XEP-0115', serverFeatures: [caps] },
  ];
  server.use(...modules);
  version = await verificationString(serverDescription(server), crypto);
  return { modules, feature: element('c', caps, { hash: 'sha-1', node, ver: version }) };
}
