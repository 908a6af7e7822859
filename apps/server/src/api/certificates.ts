import {
  because,
  healthFindings,
  type JsonCertificate,
  type JsonCertificateRequest,
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
  makeServerRequest,
  type PendingRequest,
  pemOf,
  serverName,
} from '@yaolian/node-runtime';
import type { Config } from '../config/settings.ts';
import { certificateFinding, daysLeft } from '../health/checks.ts';
import type { ServedCertificates } from '../health/served-certificates.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal, unfit } from '../http/refusal.ts';
import type { Authority, LiveAuthorities } from '../start/live-authorities.ts';
import type { LiveCertificate } from '../start/live-certificate.ts';
import { timeToJson } from './times.ts';

/** X.520. */
const longestCommonName = 64;

export interface CertificateServices {
  readonly config: Config;
  readonly clock: Clock;
  readonly certificates: ServedCertificates;
  /** What the platform shows. */
  readonly certificate: Pick<
    LiveCertificate,
    'origin' | 'renew' | 'import' | 'forgetImported' | 'current' | 'request' | 'ask' | 'giveUp'
  >;
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
    return {
      items: [...shown, ...authorities.list.map((one) => authorityToJson(one, clock.epoch(), config))],
      ...(certificate.request && { request: requestToJson(certificate.request) }),
    };
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
    const key = body.key ?? certificate.request?.key;
    if (key === undefined) throw unfitChain({ of: 'key', reason: 'no-key-nor-request', params: {} });
    const checked = checkChain(body.certificate, key, { now: clock.epoch(), forDtls: config['coap.dtls'] });
    if (!checked.ok) throw unfitChain(body.key === undefined ? ofRequest(checked.error) : checked.error);
    await certificate.import(checked.value);
    return shownNow();
  });
  table.add(routes.addCertificateRequest, async ({ body }) => {
    refuseFiles();
    const { names, keyKind = 'P-256', replace = false, ...subject } = body;
    const found = names.map((name, index) => {
      const read = serverName(name);
      if (read === undefined) throw unfitChain({ of: `names/${index}`, reason: 'server-name-unfit', params: { name } });
      return read;
    });
    const unique = [...new Map(found.map((name) => [name.value, name])).values()];
    const commonName = subject.commonName ?? unique.find(({ value }) => value.length <= longestCommonName)?.value;
    const wanted = { ...subject, commonName, names: unique, keyKind };
    const made = await certificate.ask(() => makeServerRequest(wanted, clock.epoch()), replace);
    if (made === undefined) throw new Refusal('conflict', because('request-waits'));
    return requestToJson(made);
  });
  table.add(routes.removeCertificateRequest, async () => {
    if (!(await certificate.giveUp())) throw new Refusal('not-found', because('no-request-waits'));
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

/** The key is not in the request, so that only the certificate can be the wrong one. */
function ofRequest(fault: ChainFault): Unfit {
  return fault.reason === 'key-of-another' ? { ...fault, of: 'certificate', reason: 'request-of-another' } : fault;
}

function requestToJson({ request, subject, names, keyKind, since }: PendingRequest): JsonCertificateRequest {
  return { request, subject, names: [...names], keyKind, since: timeToJson(since) };
}

interface Unfit {
  readonly of: string;
  readonly reason: ReasonCode;
  readonly params: NonNullable<Reasoned['params']>;
}

function unfitChain({ of, reason, params }: Unfit): Refusal {
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
