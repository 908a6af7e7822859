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
    key: Type.Optional(
      pem(
        'PEM: the private key of the first, not encrypted. It is never given out again. Absent: that of the request that waits',
      ),
    ),
  },
  { title: 'CertificateImport', additionalProperties: false },
);

export const requestKeyKinds = ['P-256', 'P-384'] as const;

/** What people read in a certificate: nothing in it is hidden from them. */
const visible = String.raw`^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$`;

const part = (limit: number, example: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: limit, pattern: visible, examples: [example] }));

export const CertificateRequestBodySchema = Type.Object(
  {
    names: Type.Array(Type.String({ minLength: 1, maxLength: 253 }), {
      minItems: 1,
      maxItems: 100,
      description: 'Names of DNS, also with *. in front, and addresses that the platform is reached by',
      examples: [['iot.example.com', '203.0.113.7']],
    }),
    commonName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        pattern: visible,
        description: 'Default: the first of the names that is no longer than 64 characters',
      }),
    ),
    organization: part(64, 'Example Ltd.'),
    organizationalUnit: part(64, 'Devices'),
    locality: part(128, 'Shenzhen'),
    state: part(128, 'Guangdong'),
    country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166', examples: ['CN'] })),
    keyKind: Type.Optional(Type.Enum([...requestKeyKinds], { default: 'P-256' })),
    replace: Type.Optional(
      Type.Boolean({ default: false, description: 'In place of the request that waits, whose key is destroyed' }),
    ),
  },
  { title: 'CertificateRequestBody', additionalProperties: false },
);

export const CertificateRequestSchema = Type.Object(
  {
    request: Type.String({ description: 'PEM: PKCS #10 (RFC 2986), for the authority' }),
    subject: Type.String({ examples: ['C=CN, O=Example Ltd., CN=iot.example.com'] }),
    names: Type.Array(Type.String()),
    keyKind: Type.Enum([...requestKeyKinds]),
    since: TimeSchema,
  },
  { title: 'CertificateRequest' },
);

export const ClientAuthoritiesSchema = Type.Object(
  { certificates: pem('PEM: certificates of authorities of terminals and clients') },
  { title: 'ClientAuthorities', additionalProperties: false },
);

export type JsonCertificateRequest = Static<typeof CertificateRequestSchema>;
export type JsonCertificate = Static<typeof CertificateSchema>;
