import {
  because,
  healthFindings,
  type JsonCertificate,
  type ReasonCode,
  type Reasoned,
  routes,
} from '@yaolian/contract';
import type { Clock } from '@yaolian/kernel';
import {
  type CertificateFacts,
  type ChainFault,
  certificateFacts,
  checkAuthorities,
  checkChain,
  pemOf,
} from '@yaolian/node-runtime';
import type { Config } from '../config/settings.ts';
import { certificateFinding, daysLeft } from '../health/checks.ts';
import type { ServedCertificates } from '../health/served-certificates.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal, unfit } from '../http/refusal.ts';
import type { Authority, LiveAuthorities } from '../start/live-authorities.ts';
import type { LiveCertificate } from '../start/live-certificate.ts';
import { timeToJson } from './times.ts';

export interface CertificateServices {
  readonly config: Config;
  readonly clock: Clock;
  readonly certificates: ServedCertificates;
  /** What the platform shows. */
  readonly certificate: Pick<LiveCertificate, 'origin' | 'renew' | 'import' | 'forgetImported' | 'current'>;
  /** Whose certificates of terminals and clients are believed. */
  readonly authorities: Pick<LiveAuthorities, 'list' | 'add' | 'remove'>;
}

export function addCertificateRoutes(table: RouteTable, services: CertificateServices): void {
  const { config, clock, certificates, certificate, authorities } = services;
  table.add(routes.listCertificates, () => {
    const tell = (facts: CertificateFacts) => toJson(facts, clock.epoch(), config);
    const shown = certificates.list().map(({ url, reloads, chain: [own, ...chain] }): JsonCertificate => {
      // Those of single domains are in `xmpp.certificates`.
      const from = url.includes('#') ? 'files' : certificate.origin;
      const about = { usedFor: 'listener' as const, listener: url, origin: from, reloads: reloads && from === 'files' };
      return { ...about, ...tell(own!), chain: chain.map(tell) };
    });
    return { items: [...shown, ...authorities.list.map((one) => authorityToJson(one, clock.epoch(), config))] };
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
  table.add(routes.addClientAuthorities, async ({ body }) => {
    const limit = config['tls.max-client-ca'];
    const found = checkAuthorities(body.certificates, { now: clock.epoch(), limit });
    if (!found.ok) throw unfitChain({ ...found.error, of: 'certificates' });
    try {
      await authorities.add(found.value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw unfitChain({ of: 'certificates', reason: 'too-many', params: { limit } });
    }
    const given = new Set(found.value.map((der) => certificateFacts(pemOf(der), 'certificates')[0]!.fingerprint));
    const items = authorities.list.filter(({ facts }) => given.has(facts.fingerprint));
    return { items: items.map((one) => authorityToJson(one, clock.epoch(), config)) };
  });
  table.add(routes.removeClientAuthority, async ({ params: { fingerprint } }) => {
    const known = authorities.list.find(({ facts }) => facts.fingerprint === fingerprint);
    if (known?.origin === 'files') throw new Refusal('conflict', because('authority-of-file'));
    if (!(await authorities.remove(fingerprint))) throw new Refusal('not-found');
  });
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

function authorityToJson({ facts, origin }: Authority, now: number, config: Config): JsonCertificate {
  const about = { usedFor: 'client-authority' as const, origin, reloads: origin === 'files' };
  return { ...about, ...toJson(facts, now, config), chain: [] };
}

function unfitChain({ of, reason, params }: Omit<ChainFault, 'of'> & { readonly of: string }): Refusal {
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
