import { because, healthFindings, type JsonCertificate, routes } from '@yaolian/contract';
import type { Clock } from '@yaolian/kernel';
import { type CertificateFacts, certificateFacts } from '@yaolian/node-runtime';
import type { Config } from '../config/settings.ts';
import { certificateFinding, daysLeft } from '../health/checks.ts';
import type { ServedCertificates } from '../health/served-certificates.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import type { LiveCertificate } from '../start/live-certificate.ts';
import { timeToJson } from './times.ts';

export interface CertificateServices {
  readonly config: Config;
  readonly clock: Clock;
  readonly certificates: ServedCertificates;
  /** What the platform shows. */
  readonly certificate: Pick<LiveCertificate, 'isOwn' | 'renew' | 'current'>;
  /** Whose certificates of terminals are believed, PEM. */
  readonly authorities: Uint8Array | undefined;
}

export function addCertificateRoutes(table: RouteTable, services: CertificateServices): void {
  const { config, clock, certificates } = services;
  const authorities = services.authorities === undefined ? [] : certificateFacts(services.authorities, 'tls.client-ca');
  const origin = config['tls.certificate'] === undefined ? ('platform' as const) : ('files' as const);
  table.add(routes.listCertificates, () => {
    const tell = (facts: CertificateFacts) => toJson(facts, clock.epoch(), config);
    const shown = certificates.list().map(({ url, reloads, chain: [own, ...chain] }): JsonCertificate => {
      // Those of single domains are in `xmpp.certificates`.
      const from = url.includes('#') ? 'files' : origin;
      const about = { usedFor: 'listener' as const, listener: url, origin: from, reloads: reloads && from === 'files' };
      return { ...about, ...tell(own!), chain: chain.map(tell) };
    });
    const believed = authorities.map((facts): JsonCertificate => {
      const about = { usedFor: 'client-authority' as const, origin: 'files' as const, reloads: false };
      return { ...about, ...tell(facts), chain: [] };
    });
    return { items: [...shown, ...believed] };
  });
  table.add(routes.renewCertificate, async () => {
    const { certificate } = services;
    if (!certificate.isOwn) throw new Refusal('conflict', because('certificate-of-files'));
    await certificate.renew();
    const pem = certificate.current.certificate;
    const [{ fingerprint, notAfter }] = certificateFacts(pem, 'tls.certificate') as [CertificateFacts];
    return {
      certificate: typeof pem === 'string' ? pem : new TextDecoder().decode(pem),
      fingerprint,
      notAfter: timeToJson(notAfter),
    };
  });
}

function toJson(facts: CertificateFacts, now: number, config: Config) {
  const { subject, issuer, names, notBefore, notAfter, fingerprint, isSelfSigned } = facts;
  const finding = certificateFinding(facts, now, config);
  return {
    ...{ subject, issuer, names: [...names], fingerprint },
    notBefore: timeToJson(notBefore),
    notAfter: timeToJson(notAfter),
    daysLeft: daysLeft(notAfter, now),
    selfSigned: isSelfSigned,
    state: finding === undefined ? ('ok' as const) : healthFindings[finding].state,
  };
}
