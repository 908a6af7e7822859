import { encodeBase64, encodeUtf8 } from '@yaolian/kernel';
import type { SaslCrypto } from '../../sasl/crypto.ts';
import { element, type XmlElement } from '../../xml/element.ts';
import type { ImServer } from '../im-server.ts';
import type { ImModule } from '../module.ts';
import { type DiscoDescription, discoModule, serverDescription } from './disco.ts';

const caps = 'http://jabber.org/protocol/caps';

/** The verification string of XEP-0115 §5.1, without forms. */
export async function verificationString(
  description: DiscoDescription,
  crypto: Pick<SaslCrypto, 'hash'>,
): Promise<string> {
  const identities = description.identities.map(({ category, type, name = '' }) => `${category}/${type}//${name}<`);
  const features = description.features.map((feature) => `${feature}<`);
  const text = [...identities.sort(), ...features.sort()].join('');
  return encodeBase64(await crypto.hash('SHA-1', encodeUtf8(text)));
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
