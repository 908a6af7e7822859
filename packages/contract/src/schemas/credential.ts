import { type Static, Type } from 'typebox';
import { defaultOscoreAead, defaultOscoreHkdf, oscoreAeadNames, oscoreHkdfNames } from '../oscore-algorithms.ts';
import { TimeSchema } from './basic.ts';

export const credentialKinds = ['psk', 'rpk', 'certificate', 'certificate-name', 'oscore'] as const;
export const credentialPurposes = ['any', 'register', 'bootstrap'] as const;
export const credentialStates = ['unused', 'used', 'superseded'] as const;

const kind = Type.Enum([...credentialKinds], {
  description:
    'psk: a pre-shared key; rpk: a raw public key; certificate: one certificate, whoever issued it; ' +
    'certificate-name: certificates of an authority in tls.client-ca that bear a name; ' +
    'oscore: a security context of OSCORE (RFC 8613), as the terminal sees it',
});
const purpose = Type.Enum([...credentialPurposes], {
  description: 'What the terminal does with it. The first use of a newer one of the same purpose ends the older ones.',
});
const endpoint = Type.String({ minLength: 1, maxLength: 512, description: 'The endpoint name that it proves' });
const fingerprint = Type.String({
  pattern: '^[0-9A-Fa-f]{64}$',
  description: 'SHA-256 in hex: of the certificate, or of the public key, in DER',
});
const base64 = (description: string) =>
  Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 12_000, description });
const identity = Type.String({ minLength: 1, maxLength: 256, description: 'The PSK identity' });
const name = Type.String({ minLength: 1, maxLength: 512, description: 'Common name, DNS name or URI' });
const bytes = (least: number, most: number, description: string) =>
  Type.String({ pattern: `^(?:[0-9A-Fa-f]{2}){${least},${most}}$`, description });
const oscoreContext = {
  senderId: Type.Optional(
    bytes(0, 7, "Of kind oscore: the terminal's own Sender ID in hex, resource 1 of its object 21; it may be empty"),
  ),
  recipientId: Type.Optional(
    bytes(0, 7, "Of kind oscore: the terminal's Recipient ID in hex, resource 2: the Sender ID of the platform"),
  ),
  idContext: Type.Optional(bytes(1, 255, 'Of kind oscore: the ID Context in hex, resource 6. Absent: none')),
  aead: Type.Optional(
    Type.Enum(oscoreAeadNames, { description: `Of kind oscore: the AEAD. Absent: ${defaultOscoreAead}` }),
  ),
  hkdf: Type.Optional(
    Type.Enum(oscoreHkdfNames, { description: `Of kind oscore: the HKDF. Absent: ${defaultOscoreHkdf}` }),
  ),
  rederives: Type.Optional(
    Type.Boolean({
      description:
        'Of kind oscore: whether terminal and platform agreed that either makes a new context of the same Master Secret where it lost its state (RFC 8613 Appendix B.2). Absent: false',
    }),
  ),
};

export const CredentialSchema = Type.Object(
  {
    id: Type.String(),
    endpoint,
    purpose,
    kind,
    identity: Type.Optional(identity),
    fingerprint: Type.Optional(fingerprint),
    name: Type.Optional(name),
    ...oscoreContext,
    issued: Type.Optional(
      Type.Boolean({ description: 'True: the platform made it, for a terminal that bootstrapped' }),
    ),
    state: Type.Enum([...credentialStates]),
    createdAt: TimeSchema,
    usedAt: Type.Optional(TimeSchema),
    supersededAt: Type.Optional(TimeSchema),
  },
  { title: 'Credential', description: 'Without its secret, which nobody can read back' },
);

export const NewCredentialSchema = Type.Object(
  {
    endpoint,
    kind,
    purpose: Type.Optional(purpose),
    identity: Type.Optional(identity),
    key: Type.Optional(
      Type.String({ pattern: '^(?:[0-9A-Fa-f]{2}){8,64}$', description: 'Of kind psk: the key, 8 to 64 bytes in hex' }),
    ),
    publicKey: Type.Optional(base64('Of kind rpk: SubjectPublicKeyInfo in DER, base64')),
    certificate: Type.Optional(base64('Of kind certificate: DER, base64')),
    fingerprint: Type.Optional(fingerprint),
    name: Type.Optional(name),
    ...oscoreContext,
    masterSecret: Type.Optional(bytes(16, 64, 'Of kind oscore: the Master Secret in hex, resource 0')),
    masterSalt: Type.Optional(bytes(1, 64, 'Of kind oscore: the Master Salt in hex, resource 5. Absent: empty')),
  },
  { title: 'NewCredential', additionalProperties: false },
);

export type JsonCredential = Static<typeof CredentialSchema>;
export type JsonNewCredential = Static<typeof NewCredentialSchema>;
