import { seconds } from '@yaolian/kernel';
import { element, type XmlAttributes, type XmppClient } from '@yaolian/xmpp';
import { integer } from './ice-description.ts';
import type { IceServer } from './ports.ts';

const namespace = 'urn:xmpp:extdisco:2';
const maximumServers = 8;

/** The STUN and TURN servers that the domain of a client names, with credentials for it (XEP-0215). None where it names none. */
export async function externalServers(client: XmppClient, signal?: AbortSignal): Promise<readonly IceServer[]> {
  const asked = element('services', namespace);
  const answer = await client.request('get', client.jid.domain, asked, {
    timeout: seconds(5),
    ...(signal && { signal }),
  });
  if (answer.kind === 'error') return [];
  const services = answer.payload?.elements('service') ?? [];
  return services.flatMap(({ attributes }) => serverOf(attributes)).slice(0, maximumServers);
}

function serverOf(told: XmlAttributes): IceServer[] {
  const { type = '', host = '', port: at, transport, username, password } = told;
  const isRelay = type === 'turn' || type === 'turns';
  const port = integer(at ?? (type === 'turns' ? '5349' : '3478'), 1, 65535);
  if ((!isRelay && type !== 'stun') || port === undefined || !/^[0-9A-Za-z.:-]{1,255}$/.test(host)) return [];
  const place = `${type}:${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (!isRelay) return [{ url: place }];
  if (username === undefined || password === undefined) return [];
  return [{ url: transport === undefined ? place : `${place}?transport=${transport}`, username, password }];
}
