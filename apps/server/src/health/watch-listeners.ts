import type { Clock, Random, Timers } from '@yaolian/kernel';
import type { Config } from '../config/settings.ts';
import type { LiveAuthorities } from '../start/live-authorities.ts';
import type { LiveCertificate } from '../start/live-certificate.ts';
import type { TerminalDoors } from '../start/terminal-doors.ts';
import type { XmppService } from '../start/xmpp-service.ts';
import { type HealthService, pingPatience } from './health-service.ts';
import { pingCoap } from './ping.ts';
import type { ServedCertificates } from './served-certificates.ts';

export interface WatchedListeners {
  readonly config: Config;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly doors: TerminalDoors;
  readonly xmpp: XmppService | undefined;
  readonly certificate: LiveCertificate;
  readonly authorities: LiveAuthorities;
}

/** Has health look after every listener but those of HTTP, which do so themselves, and notes who shows which certificate. */
export function watchListeners(
  health: HealthService,
  certificates: ServedCertificates,
  { config, doors, xmpp, certificate, authorities, ...machine }: WatchedListeners,
): void {
  const { secure, streams } = doors;
  health.watchFiles('tls.certificate', () => certificate.trouble);
  health.watchFiles('tls.client-ca', () => authorities.trouble);
  for (const [domain, own] of xmpp?.certificates ?? [])
    health.watchFiles('xmpp.certificates', () => own.trouble, `xmpp.certificates#${domain}`);
  for (const { address } of doors.inTheClear) {
    const url = `coap://${address.key}`;
    health.watch(async () => ({ url, ping: await pingCoap(address, { ...machine, patience: pingPatience }) }));
  }
  if (secure !== undefined) {
    const url = `coaps://${secure.service.address.key}`;
    const limit = config['coap.max-sessions'];
    health.watch(() => ({ url, use: { used: secure.dtls.size, limit, setting: 'coap.max-sessions' } }));
    certificates.add(url, true, () => certificate.current);
  }
  for (const { url, scheme, endpoint } of streams) {
    const limit = config['coap.max-connections'];
    health.watch(() => ({ url, use: { used: endpoint.connections, limit, setting: 'coap.max-connections' } }));
    if (scheme.startsWith('coaps')) certificates.add(url, true, () => certificate.current);
  }
  for (const url of xmpp?.urls ?? []) {
    if (!/^xmpps?:/.test(url)) continue;
    const limit = config['xmpp.max-connections'];
    health.watch(() => ({ url, use: { used: xmpp!.connections, limit, setting: 'xmpp.max-connections' } }));
    certificates.add(url, true, () => certificate.current);
    for (const [domain, own] of xmpp!.certificates) certificates.add(`${url}#${domain}`, true, () => own.current);
  }
}
