import {
  because,
  healthFindings,
  type JsonCertificate,
  type ReasonCode,
  type Reasoned,
  routes,
} from '@yaolian/contract';
import type { Clock } from '@yaolian/kernel';
import { type CertificateFacts, type ChainFault, certificateFacts, checkChain } from '@yaolian/node-runtime';
import type { Config } from '../config/settings.ts';
import { certificateFinding, daysLeft } from '../health/checks.ts';
import type { ServedCertificates } from '../health/served-certificates.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal, unfit } from '../http/refusal.ts';
import type { LiveCertificate } from '../start/live-certificate.ts';
import { timeToJson } from './times.ts';

export interface CertificateServices {
  readonly config: Config;
  readonly clock: Clock;
  readonly certificates: ServedCertificates;
  /** What the platform shows. */
  readonly certificate: Pick<LiveCertificate, 'origin' | 'renew' | 'import' | 'forgetImported' | 'current'>;
  /** Whose certificates of terminals are believed, PEM. */
  readonly authorities: Uint8Array | undefined;
}

export function addCertificateRoutes(table: RouteTable, services: CertificateServices): void {
  const { config, clock, certificates, certificate } = services;
  const authorities = services.authorities === undefined ? [] : certificateFacts(services.authorities, 'tls.client-ca');
  table.add(routes.listCertificates, () => {
    const tell = (facts: CertificateFacts) => toJson(facts, clock.epoch(), config);
    const shown = certificates.list().map(({ url, reloads, chain: [own, ...chain] }): JsonCertificate => {
      // Those of single domains are in `xmpp.certificates`.
      const from = url.includes('#') ? 'files' : certificate.origin;
      const about = { usedFor: 'listener' as const, listener: url, origin: from, reloads: reloads && from === 'files' };
      return { ...about, ...tell(own!), chain: chain.map(tell) };
    });
    const believed = authorities.map((facts): JsonCertificate => {
      const about = { usedFor: 'client-authority' as const, origin: 'files' as const, reloads: false };
      return { ...about, ...tell(facts), chain: [] };
    });
    return { items: [...shown, ...believed] };
  });
  const shownNow = () => {
    const pem = certificate.current.certificate;
    const [{ fingerprint, notAfter }] = certificateFacts(pem, 'tls.certificate') as [CertificateFacts];
    return {
      certificate: typeof pem === 'string' ? pem : new TextDecoder().decode(pem),
      fingerprint,
      notAfter: timeToJson(notAfter),
    };
  };
  const refuseFiles = () => {
    if (certificate.origin === 'files') throw new Refusal('conflict', because('certificate-of-files'));
  };
  table.add(routes.renewCertificate, async () => {
    refuseFiles();
    if (certificate.origin === 'imported') throw new Refusal('conflict', because('certificate-imported'));
    await certificate.renew();
    return shownNow();
  });
  table.add(routes.importCertificate, async ({ body }) => {
    refuseFiles();
    const checked = checkChain(body.certificate, body.key, { now: clock.epoch(), forDtls: config['coap.dtls'] });
    if (!checked.ok) throw unfitChain(checked.error);
    await certificate.import(checked.value);
    return shownNow();
  });
  table.add(routes.removeCertificate, async () => {
    if (certificate.origin !== 'imported') throw new Refusal('not-found', because('nothing-imported'));
    await certificate.forgetImported();
    return shownNow();
  });
}

function unfitChain({ of, reason, params }: ChainFault): Refusal {
  const { detail } = (because as (reason: ReasonCode, params: object) => Reasoned)(reason, params);
  return unfit('invalid-value', [{ where: of, message: detail, reason, params }]);
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
