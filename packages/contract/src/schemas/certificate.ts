import { type Static, Type } from 'typebox';
import { TimeSchema } from './basic.ts';
import { healthStates } from './health.ts';

const facts = {
  subject: Type.String({ examples: ['CN=Yaolian'] }),
  issuer: Type.String(),
  names: Type.Array(Type.String(), { description: 'Names and addresses that it is for' }),
  notBefore: TimeSchema,
  notAfter: TimeSchema,
  daysLeft: Type.Integer({ description: 'Whole days; negative when it is over' }),
  fingerprint: Type.String({ description: 'SHA-256, hexadecimal' }),
  selfSigned: Type.Boolean(),
  state: Type.Enum([...healthStates], {
    description: 'degraded: it ends within health.certificate-warning; failed: it is over, or not valid yet',
  }),
};

export const CertificateSchema = Type.Object(
  {
    usedFor: Type.Enum(['listener', 'client-authority'], {
      description:
        'listener: the platform shows it; client-authority: certificates of terminals and clients go back to it',
    }),
    listener: Type.Optional(Type.String({ description: 'Who shows it', examples: ['https://[::]:8443'] })),
    origin: Type.Enum(['files', 'imported', 'platform'], {
      description: 'files: tls.certificate, tls.client-ca; imported: by an admin; platform: it made it for itself',
    }),
    reloads: Type.Boolean({ description: 'New files are taken while the platform runs; otherwise at its next start' }),
    ...facts,
    chain: Type.Array(Type.Object(facts), { description: 'What is shown besides, up to the root' }),
  },
  { title: 'Certificate' },
);

export const CertificateRenewalSchema = Type.Object(
  {
    certificate: Type.String({ description: 'PEM: what clients are given to trust' }),
    fingerprint: facts.fingerprint,
    notAfter: TimeSchema,
  },
  { title: 'CertificateRenewal' },
);

const pem = (description: string) =>
  Type.String({ minLength: 1, maxLength: 65_536, description, examples: ['-----BEGIN …'] });

export const CertificateImportSchema = Type.Object(
  {
    certificate: pem('PEM: the certificate of the platform, and those between it and the root, in this order'),
    key: pem('PEM: the private key of the first, not encrypted. It is never given out again'),
  },
  { title: 'CertificateImport', additionalProperties: false },
);

export const ClientAuthoritiesSchema = Type.Object(
  { certificates: pem('PEM: certificates of authorities of terminals and clients') },
  { title: 'ClientAuthorities', additionalProperties: false },
);

export type JsonCertificate = Static<typeof CertificateSchema>;
