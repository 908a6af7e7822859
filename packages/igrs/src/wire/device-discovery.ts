import { element, type SaslCrypto, verificationString, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import type { DeviceDescription } from './device-description.ts';

export const discoInfo = 'http://jabber.org/protocol/disco#info';
const caps = 'http://jabber.org/protocol/caps';

/** What of a device tells what it understands. */
export type DeviceFeatures = Pick<DeviceDescription, 'model' | 'features'>;

const identityOf = ({ model }: DeviceFeatures) => ({ category: 'client', type: 'bot', name: model });
const featuresOf = ({ features }: DeviceFeatures) => [...new Set([discoInfo, caps, ...features])];

/** §13, XEP-0030 §3: what a device understands. @param node as it was asked for */
export function encodeDiscovery(device: DeviceFeatures, node?: string): XmlElement {
  const { name, ...identity } = identityOf(device);
  return element(
    'query',
    discoInfo,
    { node },
    element('identity', discoInfo, { ...identity, name: name || undefined }),
    ...featuresOf(device).map((feature) => element('feature', discoInfo, { var: feature })),
  );
}

/**
 * What stands in the presence of a device (§13, XEP-0115 §4): the same version, the same features, so that who sees a hundred
 * devices of one kind asks one of them.
 */
export async function deviceCapabilities(device: DeviceFeatures, crypto: Pick<SaslCrypto, 'hash'>) {
  const description = { identities: [identityOf(device)], features: featuresOf(device) };
  const ver = await verificationString(description, crypto);
  return element('c', caps, { hash: 'sha-1', node: raNamespaces.device, ver });
}

/** Whether a node is the one that {@link deviceCapabilities} names, or none: of other nodes a device knows nothing. */
export function isDeviceNode(node: string | undefined, capabilities: XmlElement): boolean {
  return node === undefined || node === `${raNamespaces.device}#${capabilities.attribute('ver')}`;
}
